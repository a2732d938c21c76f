"""What an operation does to the axes of its operands: broadcast, reduced, or run along."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from graphstep.format.symbols import symbol
from graphstep.graph.application import Application
from graphstep.graph.value import Value
from graphstep.rules.scope import arguments
from graphstep.rules.table import FAMILIES, row_for
from graphstep.steps.timeline import Timeline

REDUCING = frozenset(
    row.name
    for family in ("reductions", "running and twofold reductions", "extremes")
    for row in FAMILIES[family]
)
"""The rows whose `dim` says along which axes they go; in all others it says something else."""


def axis_facts(timeline: Timeline, i: int) -> Iterator[tuple[str, str]]:
    """Give, as pairs of a word and what it says, what happened to the axes of the operands."""
    made = timeline.trace.made_by.get(i)
    if made is None:
        return
    values = timeline.trace.values
    for position, parent in enumerate(made.parents):
        if parent is None:
            continue
        term = timeline.term(i, position)
        if term is not None and term.summed:
            axes = broadcast_axes(values[parent], values[i])
            if axes:
                yield "broadcast", f"{_sized(values[parent])} along {axes_text(axes)}"
    yield from _reduced(made, values[i], [values[p] for p in made.parents if p is not None])


def broadcast_axes(small: Value, large: Value) -> list[int]:
    """Return the axes of `large` along which `small` was repeated; none where it does not fit."""
    if small.shape is None or large.shape is None or len(small.shape) > len(large.shape):
        return []
    padded = (None,) * (len(large.shape) - len(small.shape)) + small.shape
    return [k for k, (one, n) in enumerate(zip(padded, large.shape, strict=True)) if one != n]


def axes_text(axes: Sequence[int]) -> str:
    """Return `axis 1` or `axes 0, 2`."""
    return f"ax{'i' if len(axes) == 1 else 'e'}s {', '.join(map(str, axes))}"


def _reduced(made: Application, value: Value, operands: list[Value]) -> Iterator[tuple[str, str]]:
    row = row_for(made)
    if made.operation is None or row is None or row.name not in REDUCING or len(operands) != 1:
        return
    (operand,) = operands
    if not operand.shape:
        return
    asked = arguments(made.operation).get("dim")
    dims = [asked] if isinstance(asked, int) else list(asked or range(len(operand.shape)))
    axes = sorted(dim % len(operand.shape) for dim in dims)
    word = "goes along" if value.shape == operand.shape else "reduces"
    yield word, f"{axes_text(axes)} of {_sized(operand)}"


def _sized(value: Value) -> str:
    return f"{symbol(value.i)} [{', '.join(map(str, value.shape or ()))}]"
