"""The part of a large graph around one value, for panes that cannot show it all."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from graphstep.graph.trace_graph import TraceGraph


def neighbourhood(
    trace: TraceGraph, i: int, edges: int = 2, most: int = 24, least: int = 1
) -> frozenset[int]:
    """Return up to `most` values that lie within `edges` arrows of v_i, v_i among them.

    Where those are fewer than `least`, what lies farther away is taken too, arrow by arrow.
    Nearer ones come first, and of equally near ones those computed nearest to it. What lies
    behind another input is left out: a weight used everywhere would bring the whole graph.
    """
    found = {i: None}
    ring = [i]
    for distance in count():
        if not ring or (distance >= edges and len(found) >= least):
            break
        reached = {
            k for j in ring if distance == 0 or j > 0 for k in _adjacent(trace, j) if k not in found
        }
        ring = sorted(reached, key=lambda k: (abs(k - i), k))[: most - len(found)]
        found.update(dict.fromkeys(ring))
    return frozenset(found)


def _adjacent(trace: TraceGraph, i: int) -> Iterator[int]:
    yield from trace.graph.predecessors(i)
    yield from trace.graph.successors(i)
