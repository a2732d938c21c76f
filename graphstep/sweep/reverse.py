"""The reverse sweep: every adjoint v̄_i as the sum of its contributions, in reverse v order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.collection import collection_paused
from graphstep.recording.surroundings import undisturbed
from graphstep.sweep.contributions import Contribution, contributions
from graphstep.sweep.user_code import UserCode


@dataclass(frozen=True, slots=True, eq=False)
class ReverseSweep:
    """Hold a finished sweep.

    `adjoints` maps i to v̄_i, or to None where no term arrived. `terms` lists every contribution
    in the order in which it was made; `incoming` the same by the v_i that it adds to. `seeds`
    are the adjoints that the outputs started with. Where the user's hooks changed an adjoint,
    `unhooked` has it as its terms summed to, `adjoints` as the hooks left it. `order` says in
    which order the adjoints were finished, where that is not the reverse order of the v_i.
    """

    adjoints: Mapping[int, Tensor | None]
    terms: tuple[Contribution, ...]
    incoming: Mapping[int, tuple[Contribution, ...]]
    seeds: Mapping[int, Tensor]
    unhooked: Mapping[int, Tensor]
    order: tuple[int, ...] | None = None


@undisturbed()
@collection_paused()
def reverse_sweep(
    trace: TraceGraph, seeds: Sequence[Tensor | None] | None, user_code: UserCode
) -> ReverseSweep:
    """Sweep from the outputs back to the inputs.

    `seeds` gives one adjoint for each output, of its shape; None stands for ones, as in
    `backward(torch.ones_like(y))`. Every value is visited once, after all that use it. None of
    the user's own code runs: `user_code` says what it gave to torch's engine.
    """
    started = output_seeds(trace, seeds)
    adjoints: dict[int, Tensor | None] = dict.fromkeys(trace.values)
    adjoints.update(started)
    terms: list[Contribution] = []
    incoming: dict[int, list[Contribution]] = {i: [] for i in trace.values}
    unhooked: dict[int, Tensor] = {}

    def hooked(i: int) -> None:
        adjoint = adjoints[i]
        if adjoint is not None and i in user_code.hooked:
            unhooked[i], adjoints[i] = adjoint, user_code.hooked[i]

    with torch.no_grad():
        for application in reversed(trace.applications):
            for i in application.results.values():
                hooked(i)
            for term in contributions(trace, application, adjoints, user_code):
                if term.value is not None:
                    terms.append(term)
                    incoming[term.parent].append(term)
                    before = adjoints[term.parent]
                    adjoints[term.parent] = term.value if before is None else before + term.value
        for i in trace.inputs:
            hooked(i)
    gathered = {i: tuple(found) for i, found in incoming.items()}
    return ReverseSweep(adjoints, tuple(terms), gathered, started, unhooked)


def running_sum(sweep: ReverseSweep, i: int, arrived: int) -> Tensor | None:
    """Return v̄_i after its seed, if it has one, and its first `arrived` terms.

    The user's hooks, where there are any, count as one term more, after all others.
    """
    count = len(sweep.incoming[i])
    if arrived == count and i in sweep.unhooked:
        return sweep.unhooked[i]
    if arrived >= count:
        return sweep.adjoints[i]
    total = sweep.seeds.get(i)
    for term in sweep.incoming[i][:arrived]:
        if term.value is not None:
            total = term.value if total is None else total + term.value
    return total


def output_seeds(
    trace: TraceGraph, seeds: Sequence[Tensor | None] | None = None
) -> dict[int, Tensor]:
    """Return the seed of each output by its number, ones where none is given.

    Raises InputError for another number of seeds than outputs, and for one that has not its
    output's shape.
    """
    count = len(trace.outputs)
    given = seeds or [None] * count
    if len(given) != count:
        raise InputError(f"{count} outputs need {count} seeds, {len(given)} given")
    started: dict[int, Tensor] = {}
    for i, output, seed in zip(trace.outputs, trace.output_tensors, given, strict=True):
        if seed is None:
            seed = torch.ones(output.shape, dtype=output.dtype, device=output.device)
        if seed.shape != output.shape:
            raise InputError(
                f"the seed has shape {list(seed.shape)}, the output {trace.values[i].name} "
                f"has {list(output.shape)}"
            )
        value = seed.detach().to(output.device, output.dtype)
        started[i] = started[i] + value if i in started else value
    return started
