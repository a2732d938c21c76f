"""What a demo prints below its trace: a Jacobian both ways, cards, tangents, second backwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from math import exp

import torch
from torch import Tensor

from graphstep.demos.demo import View
from graphstep.format.numbers import minus, number
from graphstep.steps.card import card
from graphstep.sweep.tangent import tangent_sweep
from graphstep.traced import Trace


def view_text(view: View, trace: Trace) -> str:
    """Return one view of a trace as text.

    Those of a second backward run torch's own on the trace's graph, so give each its own trace.
    """
    return "\n".join(_VIEWS[view](trace))


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
    names = ", ".join(trace.values[i].label or trace.values[i].name for i in trace.recorded.inputs)
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
        shown = card(timeline, i, len(timeline) - 1)
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
    (x,) = trace.recorded.inputs
    slopes = trace.adjoint(x)
    if slopes is None:
        return
    yield "Tangents, each over [x − 1/2, x + 1/2]"
    for at, slope in zip(trace.value(x).tolist(), slopes.tolist(), strict=True):
        ends = (exp(at) + side * slope / 2 for side in (-1, 1))
        left, right = (minus(number(end)) for end in ends)
        yield f"  x = {number(at)}: slope {number(slope)}, from {left} to {right}"


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
