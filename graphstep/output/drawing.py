"""The picture of a trace, and the frame of each step, from its timeline."""

from __future__ import annotations

from collections.abc import Collection

from graphstep.format.symbols import symbol
from graphstep.output.dot import EDGE_LIMIT
from graphstep.output.picture import EdgeKey, Frame, NodeKind, Picture, PictureEdge, PictureNode
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
            f"{symbol(i, 'adjoint')} = {max((_sum_text(s) for s in states), key=len)}",
        )
        nodes.append(PictureNode(i, kind, _cut_lines(*lines), value.module))
    edges = [
        PictureEdge(parent, child, position, _cut(_edge_text(timeline, child, position)))
        for parent, child, position in _edges(timeline, chosen)
    ]
    return Picture(tuple(nodes), tuple(edges), "Computational graph")


def frame_of(
    timeline: Timeline, at: int, plain: bool = False, only: Collection[int] | None = None
) -> Frame:
    """Return what the picture shows once step `at` is done; `plain` lights no current step.

    `only` keeps a part of the values, as in `picture_of`.
    """
    trace = timeline.trace
    step = timeline[at]
    lines: dict[int, tuple[str, ...]] = {}
    classes: dict[int, tuple[str, ...]] = {}
    operands = set() if plain else _operands(timeline, at)
    chosen = trace.values.keys() if only is None else only
    for i in chosen:
        value = timeline.value_state(i, at)
        adjoint = timeline.adjoint_state(i, at)
        named = [f"value-{value.kind}"]
        named.append("no-path" if adjoint.kind == "no path" else f"adjoint-{adjoint.kind}")
        verdict = timeline.verdicts.get(i)
        if adjoint.kind == "final" and verdict is not None and not verdict.ok:
            named.append("disagrees")
        if not plain and i == step.i:
            named.append("current")
        elif i in operands:
            named.append("operand")
        classes[i] = tuple(named)
        text = f"{adjoint.text} ({adjoint.reason})" if adjoint.reason else _sum_text(adjoint)
        lines[i] = _cut_lines(
            headline(timeline, i),
            f"{symbol(i)} = {value.text}",
            f"{symbol(i, 'adjoint')} = {text}",
        )
    return Frame(lines, classes, _edge_classes(timeline, at, plain, chosen), timeline.caption(at))


def headline(timeline: Timeline, i: int) -> str:
    """Return the first line of a box: the formula, and the user's own name for the value."""
    value = timeline.trace.values[i]
    if i <= 0:
        return f"{symbol(i)} = {value.label}"
    formula = timeline.formula(i)
    label = f"{value.label}: " if value.label else ""
    return f"{label}{symbol(i)} = {formula}"


def _sum_text(adjoint: State) -> str:
    """Return an adjoint as a box shows it: a sum that is not complete says so."""
    return f"{adjoint.text} + …" if adjoint.kind == "partial" else adjoint.text


def _edges(timeline: Timeline, chosen: Collection[int]) -> list[EdgeKey]:
    """Return the arrows between chosen values; a value used everywhere costs no more than others.

    They come by tail, then as the operations ran.
    """
    made_by = timeline.trace.made_by
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


def _operands(timeline: Timeline, at: int) -> set[int]:
    step = timeline[at]
    if step.half == "reverse":
        return {i for term in step.terms for i in term.application.results.values()}
    made = timeline.trace.made_by.get(step.i)
    return set() if made is None else {p for p in made.parents if p is not None}


def _edge_classes(
    timeline: Timeline, at: int, plain: bool, chosen: Collection[int]
) -> dict[EdgeKey, tuple[str, ...]]:
    step = timeline[at]
    classes: dict[EdgeKey, tuple[str, ...]] = {}
    for edge in _edges(timeline, chosen):
        if timeline.is_in(edge[1], edge[2], at):
            classes[edge] = ("used",)
    if plain:
        return classes
    if step.half == "forward":
        made = timeline.trace.made_by.get(step.i)
        for position, parent in enumerate(made.parents if made is not None else ()):
            if parent is not None:
                classes[parent, step.i, position] = ("current",)
    for term in step.terms:
        for child in term.application.results.values():
            classes[term.parent, child, term.position] = ("current",)
    return classes


def _cut_lines(head: str, value: str, adjoint: str) -> tuple[str, str, str]:
    return _cut(head), _cut(value, LONGEST_NUMBER), _cut(adjoint, LONGEST_NUMBER)


def _cut(text: str, most: int = LONGEST) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"
