"""The equations of a further backward, as the formula of a step looks: old + added = new."""

from __future__ import annotations

from collections.abc import Iterable

from torch import Tensor

from graphstep.format.formula import Sum, of
from graphstep.format.symbols import symbol
from graphstep.format.tensors import shown
from graphstep.format.term import Term, Word
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.equation import Equation
from graphstep.steps.terms import tensor_term
from graphstep.traced.accumulation import Accumulated, released

NONE = "None"
NAMED = 6
"""So many released operations are named, the rest are counted."""


def accumulation_equations(found: Iterable[Accumulated]) -> tuple[Equation, ...]:
    """Return `a.grad = old + added = new` for every input; one that got nothing has no sum."""
    return tuple(map(_equation, found))


def gradient_equations(trace: TraceGraph) -> tuple[Equation, ...]:
    """Return `a.grad = …` for every input, as its `.grad` stands now."""
    found = []
    for i, leaf in trace.leaves.items():
        value = trace.values[i]
        found.append(_left_with((), value.shown_name, leaf.grad))
    return tuple(found)


def released_text(trace: TraceGraph) -> str:
    """Name the operations whose saved tensors are gone; empty where all are there."""
    gone = released(trace)
    names = [f"{symbol(a.first)} ({a.name.strip('_')})" for a in gone[:NAMED]]
    if len(gone) > NAMED:
        names.append(f"{len(gone) - NAMED:,} more")
    return ", ".join(names)


def _equation(one: Accumulated) -> Equation:
    if one.added is None:
        return _left_with((), one.label, one.new)
    old: Term = Word(NONE) if one.old is None else tensor_term(one.old)
    return _left_with((Sum((of(old), of(tensor_term(one.added)))),), one.label, one.new)


def _left_with(lines: tuple[Sum, ...], label: str, now: Tensor | None) -> Equation:
    return Equation(of(Word(f"{label}.grad")), lines, NONE if now is None else shown(now))
