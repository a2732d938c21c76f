"""What torch's own engine says: every adjoint from one pass, and `.grad` from a real backward."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, get_gradient_edge

from graphstep.check.ears import Ears
from graphstep.check.inner import inner_adjoints
from graphstep.check.rounding import settled
from graphstep.check.unseen import UserCodeInTheWay, can_be_stopped, stopped_by_user_code
from graphstep.check.verdict import Verdict, compare, same
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.collection import collection_paused
from graphstep.recording.gradients import emptied, kept_gradients
from graphstep.recording.internals import is_python_node
from graphstep.recording.node_hooks import node_hooks
from graphstep.recording.surroundings import undisturbed
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.user_code import UserCode


@dataclass(frozen=True, slots=True, eq=False)
class EnginePass:
    """Hold what one pass of torch's engine gave.

    `adjoints` maps i to torch's adjoint of v_i, None where none arrived; where the user's hooks
    change it, this is what they were given. `user_code` is what the user's own code made of it
    on the way. Where the pass was a real backward, `gradients` holds the `.grad` of every input,
    and `order` the values in the order in which the engine came by.
    """

    adjoints: Mapping[int, Tensor | None]
    user_code: UserCode
    gradients: Mapping[int, Tensor | None] | None = None
    order: tuple[int, ...] = ()


@undisturbed()
def engine_pass(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> EnginePass:
    """Run torch's engine once over a trace, and keep every adjoint.

    Where nothing of the user's runs in the backward this is one `torch.autograd.grad` over
    gradient edges. Hooks and a `torch.autograd.Function` may count or print, so there it is one
    real backward that tells everything, `.grad` included, and runs them once.
    What torch raises for a graph that it cannot differentiate (a value changed in place, a
    graph already released) passes through, with a note on what to do where this is known.
    """
    given = [seeds_of(trace, seeds, k) for k in range(len(trace.outputs))]
    with _nothing_left(trace), _explained():
        found = None if _may_run_user_code(trace) else _undisturbed_pass(trace, given)
        if found is None:
            found = _heard(trace, given)
    inner = inner_adjoints(trace, found.adjoints, found.user_code.hooked)
    return replace(found, adjoints={**found.adjoints, **inner}) if inner else found


@contextmanager
def _nothing_left(trace: TraceGraph) -> Iterator[None]:
    """Leave every `.grad` as it was, and what the user has run once one is there not run."""
    follows = node_hooks(trace.accumulators.values()).after
    with kept_gradients(trace.gradient_holders()), emptied(follows.values()):
        yield


def _may_run_user_code(trace: TraceGraph) -> bool:
    """Tell whether hooks or Functions of the user's are known to run in a backward."""
    if trace.hooks() or any(is_python_node(a.node) for a in trace.applications):
        return True
    nodes = list(trace.accumulators.values())
    if not all(can_be_stopped(output.device) for output in trace.output_tensors):
        nodes += [a.node for a in trace.torch_applications()]
    return bool(node_hooks(nodes))


def _undisturbed_pass(trace: TraceGraph, seeds: Sequence[Tensor | None]) -> EnginePass | None:
    """Return what the engine says, or None where a hook on a node was about to run.

    Other code of the user's may run too: hooks on tensors that nobody saw, and what unpacks a
    saved tensor.
    """
    if not all(can_be_stopped(output.device) for output in trace.output_tensors):
        return _by_edges(trace, seeds, nullcontext())
    try:
        return _by_edges(trace, seeds, stopped_by_user_code())
    except UserCodeInTheWay:
        hooked = node_hooks(a.node for a in trace.torch_applications())
    return None if hooked else _by_edges(trace, seeds, nullcontext())


@contextmanager
def _explained() -> Iterator[None]:
    """Say in a note what a backward of the user's, or an optimizer's step, took away."""
    try:
        yield
    except RuntimeError as error:
        for words, note in _NOTES.items():
            if words in str(error):
                error.add_note(f"graphstep: {note}")
        raise


_NOTES = {
    "backward through the graph a second time": "a backward has released this graph; "
    "ask for adjoints before it, or call it with retain_graph=True",
    "modified by an inplace operation": "a tensor that the backward needs was changed in place "
    "after its use; if an optimizer's step did it, ask for adjoints before that",
}


@collection_paused()
def _by_edges(
    trace: TraceGraph, seeds: Sequence[Tensor | None], guard: AbstractContextManager[None]
) -> EnginePass:
    edges: dict[int, GradientEdge] = {}
    for application in trace.torch_applications():
        for number, i in application.results.items():
            edges[i] = GradientEdge(application.node, number)
    edges |= {i: GradientEdge(node, 0) for i, node in trace.accumulators.items()}
    for i in set(trace.outputs) - edges.keys():
        edges[i] = get_gradient_edge(trace.leaves[i])
    with _left_by_unseen_hooks(trace) as left, guard:
        found: Sequence[Tensor | None] = torch.autograd.grad(
            trace.output_tensors,
            list(edges.values()),
            seeds,
            retain_graph=True,
            allow_unused=True,
        )
    adjoints: dict[int, Tensor | None] = dict.fromkeys(trace.values)
    adjoints.update(zip(edges, found, strict=True))
    changed = {
        i: after
        for i, after in left.items()
        if (before := adjoints[i]) is not None and not same(before, after)
    }
    return EnginePass(adjoints, UserCode(changed))


@contextmanager
def _left_by_unseen_hooks(trace: TraceGraph) -> Iterator[Mapping[int, Tensor]]:
    """Keep what a node takes for the adjoint of a value whose tensor, and its hooks, none saw."""
    left: dict[int, Tensor] = {}

    def hear(application: Application) -> Callable[[tuple[Tensor | None, ...]], None]:
        def before(above: tuple[Tensor | None, ...]) -> None:
            for number, i in application.results.items():
                adjoint = above[number]
                if adjoint is not None:
                    left[i] = adjoint.detach()

        return before

    unseen = [a for a in trace.torch_applications() if not trace.is_seen(a)]
    handles = [a.node.register_prehook(hear(a)) for a in unseen]
    try:
        yield left
    finally:
        for handle in handles:
            handle.remove()


def _heard(trace: TraceGraph, seeds: Sequence[Tensor | None]) -> EnginePass:
    """Run a real backward, and hear every adjoint before its node takes it."""
    adjoints: dict[int, Tensor | None] = dict.fromkeys(trace.values)
    nodes = [*(a.node for a in trace.torch_applications()), *trace.accumulators.values()]
    ears = Ears(trace, trace.hooks(), node_hooks(nodes))
    handles = []
    order: list[int] = []

    def hear(application: Application) -> Callable[[tuple[Tensor | None, ...]], None]:
        results = sorted(application.results.items(), reverse=True)

        def before(above: tuple[Tensor | None, ...]) -> None:
            order.extend(i for _, i in results)
            for number, i in results:
                adjoint = above[number]
                adjoints[i] = None if adjoint is None else adjoint.detach()

        return before

    with ears.listening():
        try:
            handles = [a.node.register_prehook(hear(a)) for a in trace.torch_applications()]
            for i, node in trace.accumulators.items():
                handles.append(node.register_prehook(lambda _, i=i: order.append(i)))
            torch.autograd.backward(trace.output_tensors, seeds, retain_graph=True)
        finally:
            for handle in handles:
                handle.remove()
        gradients = {i: leaf.grad for i, leaf in trace.leaves.items()}
    adjoints.update(gradients)
    adjoints.update(ears.given)
    return EnginePass(adjoints, ears.user_code(), gradients, tuple(order))


def node_verdicts(
    trace: TraceGraph, sweep: ReverseSweep, engine: Mapping[int, Tensor | None]
) -> dict[int, Verdict]:
    """Compare ours with the engine's at every value, both before the user's hooks.

    What a hook did shows in the adjoints further down.
    """
    found = {
        i: compare(sweep.unhooked.get(i, ours), engine[i]) for i, ours in sweep.adjoints.items()
    }
    return settled(trace, sweep, found)


def leaf_gradients(
    trace: TraceGraph, seeds: Mapping[int, Tensor], found: EnginePass
) -> Mapping[int, Tensor | None]:
    """Return the `.grad` of every input after a real `backward`, and put the user's back."""
    if found.gradients is not None:
        return found.gradients
    with _nothing_left(trace):
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
    if seed.numel() != 1 or seed.is_complex() or seed.device.type == "meta":
        return seed
    return None if float(seed) == 1 else seed
