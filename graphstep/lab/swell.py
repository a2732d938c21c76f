"""Expression swell: how a derivative's formula grows, beside what automatic modes cost."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.graph.trace_graph import TraceGraph
from graphstep.lab.operations import cost
from graphstep.lab.symbolic import ClosedForms, count, simplified

MOST_ROWS = 10


@dataclass(frozen=True, slots=True)
class Swell:
    """Hold one value's derivative as formulas, and their operations beside those of AD.

    `simplified` is None where that would take too long. `automatic` counts a pair (v, v̇) from
    the input up to this value (Baydin et al. 2018, Table 1 and §2.2).
    """

    name: str
    formula: str
    derivative: str
    operations: int
    simplified: str | None
    simplified_operations: int | None
    automatic: int


def swell(trace: TraceGraph, formulas: ClosedForms, by: str) -> tuple[Swell, ...]:
    """Return a row for every value that the user named, or for every one; the last ten of many.

    The derivatives are those by the input `by`.
    """
    x = trace.find(by)
    computed = [i for i in trace.values if i > 0]
    named = [i for i in computed if trace.values[i].label or i in trace.outputs]
    chosen = named if len(named) > 1 else computed
    return tuple(_row(trace, formulas, i, x) for i in chosen[-MOST_ROWS:])


def _row(trace: TraceGraph, formulas: ClosedForms, i: int, x: int) -> Swell:
    raw = formulas.derivative(i, x)
    short = simplified(raw)
    spent = cost(trace, i)
    return Swell(
        trace.values[i].shown_name,
        str(formulas.formulas[i]),
        str(raw),
        count(raw),
        None if short is None else str(short),
        None if short is None else count(short),
        spent.values + spent.sweep,
    )
