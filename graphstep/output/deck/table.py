"""The trace table of a deck: values on the left, adjoints on the right, a row a step."""

from __future__ import annotations

from html import escape
from itertools import zip_longest

from graphstep.format.mathml import LEFT
from graphstep.format.symbols import symbol
from graphstep.output.labels import BLANK, visible
from graphstep.steps.timeline import PENDING, Timeline

LONGEST = 44
"""A formula of more characters than this is cut: the step's own line has all of it."""
SIZES = {"longer": 32, "long": 22}
"""One of more than so many is set smaller, as MathML breaks no line."""


def table_rows(timeline: Timeline) -> list[str]:
    """Return the rows of the table: of each half one step a row.

    A cell carries the step that fills it. What no step computes says why from the first step
    of the reverse half on.
    """
    start = timeline.reverse_start
    forward = [_forward(timeline, k) for k in range(start)]
    reverse = [_reverse(timeline, k) for k in range(start, len(timeline))]
    reverse += [
        _no_path(timeline, i, min(start, len(timeline) - 1))
        for i in reversed(timeline.trace.values)
        if timeline.sweep.adjoints[i] is None
    ]
    return [
        f"<tr>{left or '<td></td>'}{right or '<td></td>'}</tr>"
        for left, right in zip_longest(forward, reverse)
    ]


def _forward(timeline: Timeline, index: int) -> str:
    i = timeline[index].i
    label = timeline.trace.values[i].label
    texts = timeline.texts(index)
    equation = timeline.equation(index)
    before = f'<span class="label">{escape(visible(label, 24))}:</span> ' if label and i > 0 else ""
    formula = "" if texts[0] == texts[-1] else _formula(texts[0], equation.texts("mathml")[0])
    return _cell(index, before + _math(symbol(i, style="mathml")), formula, texts[-1], "")


def _reverse(timeline: Timeline, index: int) -> str:
    step, equation, result = timeline[index], timeline.equation(index), timeline.texts(index)[-1]
    formula = ""
    if equation.lines:
        line = equation.lines[min(1, len(equation.lines) - 1)]
        formula = "" if line.text() == result else _formula(line.text(), line.text("mathml"))
    return _cell(
        index,
        _math(equation.left.text("mathml")),
        formula,
        result,
        _mark(timeline, step.i, index),
    )


def _mark(timeline: Timeline, i: int, index: int) -> str:
    if timeline.adjoint_state(i, index).kind == "partial":
        return f'{BLANK}<span class="partial">partial</span>'
    verdict = timeline.verdicts.get(i)
    if verdict is None:
        return ""
    name, sign = ("good", "✓") if verdict.ok else ("bad", "✗")
    return f'{BLANK}<span class="{name}">{sign}</span>'


def _no_path(timeline: Timeline, i: int, start: int) -> str:
    name = _math(symbol(i, "adjoint", "mathml"))
    reason = escape(visible(f"no path: {timeline.no_path_reason(i)}", 80))
    return (
        f'<td class="done no-path" data-from="{start}">{name}<span class="dots"> = {PENDING}</span>'
        f'<span class="rest"> {reason}</span></td>'
    )


def _cell(index: int, name: str, formula: str, result: str, mark: str) -> str:
    shown = escape(visible(result, LONGEST))
    return (
        f'<td class="done" data-step="{index}">{name}<span class="dots"> = {PENDING}</span>'
        f'<span class="rest">{formula} ={BLANK}<b>{shown}</b>{mark}</span></td>'
    )


def _formula(text: str, markup: str) -> str:
    if len(text) > LONGEST:
        return f" = {escape(visible(text, LONGEST))}"
    size = next((name for name, least in SIZES.items() if len(text) > least), "")
    return f" = {_math(markup, size)}"


def _math(markup: str, size: str = "") -> str:
    named = f' class="{size}"' if size else ""
    return f"<math{named}>{without_styles(markup)}</math>"


def without_styles(markup: str) -> str:
    """Return MathML without the styles that the policy of a deck forbids; its sheet has them."""
    return markup.replace(LEFT, "<mtd>")
