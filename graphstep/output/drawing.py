"""The picture of a trace, and the frame of each step, from its timeline."""

from __future__ import annotations

from collections.abc import Collection

from graphstep.format.numbers import minus
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.output.picture import EdgeKey, Frame, NodeKind, Picture, PictureEdge, PictureNode
from graphstep.steps.equation import partial_formula
from graphstep.steps.timeline import Timeline
from graphstep.sweep.contributions import Contribution

LONGEST = 34
"""A node's line is cut to so many characters."""
FEW_TERMS = 24
"""A box is as wide as its widest partial sum, of the first so many terms."""


def picture_of(timeline: Timeline, only: Collection[int] | None = None) -> Picture:
    """Return the boxes and arrows of a trace: name, formula, value, adjoint; local partials.

    Each line of a box holds the widest text that any step of the timeline shows there. `only`
    keeps a part of the values, and the arrows between them.
    """
    trace = timeline.trace
    chosen = trace.values.keys() if only is None else only
    widest: dict[int, str] = {}
    for step in timeline:
        if step.half == "reverse" and step.i in chosen and step.before < FEW_TERMS:
            text = timeline.adjoint_state(step.i, step.index).text
            widest[step.i] = max(widest.get(step.i, ""), text, key=len)
    nodes = []
    for i in sorted(chosen):
        value = trace.values[i]
        kind: NodeKind = "input" if i <= 0 else "output" if i in trace.outputs else "value"
        text = max(widest.get(i, ""), timeline.final_adjoint_text(i), key=len)
        lines = (
            headline(timeline, i),
            f"{symbol(i)} = {minus(shown(value.value))}",
            f"{symbol(i, 'adjoint')} = {text}",
        )
        nodes.append(PictureNode(i, kind, tuple(map(_cut, lines)), value.module))
    terms = {
        (i, term.application.first, term.position): term
        for i in chosen
        for term in timeline.sweep.incoming[i]
    }
    edges = [
        PictureEdge(
            parent, child, position, _cut(_partial(timeline, terms, parent, child, position))
        )
        for parent, child, position in trace.graph.edges(sorted(chosen), keys=True)
        if child in chosen
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
        partial = " + …" if adjoint.kind == "partial" else ""
        text = f"{adjoint.text} ({adjoint.reason})" if adjoint.reason else adjoint.text + partial
        lines[i] = (
            _cut(headline(timeline, i)),
            _cut(f"{symbol(i)} = {value.text}"),
            _cut(f"{symbol(i, 'adjoint')} = {text}"),
        )
    return Frame(lines, classes, _edge_classes(timeline, at, plain, chosen), timeline.caption(at))


def headline(timeline: Timeline, i: int) -> str:
    """Return the first line of a box: the formula, and the user's own name for the value."""
    value = timeline.trace.values[i]
    if i <= 0:
        return f"{symbol(i)} = {value.label}"
    formula = timeline.forward_equation(i).lines[0].text()
    label = f"{value.label}: " if value.label else ""
    return f"{label}{symbol(i)} = {formula}"


def _partial(
    timeline: Timeline,
    terms: dict[EdgeKey, Contribution],
    parent: int,
    child: int,
    position: int,
) -> str:
    first = timeline.trace.made_by[child].first
    term = terms.get((parent, first, position))
    formula = None if term is None else partial_formula(timeline.trace, term)
    return "" if formula is None else formula.text()


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
    for term in timeline.terms_until(at):
        if term.parent not in chosen:
            continue
        for child in term.application.results.values():
            classes[term.parent, child, term.position] = ("used",)
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


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
