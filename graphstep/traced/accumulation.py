"""The lecture's two pages on a second backward: gradients accumulate, and the graph is released."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from graphstep.check.engine import seeds_of
from graphstep.format.tensors import shown
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import is_released


@dataclass(frozen=True, slots=True)
class Accumulated:
    """Say what one backward did to the `.grad` of one input: `new` = `old` + `added`."""

    name: str
    label: str
    old: Tensor | None
    added: Tensor | None
    new: Tensor | None

    def __str__(self) -> str:
        before = "None" if self.old is None else shown(self.old)
        if self.new is None or self.added is None:
            return f"{self.label}.grad stays {before}"
        return f"{self.label}.grad = {before} + {shown(self.added)} = {shown(self.new)}"


def backward_again(
    trace: TraceGraph, seeds: Mapping[int, Tensor], retain_graph: bool
) -> tuple[Accumulated, ...]:
    """Run `backward` on the recorded outputs, leaving the gradients in `.grad`.

    Raises torch's RuntimeError for a graph that an earlier backward released, with a note that
    names the operations whose saved tensors are gone.
    """
    old = {
        i: None if leaf.grad is None else leaf.grad.detach().clone()
        for i, leaf in trace.leaves.items()
    }
    given = [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))]
    try:
        torch.autograd.backward(trace.output_tensors, given, retain_graph=retain_graph)
    except RuntimeError as error:
        if "second time" in str(error):
            error.add_note(release_note(trace))
        raise
    found = []
    for i, leaf in trace.leaves.items():
        new = None if leaf.grad is None else leaf.grad.detach().clone()
        before = old[i]
        added = new if new is None or before is None else new - before
        value = trace.values[i]
        found.append(Accumulated(value.name, value.shown_name, before, added, new))
    return tuple(found)


def released(trace: TraceGraph) -> list[Application]:
    """Return the operations that lost what they had saved for a backward."""
    return [a for a in trace.applications if is_released(a.node)]


def release_note(trace: TraceGraph) -> str:
    """Say what a backward without `retain_graph` released."""
    gone = released(trace)
    if not gone:
        return "graphstep: nothing of this graph was released"
    names = [f"v_{a.first} ({a.name})" for a in gone[:6]]
    if len(gone) > len(names):
        names.append(f"{len(gone) - len(names)} more")
    return (
        "graphstep: the backward before this one freed what these operations had saved for it: "
        f"{', '.join(names)}; backward(retain_graph=True) keeps it, and then .grad accumulates"
    )
