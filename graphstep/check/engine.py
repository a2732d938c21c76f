"""What torch's own engine says: every adjoint from one pass, and `.grad` from a real backward."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge

from graphstep.check.verdict import Verdict, compare
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.gradients import kept_gradients
from graphstep.recording.internals import accumulation_hooks
from graphstep.sweep.reverse import ReverseSweep


def engine_adjoints(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> dict[int, Tensor | None]:
    """Return torch's adjoint of every value from one `torch.autograd.grad` over gradient edges.

    What torch raises for a graph that it cannot differentiate (a value changed in place, a
    graph already released) passes through.
    """
    edges: dict[int, GradientEdge] = {}
    for application in trace.applications:
        for number, i in application.results.items():
            edges[i] = GradientEdge(application.node, number)
    for i, node in trace.accumulators.items():
        edges[i] = GradientEdge(node, 0)
    for i in set(trace.outputs) - edges.keys():
        edges[i] = get_gradient_edge(trace.leaves[i])
    given = [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))]
    if any("CheckpointFunction" in a.node.name() for a in trace.applications):
        return _by_hooks(trace, given)
    found: Sequence[Tensor | None] = torch.autograd.grad(
        trace.output_tensors,
        list(edges.values()),
        given,
        retain_graph=True,
        allow_unused=True,
    )
    adjoints: dict[int, Tensor | None] = dict.fromkeys(trace.values)
    adjoints.update(zip(edges, found, strict=True))
    return adjoints


def _by_hooks(trace: TraceGraph, seeds: Sequence[Tensor | None]) -> dict[int, Tensor | None]:
    """Catch every adjoint in a real backward: reentrant checkpointing allows nothing else."""
    adjoints: dict[int, Tensor | None] = dict.fromkeys(trace.values)

    def catch(application: Application) -> Callable[[tuple[Tensor | None, ...]], None]:
        def hook(above: tuple[Tensor | None, ...]) -> None:
            for number, i in application.results.items():
                adjoint = above[number]
                adjoints[i] = None if adjoint is None else adjoint.detach()

        return hook

    handles = [a.node.register_prehook(catch(a)) for a in trace.applications]
    try:
        with kept_gradients(trace.seen_leaves()):
            torch.autograd.backward(trace.output_tensors, seeds, retain_graph=True)
            for i, leaf in trace.leaves.items():
                adjoints[i] = leaf.grad
    finally:
        for handle in handles:
            handle.remove()
    return adjoints


def node_verdicts(sweep: ReverseSweep, engine: Mapping[int, Tensor | None]) -> dict[int, Verdict]:
    """Compare ours with the engine's at every value.

    The engine hands out the adjoint of an inner value before the user's hooks run on it, that
    of a leaf after them; what an inner hook did shows in the adjoints further down.
    """
    return {
        i: compare(sweep.unhooked.get(i, ours) if i > 0 else ours, engine[i])
        for i, ours in sweep.adjoints.items()
    }


def leaf_gradients(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> dict[int, Tensor | None]:
    """Return the `.grad` of every input after a real `backward`, and put the user's back.

    Where a leaf runs user code once its `.grad` is there (an optimizer's step, say), the
    gradients come from the engine without touching `.grad`, for that code is not ours to run.
    """
    if any(accumulation_hooks(leaf) for leaf in trace.seen_leaves()):
        adjoints = engine_adjoints(trace, seeds)
        return {i: adjoints[i] for i in trace.leaves}
    with kept_gradients(trace.seen_leaves()):
        torch.autograd.backward(
            trace.output_tensors,
            [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))],
            retain_graph=True,
        )
        return {
            i: None if leaf.grad is None else leaf.grad.detach().clone()
            for i, leaf in trace.leaves.items()
        }


def seeds_of(trace: TraceGraph, seeds: Mapping[int, Tensor], output: int) -> Tensor | None:
    """Return the seed of output number `output`; a value returned twice is seeded once.

    A scalar's seed of 1 is None, torch's own default: given as a tensor it makes torch import
    sympy, half a second.
    """
    i = trace.outputs[output]
    seed = seeds[i]
    if i in trace.outputs[:output]:
        return torch.zeros_like(seed)
    implicit = seed.numel() == 1 and not seed.is_complex() and float(seed) == 1
    return None if implicit else seed
