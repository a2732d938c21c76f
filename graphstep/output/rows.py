"""The rows of a trace table: one a step, every part as text in the style asked for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from graphstep.check.verdict import Verdict
from graphstep.errors import InputError
from graphstep.format.numbers import minus
from graphstep.format.symbols import Style, symbol
from graphstep.format.tensors import gist, shown
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.equation import Equation
from graphstep.steps.step import Step
from graphstep.steps.tangents import tangent_equation
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep

Mode = Literal["all", "forward", "reverse", "tangent"]
MODES: tuple[Mode, ...] = ("all", "forward", "reverse", "tangent")
Section = Literal["forward", "tangent", "reverse"]


@dataclass(frozen=True, slots=True)
class Row:
    """Hold one row: `name` = each of `lines` = `result`, and torch's number where it was compared.

    `ok` is None in rows that the check does not compare: values, partial sums.
    """

    section: Section
    i: int
    name: str
    lines: tuple[str, ...]
    result: str
    label: str = ""
    torch: str = ""
    ok: bool | None = None
    rule: str = ""
    note: str = ""


def rows_of(
    timeline: Timeline, mode: Mode, style: Style, tangents: TangentSweep | None = None
) -> list[Row]:
    """Return the rows of the asked half or halves, in the order in which they are computed.

    Raises InputError for an unknown mode, and for tangents that no formula of ours gives.
    """
    if mode not in MODES:
        raise InputError(f"unknown mode {mode!r} (must be one of {', '.join(MODES)})")
    found: list[Row] = []
    if mode in ("all", "forward"):
        found += [_row(timeline, step, style) for step in timeline if step.half == "forward"]
    if mode == "tangent" and tangents is not None:
        found += [
            _equation_row("tangent", i, tangent_equation(timeline.trace, tangents, i), style)
            for i in timeline.trace.values
        ]
    if mode in ("all", "reverse"):
        found += [_row(timeline, step, style) for step in timeline if step.half == "reverse"]
        found += list(_without_path(timeline, style))
    return found


def _row(timeline: Timeline, step: Step, style: Style) -> Row:
    equation = timeline.equation(step.index)
    value = timeline.trace.values[step.i]
    if step.half == "forward":
        return _equation_row("forward", step.i, equation, style, label=value.label or "")
    state = timeline.adjoint_state(step.i, step.index)
    verdict = timeline.verdicts.get(step.i) if state.kind == "final" else None
    rules = dict.fromkeys(term.rule for term in step.terms)
    return _equation_row(
        "reverse",
        step.i,
        equation,
        style,
        label=value.label or "",
        torch="" if verdict is None else _signed(_torch(verdict), style),
        ok=None if verdict is None else verdict.ok,
        rule="+".join(rules),
        note="partial" if state.kind == "partial" else "",
    )


def _torch(verdict: Verdict) -> str:
    """Return torch's number; the entries of a large tensor, where they are not ours."""
    return shown(verdict.torch) if verdict.ok else gist(verdict.torch)


def _equation_row(section: Section, i: int, equation: Equation, style: Style, **more: Any) -> Row:
    texts = equation.texts(style)
    return Row(section, i, equation.left.text(style), texts[:-1], texts[-1], **more)


def _without_path(timeline: Timeline, style: Style) -> Iterator[Row]:
    trace: TraceGraph = timeline.trace
    for i in reversed(trace.values):
        if timeline.sweep.adjoints[i] is None:
            reason = timeline.no_path_reason(i)
            label = trace.values[i].label or ""
            name = symbol(i, "adjoint", style)
            yield Row("reverse", i, name, (), "no path", label=label, note=reason)


def _signed(text: str, style: Style) -> str:
    return minus(text) if style == "unicode" else text
