"""What torch's own engine says: every adjoint from one pass, and `.grad` from a real backward."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge

from graphstep.graph.trace_graph import TraceGraph


def engine_adjoints(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> dict[int, Tensor | None]:
    """Return torch's adjoint of every value from one `torch.autograd.grad` over gradient edges.

    What torch raises for a graph that it cannot differentiate (a value changed in place, a
    graph already released) passes through.
    """
    edges: dict[int, GradientEdge] = {}
    for application in trace.applications:
        for number, i in application.results.items():
            edges[i] = GradientEdge(application.node, number)
    for i, leaf in trace.leaves.items():
        edges[i] = get_gradient_edge(leaf)
    found: Sequence[Tensor | None] = torch.autograd.grad(
        trace.output_tensors,
        list(edges.values()),
        [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))],
        retain_graph=True,
        allow_unused=True,
    )
    return {i: None if g is None else g.detach() for i, g in zip(edges, found, strict=True)}


def leaf_gradients(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> dict[int, Tensor | None]:
    """Return the `.grad` of every input after a real `backward`, and put the user's back."""
    kept = {i: leaf.grad for i, leaf in trace.leaves.items()}
    try:
        for leaf in trace.leaves.values():
            leaf.grad = None
        torch.autograd.backward(
            trace.output_tensors,
            [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))],
            retain_graph=True,
            inputs=list(trace.leaves.values()),
        )
        return {
            i: None if leaf.grad is None else leaf.grad.detach().clone()
            for i, leaf in trace.leaves.items()
        }
    finally:
        for i, leaf in trace.leaves.items():
            leaf.grad = kept[i]


def seeds_of(trace: TraceGraph, seeds: Mapping[int, Tensor], output: int) -> Tensor:
    """Return the seed of output number `output`; a value returned twice is seeded once."""
    i = trace.outputs[output]
    seed = seeds[i]
    return seed if i not in trace.outputs[:output] else torch.zeros_like(seed)
