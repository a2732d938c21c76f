"""A second run to compare with: the recorded operations in float64, or the source on a device."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from graphstep.check.products import precise
from graphstep.errors import InputError
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.replay import NotReplayable, replay

PRECISE = torch.float64


@dataclass(frozen=True, slots=True, eq=False)
class Reference:
    """Hold the values and adjoints of a second run by the numbers of the first.

    `name` says which run it is. `parted` names the first value that another operation made
    there; from it on nothing can be compared.
    """

    name: str
    values: Mapping[int, Tensor]
    adjoints: Mapping[int, Tensor | None]
    parted: str = ""


def precise_reference(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> Reference:
    """Run the recorded operations again in float64, and torch's engine over them.

    The values of the inputs are those of the trace, so that only the rounding on the way
    differs. Raises InputError where an operation cannot be run again so.
    """
    start = {i: precise(trace.value(i)).requires_grad_() for i in trace.inputs}
    try:
        with torch.enable_grad():
            values = replay(trace, start, PRECISE)
            outputs = {i: values[i] for i in dict.fromkeys(trace.outputs)}
            adjoints = torch.autograd.grad(
                list(outputs.values()),
                list(values.values()),
                [precise(seeds[i]) for i in outputs],
                allow_unused=True,
            )
    except (NotReplayable, RuntimeError) as error:
        # So torch says that an operation has no float64 kernel.
        said = " ".join(str(error).split())
        raise InputError(f"there is no float64 run to compare with: {said}") from None
    detached = {i: value.detach() for i, value in values.items()}
    return Reference("float64", detached, dict(zip(values, adjoints, strict=True)))


def other_reference(
    trace: TraceGraph, other: TraceGraph, adjoints: Mapping[int, Tensor | None], name: str
) -> Reference:
    """Take the run that another trace holds, as far as the same operations made it.

    Raises InputError where not even the inputs are the same.
    """
    shared: list[int] = []
    parted = ""
    for i, value in trace.values.items():
        there = other.values.get(i)
        if there is None or (value.op, value.shape) != (there.op, there.shape):
            what = "no such value" if there is None else there.op
            parted = f"{value.name} ({value.op}) is {what} on {name}"
            break
        shared.append(i)
    if not parted and other.outputs != trace.outputs:
        ends = ", ".join(other.values[i].name for i in other.outputs)
        parted = f"the run on {name} goes on, to {ends}"
    if not any(i > 0 for i in shared):
        raise InputError(f"the two runs share no operation: {parted}")
    values = {i: other.value(i) for i in shared}
    # Where the ends of the runs differ, so does all that the reverse sweep makes of them.
    return Reference(name, values, {} if parted else adjoints, parted)
