"""What a demo prints below its trace: a Jacobian both ways, cards, tangents, second backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp

import torch
from torch import Tensor

from graphstep.demos.demo import View
from graphstep.format.numbers import minus, number
from graphstep.output.plot import Axis, Curve, Plot, axis
from graphstep.output.plot_text import plot_text
from graphstep.steps.card import card
from graphstep.sweep.tangent import tangent_sweep
from graphstep.traced.trace import Trace


def view_text(view: View, trace: Trace, *, ascii: bool = False) -> str:
    """Return one view of a trace as text; with `ascii` a plot needs no braille.

    Those of a second backward run torch's own on the trace's graph, so give each its own trace.
    """
    if view == "curve":
        return plot_text(curve_plot(trace), ascii=ascii)
    lines = [*_VIEWS[view](trace)]
    if view == "tangents":
        lines += ["", plot_text(tangents_plot(trace), ascii=ascii)]
    return "\n".join(lines)


def curve_plot(trace: Trace) -> Plot:
    """Return the entries of the output over those of the trace's one input."""
    (x,) = trace.recorded.inputs
    across, up = trace.value(x).tolist(), _output(trace).tolist()
    ends = axis(trace.values[x].label or "x", (min(across), max(across)))
    drawn = Curve("y", tuple(zip(across, up, strict=True)))
    return Plot(trace.origin.text, ends, axis("y", up), (drawn,))


def tangents_plot(trace: Trace) -> Plot:
    """Return exp on [0, 10] with the tangents at the entries of the trace's one input."""
    curve = Curve("y = eˣ", tuple((x / 10, exp(x / 10)) for x in range(101)))
    tangents = []
    for at, slope in _slopes(trace):
        ends = tuple((at + side / 2, exp(at) + side * slope / 2) for side in (-1, 1))
        tangents.append(Curve(f"tangent at {number(at)}, slope {number(slope)}", ends, path=True))
    height = axis("y", (y for _, y in curve.points))
    return Plot("exp and its tangents", Axis("x", 0, 10), height, (curve, *tangents))


def jacobian_rows(trace: Trace) -> list[Tensor]:
    """Return the Jacobian of the last output row by row: one reverse sweep each."""
    return [_flat(trace.row(k), trace.recorded.inputs) for k in range(_output(trace).numel())]


def jacobian_columns(trace: Trace) -> list[Tensor]:
    """Return the Jacobian of the last output column by column: one forward sweep each.

    Raises InputError where an operation has no forward formula.
    """
    columns = []
    for i in trace.recorded.inputs:
        start = trace.value(i)
        for k in range(start.numel()):
            seed = torch.zeros_like(start)
            seed.view(-1)[k] = 1
            swept = tangent_sweep(trace.recorded, {i: seed})
            columns.append(swept.tangent(trace.recorded.outputs[-1]).flatten())
    return columns


def _jacobian(trace: Trace) -> Iterator[str]:
    rows, columns = jacobian_rows(trace), jacobian_columns(trace)
    names = ", ".join(trace.values[i].shown_name for i in trace.recorded.inputs)
    yield f"Jacobian, ∂y/∂({names}): {len(rows)} × {len(columns)}"
    yield f"  row by row, {_sweeps(len(rows), 'reverse')}, each seeded with 1 in one output"
    yield from (f"    row {k}: {_entries(row)}" for k, row in enumerate(rows))
    yield f"  column by column, {_sweeps(len(columns), 'forward')}, each with ẋ = 1 in one input"
    yield from (f"    column {k}: {_entries(column)}" for k, column in enumerate(columns))
    agree = torch.allclose(torch.stack(rows), torch.stack(columns, 1))
    yield f"  {'both give the same matrix' if agree else 'the two DISAGREE'}"
    if len(rows) == len(columns):
        yield f"  as many outputs as inputs: both modes take {_sweeps(len(rows), '')}"
    else:
        few = "reverse" if len(rows) < len(columns) else "forward"
        yield f"  {few} mode is cheaper here: {min(len(rows), len(columns))} against " + _sweeps(
            max(len(rows), len(columns)), ""
        )


def _cards(trace: Trace) -> Iterator[str]:
    timeline = trace.timeline()
    for count, i in enumerate(trace.values):
        if count:
            yield ""
        shown = card(timeline, i, len(timeline) - 1, entries="numbers", side_by_side=False)
        yield shown.title
        yield from (f"  {word:9}  {text}" for word, text in shown.facts)
        for section in shown.sections:
            yield f"  {section.title}"
            yield from (f"    {line}" for line in section.lines)


def _tangent(trace: Trace) -> Iterator[str]:
    for count, i in enumerate(trace.recorded.inputs):
        if count:
            yield ""
        yield trace.table(mode="tangent", seed=i)


def _tangents(trace: Trace) -> Iterator[str]:
    """Write the line through (x, eˣ) with slope eˣ at every x, half a unit to each side."""
    yield "Tangents, each over [x − 1/2, x + 1/2]"
    for at, slope in _slopes(trace):
        ends = (exp(at) + side * slope / 2 for side in (-1, 1))
        left, right = (minus(number(end)) for end in ends)
        yield f"  x = {number(at)}: slope {number(slope)}, from {left} to {right}"


def _slopes(trace: Trace) -> list[tuple[float, float]]:
    (x,) = trace.recorded.inputs
    slopes = trace.adjoint(x)
    return (
        [] if slopes is None else list(zip(trace.value(x).tolist(), slopes.tolist(), strict=True))
    )


def _accumulation(trace: Trace) -> Iterator[str]:
    for count, call in enumerate(("backward(retain_graph=True)", "backward()"), start=1):
        yield f"{count}. y.{call}"
        again = trace.backward(retain_graph=count == 1)
        yield from (f"     {minus(str(one))}" for one in again)


def _release(trace: Trace) -> Iterator[str]:
    yield "1. y.backward()"
    yield from (f"     {minus(str(one))}" for one in trace.backward())
    yield "2. y.backward()"
    try:
        trace.backward()
    except RuntimeError as error:
        yield f"     RuntimeError: {str(error).partition('.')[0]}."
        yield from (f"     {note}" for note in error.__notes__)


def _output(trace: Trace) -> Tensor:
    return trace.value(trace.recorded.outputs[-1])


def _flat(row: Trace, inputs: Sequence[int]) -> Tensor:
    """Return the adjoints of the inputs one after the other, zeros where none arrives."""
    parts = []
    for i in inputs:
        adjoint = row.adjoint(i)
        parts.append((torch.zeros_like(row.value(i)) if adjoint is None else adjoint).flatten())
    return torch.cat(parts)


def _entries(tensor: Tensor) -> str:
    return minus(f"[{'  '.join(number(entry) for entry in tensor.tolist())}]")


def _sweeps(count: int, mode: str) -> str:
    return " ".join(filter(None, (str(count), mode, "sweep" if count == 1 else "sweeps")))


_VIEWS: Mapping[View, Callable[[Trace], Iterator[str]]] = {
    "accumulation": _accumulation,
    "cards": _cards,
    "jacobian": _jacobian,
    "release": _release,
    "tangent": _tangent,
    "tangents": _tangents,
}
