"""The order in which torch's engine ran the nodes, seen from within one pass of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from torch import Tensor

from graphstep.check.engine import EnginePass, engine_pass
from graphstep.check.inner import with_inner
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep


def engine_order(
    trace: TraceGraph, seeds: Mapping[int, Tensor], found: EnginePass
) -> tuple[int, ...]:
    """Return every value in the order in which the engine had its adjoint and ran its node.

    Where the pass that was `found` heard it, this is that; else there is no code of the user's
    to run a second time, and in one more pass a hook on each node and each input notes when the
    engine comes by. The results of one operation come together, the last first, and what is within
    a node right after its own; what the engine never visits comes at the end. Raises as
    `engine_pass` does.
    """
    seen = dict.fromkeys(found.order)
    if not seen:
        seen = _noted(trace, seeds)
    seen.update(dict.fromkeys(reversed(trace.values)))
    return tuple(with_inner(trace, seen))


def _noted(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> dict[int, None]:
    seen: dict[int, None] = {}

    def note(*numbers: int) -> Callable[[object], None]:
        return lambda _: seen.update(dict.fromkeys(numbers))

    handles = [
        a.node.register_prehook(note(*sorted(a.results.values(), reverse=True)))
        for a in trace.torch_applications()
    ]
    handles += [leaf.register_hook(note(i)) for i, leaf in trace.leaves.items()]
    try:
        engine_pass(trace, seeds)
    finally:
        for handle in handles:
            handle.remove()
    return seen


def in_order(sweep: ReverseSweep, order: tuple[int, ...]) -> ReverseSweep:
    """Return a sweep whose terms arrive as its operations come in `order`, the sums unchanged."""
    place = {i: number for number, i in enumerate(order)}
    terms = tuple(sorted(sweep.terms, key=lambda term: place[term.application.first]))
    incoming: dict[int, list[Contribution]] = {i: [] for i in sweep.incoming}
    for term in terms:
        incoming[term.parent].append(term)
    gathered = {i: tuple(found) for i, found in incoming.items()}
    return replace(sweep, terms=terms, incoming=gathered, order=order)
