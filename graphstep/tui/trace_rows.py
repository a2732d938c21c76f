"""The cells of the trace table: one half of one row, fitted into its width."""

from __future__ import annotations

from typing import NamedTuple

from graphstep.format.symbols import symbol
from graphstep.output.labels import cell_width, clipped, visible
from graphstep.steps.tangents import Tangents
from graphstep.steps.timeline import PENDING, Timeline

LONG = 400
LEAST = 5
"""An input's entries are left out where fewer cells than this would show of them."""
ROOMY = 34
"""From this width on a cell says in words whose rule gave an adjoint."""


class Piece(NamedTuple):
    """Hold text in one role: name, formula, value, pending, partial, no-path, good, bad, rule."""

    text: str
    role: str


Pieces = tuple[Piece, ...]


def row_count(timeline: Timeline, no_path: tuple[int, ...]) -> int:
    """Return how many rows the longer half of the table has."""
    forward = timeline.reverse_start
    return max(forward, len(timeline) - forward + len(no_path))


def forward_cell(timeline: Timeline, index: int, at: int, width: int) -> Pieces:
    """Return v_i = formula = value of forward step `index`, as seen at step `at`."""
    i = timeline[index].i
    name = symbol(i)
    if index > at:
        return fitted(width, "", name, "", Piece(PENDING, "pending"))
    label = timeline.trace.values[i].label or ""
    texts = timeline.texts(index)
    formula, result, brief = texts[0], texts[-1], timeline.brief(index)
    if i <= 0:
        # An input's own name says more than its entries.
        known = clipped(visible(label, LONG), max(3, width // 2)) if label else ""
        head = f"{name} = {known}" if known else name
        if known and width - cell_width(head) - 3 < min(LEAST, cell_width(brief)):
            return fitted(width, "", name, "", Piece(known, "name"))
        value = Piece(result, "value")
        return fitted(width, "", head, "", value, *_flaw(timeline, index), brief=brief)
    formula = "" if formula == result else formula
    value, marks = Piece(result, "value"), _flaw(timeline, index)
    return fitted(width, label, name, formula, value, *marks, brief=brief)


def tangent_cell(timeline: Timeline, tangents: Tangents, index: int, at: int, width: int) -> Pieces:
    """Return v̇_i = formula = value of forward step `index`, as seen at step `at`."""
    i = timeline[index].i
    name = symbol(i, "tangent")
    if index > at:
        return fitted(width, "", name, "", Piece(PENDING, "pending"))
    if not tangents.has(i):
        return fitted(width, "", name, "", Piece("no formula", "no-path"))
    texts = tangents.texts(i)
    formula = texts[min(1, len(texts) - 1)]
    formula = "" if formula == texts[-1] else formula
    value = Piece(texts[-1], "value")
    return fitted(width, "", name, formula, value, brief=tangents.brief(i))


def reverse_cell(timeline: Timeline, index: int, at: int, width: int) -> Pieces:
    """Return v̄_i = formula = value of reverse step `index`, with its check, as seen at `at`."""
    step = timeline[index]
    name = symbol(step.i, "adjoint")
    if index > at:
        return fitted(width, "", name, "", Piece(PENDING, "pending"))
    equation = timeline.equation(index)
    left, texts = equation.left.text(), timeline.texts(index)
    formula = ""
    if equation.lines:
        formula = equation.lines[min(1, len(equation.lines) - 1)].text()
    value = Piece(texts[-1], "value")
    formula = "" if formula == texts[-1] else formula
    marks = _marks(timeline, index, width >= ROOMY)
    return fitted(width, "", left, formula, value, *marks, brief=timeline.brief(index))


def no_path_cell(timeline: Timeline, i: int, at: int, width: int) -> Pieces:
    """Return the cell of an adjoint that no step computes, with the reason."""
    state = timeline.adjoint_state(i, at)
    name = symbol(i, "adjoint")
    if state.kind == "pending":
        return fitted(width, "", name, "", Piece(PENDING, "pending"))
    text = clipped(
        visible(f"{state.text}: {state.reason}", LONG), max(1, width - cell_width(name) - 1)
    )
    return (Piece(name, "name"), Piece(" ", "name"), Piece(text, "no-path"))


def _flaw(timeline: Timeline, index: int) -> Pieces:
    """Mark a tensor with an entry that is no number; a number that is none says so itself."""
    found = timeline.flaw(index) if timeline.trace.values[timeline[index].i].shape else ""
    return (Piece(f" !{found}", "bad"),) if found else ()


def _marks(timeline: Timeline, index: int, roomy: bool) -> Pieces:
    step, marks = timeline[index], [*_flaw(timeline, index)]
    if timeline.adjoint_state(step.i, index).kind == "partial":
        return (*marks, Piece(" partial", "partial"))
    verdict = timeline.verdicts.get(step.i)
    if verdict is not None:
        marks.append(Piece(" ✓", "good") if verdict.ok else Piece(" ✗", "bad"))
    rules = {term.rule for term in step.terms}
    if "torch" in rules:
        marks.append(Piece(" torch", "rule"))
    elif rules and roomy:
        marks.append(Piece(" own", "rule"))
    return tuple(marks)


def fitted(
    width: int,
    label: str,
    name: str,
    formula: str,
    value: Piece,
    *marks: Piece,
    brief: str = "",
) -> Pieces:
    """Fit `label: name = formula = value marks` into a width.

    Room goes to the name, the value and the marks first, then to the formula, which is cut
    where it must, and to the label where all of the rest has found its place. Where the formula
    would have to be cut the value is `brief`; but a few entries give way only to a whole formula.
    """
    name, label, formula = (visible(text, LONG) if text else "" for text in (name, label, formula))
    result = Piece(visible(value.text, LONG), value.role)
    if brief:
        less = Piece(visible(brief, LONG), value.role)
        rest = sum(map(cell_width, (name, *(mark.text for mark in marks)))) + 3
        before = cell_width(formula) + 3 if formula else 0
        entries, short = (cell_width(piece.text) for piece in (result, less))
        listed = result.text.startswith("[") and rest + entries <= width
        if rest + before + entries > width and not (listed and rest + before + short > width):
            result = less
    needed = cell_width(name) + 3 + cell_width(result.text)
    room = width - needed - sum(cell_width(mark.text) for mark in marks)
    if room < 0:
        marks, room = _kept(marks, room)
    if room < 0:
        result = Piece(clipped(result.text, max(1, cell_width(result.text) + room)), result.role)
    pieces = [Piece(name, "name")]
    if formula and room - 3 >= min(cell_width(formula), 6):
        formula = clipped(formula, room - 3)
        pieces += [Piece(" = ", "sign"), Piece(formula, "formula")]
        room -= 3 + cell_width(formula)
    if label and room - 2 >= cell_width(label):
        pieces.insert(0, Piece(f"{label}: ", "label"))
    return (*pieces, Piece(" = ", "sign"), result, *marks)


def _kept(marks: Pieces, room: int) -> tuple[Pieces, int]:
    """Drop marks from the end until the rest fits; a ✓ or ✗ comes first and goes last."""
    kept = list(marks)
    while room < 0 and len(kept) > 1:
        room += cell_width(kept.pop().text)
    return tuple(kept), room
