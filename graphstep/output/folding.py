"""Which groups of a trace are folded: by level, by what fits, or one by one at the cursor."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from graphstep.errors import InputError
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.groups import Group, Part, groups_of

Collapse: TypeAlias = int | Literal["auto", "none"]
MOST_NODES = 300
"""Beyond so many values `auto` folds …"""
MOST_OPENED = 100
"""… and then opens as much as so many boxes can show."""


@dataclass(frozen=True, slots=True)
class Forest:
    """Hold the groups of a trace, and in which of them each input is used.

    `homes` gives, by input, the innermost group that has all its uses: folded, it hides the
    input as well.
    """

    parts: tuple[Part, ...]
    homes: Mapping[int, tuple[Group, ...]]

    def around(self, i: int) -> tuple[Group, ...]:
        """Return the groups that v_i lies in, from the outermost inwards."""
        if i <= 0:
            return self.homes.get(i, ())
        return _around(self.parts, i, i)


def forest_of(trace: TraceGraph) -> Forest:
    """Return the groups of a trace; see `groups_of`."""
    parts = groups_of(trace)
    spans: dict[int, tuple[int, int]] = {}
    for child, application in trace.made_by.items():
        for parent in application.parents:
            if parent is not None and parent <= 0:
                low, high = spans.get(parent, (child, child))
                spans[parent] = min(low, child), max(high, child)
    return Forest(parts, {i: _around(parts, *span) for i, span in spans.items()})


def folded_groups(
    trace: TraceGraph, collapse: Collapse = "auto", max_nodes: int | None = None
) -> tuple[Group, ...]:
    """Return the groups to draw as one box each, none of them within another.

    A number opens so many levels of groups, "none" all of them; "auto" folds nothing unless
    the graph has more than `max_nodes` values (default: 300), and then opens level by level
    what fits (by default into 100 boxes). Given with a number, `max_nodes` limits that too.
    Inputs that several boxes use are always drawn. Raises InputError for what is neither.
    """
    check_collapse(collapse, max_nodes)
    if collapse == "none":
        return ()
    if collapse != "auto":
        return opened(trace, forest_of(trace), collapse, max_nodes)
    if len(trace) <= (MOST_NODES if max_nodes is None else max_nodes):
        return ()
    return opened(trace, forest_of(trace), None, max_nodes or MOST_OPENED)


def opened(
    trace: TraceGraph, forest: Forest, levels: int | None, most: int | None
) -> tuple[Group, ...]:
    """Open groups level by level, to `levels` and to `most` boxes; return those still folded."""
    hidden_in: Counter[tuple[int, int]] = Counter(
        (around[-1].first, around[-1].last) for around in forest.homes.values() if around
    )
    visible = len(forest.parts) + len(trace.inputs) - sum(hidden_in.values())
    level = [part for part in forest.parts if isinstance(part, Group)]
    folded: list[Group] = []
    depth = 0
    while level:
        following: list[Group] = []
        for group in level:
            more = len(group.parts) - 1 + hidden_in[group.first, group.last]
            if (levels is not None and depth >= levels) or (
                most is not None and visible + more > most
            ):
                folded.append(group)
            else:
                visible += more
                following += group.groups
        level = following
        depth += 1
    return tuple(sorted(folded, key=lambda group: group.first))


def expanded(folded: Iterable[Group], i: int, forest: Forest) -> tuple[Group, ...] | None:
    """Open the folded group that v_i is in: its own groups stay folded. None where none is."""
    kept = tuple(folded)
    around = forest.around(i)
    group = next((g for g in kept if g in around), None)
    if group is None:
        return None
    rest = [g for g in kept if g is not group]
    return tuple(sorted([*rest, *group.groups], key=lambda g: g.first))


def collapsed(folded: Iterable[Group], i: int, forest: Forest) -> tuple[Group, ...] | None:
    """Fold the innermost open group that v_i is in, with all in it. None where there is none."""
    kept = tuple(folded)
    open_ones = []
    for group in forest.around(i):
        if group in kept:
            break
        open_ones.append(group)
    if not open_ones:
        return None
    closing = open_ones[-1]
    rest = [g for g in kept if not closing.first <= g.first <= closing.last]
    return tuple(sorted([*rest, closing], key=lambda g: g.first))


def check_collapse(collapse: object, max_nodes: int | None) -> None:
    """Raise InputError unless these say how to fold."""
    if collapse not in ("auto", "none") and (
        not isinstance(collapse, int) or isinstance(collapse, bool) or collapse < 0
    ):
        raise InputError(f"cannot collapse to {collapse!r} (must be auto, none or a level from 0)")
    if max_nodes is not None and max_nodes < 1:
        raise InputError(f"no drawing has {max_nodes} nodes (must be 1 or more)")
    if collapse == "none" and max_nodes is not None:
        raise InputError("collapse none draws every value; leave out the limit of nodes")


def _around(parts: Collection[Part], low: int, high: int) -> tuple[Group, ...]:
    """Return the groups that have all of v_low to v_high, from the outermost inwards."""
    found: list[Group] = []
    level: Collection[Part] = parts
    while True:
        inside = next(
            (p for p in level if isinstance(p, Group) and p.first <= low and high <= p.last), None
        )
        if inside is None:
            return tuple(found)
        found.append(inside)
        level = inside.parts
