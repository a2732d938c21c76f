"""The picture of a trace, from its timeline: its boxes, its arrows, and what they say."""

from __future__ import annotations

from collections.abc import Collection

from graphstep.format.symbols import symbol
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.dot import EDGE_LIMIT
from graphstep.output.picture import EdgeKey, NodeKind, Picture, PictureEdge, PictureNode
from graphstep.steps.equation import local_formula, partial_formula
from graphstep.steps.step import State
from graphstep.steps.timeline import Timeline

LONGEST = 34
"""The first line of a box is cut to so many characters."""
LONGEST_NUMBER = 48
"""The others are, where a shape is as long as that."""
FEW_TERMS = 24
"""A box is as wide as its widest partial sum, of the first so many terms."""


def picture_of(timeline: Timeline, only: Collection[int] | None = None) -> Picture:
    """Return the boxes and arrows of a trace: name, formula, value, adjoint; local partials.

    Each line of a box holds the widest text that any step of the timeline shows there. `only`
    keeps a part of the values, and the arrows between them.
    """
    trace = timeline.trace
    chosen = trace.values.keys() if only is None else only
    last = len(timeline) - 1
    nodes = []
    for i in sorted(chosen):
        value = trace.values[i]
        kind: NodeKind = "input" if i <= 0 else "output" if i in trace.outputs else "value"
        states = (*timeline.sum_states(i, FEW_TERMS), timeline.adjoint_state(i, last))
        lines = (
            headline(timeline, i),
            f"{symbol(i)} = {timeline.value_state(i, last).text}",
            f"{symbol(i, 'adjoint')} = {max((sum_text(s) for s in states), key=len)}",
        )
        nodes.append(PictureNode(i, kind, box_lines(*lines), value.module))
    edges = [
        PictureEdge(parent, child, position, _cut(_edge_text(timeline, child, position)))
        for parent, child, position in edges_between(timeline.trace, chosen)
    ]
    return Picture(tuple(nodes), tuple(edges), "Computational graph")


def headline(timeline: Timeline, i: int) -> str:
    """Return the first line of a box: the formula, and the user's own name for the value."""
    value = timeline.trace.values[i]
    if i <= 0:
        return f"{symbol(i)} = {value.label}"
    formula = timeline.formula(i)
    label = f"{value.label}: " if value.label else ""
    return f"{label}{symbol(i)} = {formula}"


def sum_text(adjoint: State) -> str:
    """Return an adjoint as a box shows it: a sum that is not complete says so."""
    return f"{adjoint.text} + …" if adjoint.kind == "partial" else adjoint.text


def edges_between(trace: TraceGraph, chosen: Collection[int]) -> list[EdgeKey]:
    """Return the arrows between chosen values; a value used everywhere costs no more than others.

    They come by tail, then as the operations ran.
    """
    made_by = trace.made_by
    found = [
        (parent, made_by[child].first, child, position)
        for child in chosen
        if child in made_by
        for position, parent in enumerate(made_by[child].parents)
        if parent is not None and parent in chosen
    ]
    return [(parent, child, position) for parent, _, child, position in sorted(found)]


def _edge_text(timeline: Timeline, child: int, position: int) -> str:
    """Return the local partial of an edge; where it is no factor, the whole contribution.

    A contribution that an arrow has no room for is left out: the step's formula has it.
    """
    term = timeline.term(child, position)
    if term is None:
        return ""
    partial = partial_formula(timeline.trace, term)
    if partial is not None:
        return partial.text()
    whole = local_formula(timeline.trace, term).text()
    return whole if term.rule == "own" and len(whole) <= EDGE_LIMIT else ""


def box_lines(head: str, value: str, adjoint: str) -> tuple[str, str, str]:
    """Return the lines of a box, each cut to what it has room for."""
    return _cut(head), _cut(value, LONGEST_NUMBER), _cut(adjoint, LONGEST_NUMBER)


def _cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
