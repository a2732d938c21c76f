"""Summaries of torch's adjoints from one real backward that releases the graph as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from graphstep.check.engine import seeds_of
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.gradients import kept_gradients
from graphstep.recording.summary import Summary, summarise
from graphstep.recording.surroundings import undisturbed


@dataclass(frozen=True, slots=True, eq=False)
class AdjointSummaries:
    """Hold a summary of every v̄_i that arrived, and the whole adjoint of every input."""

    summaries: Mapping[int, Summary]
    gradients: Mapping[int, Tensor | None]


@undisturbed()
def adjoint_summaries(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> AdjointSummaries:
    """Run torch's backward once, without retaining the graph, and summarise what passes.

    Each adjoint is seen before the user's hooks on it run, that of an input after them. No
    `.grad` changes. What torch raises, as for a graph already released, passes through.
    """
    found: dict[int, Summary] = {}

    def catch(application: Application) -> Callable[[tuple[Tensor | None, ...]], None]:
        def hook(above: tuple[Tensor | None, ...]) -> None:
            for number, i in application.results.items():
                adjoint = above[number]
                if adjoint is not None:
                    found[i] = summarise(adjoint)

        return hook

    given = [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))]
    handles = [a.node.register_prehook(catch(a)) for a in trace.applications]
    try:
        with kept_gradients(trace.gradient_holders()):
            torch.autograd.backward(trace.output_tensors, given)
            gradients = {i: leaf.grad for i, leaf in trace.leaves.items()}
    finally:
        for handle in handles:
            handle.remove()
    found.update({i: summarise(g) for i, g in gradients.items() if g is not None})
    return AdjointSummaries(found, gradients)
