"""How far the values and adjoints of a run are from another's, and which operations lost digits."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.drift.reference import Reference
from graphstep.explain.cause import peak
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.place import Place
from graphstep.sweep.reverse import ReverseSweep

CANCELLING = frozenset({"add", "sub", "rsub", "sum", "mean", "addmm", "mm", "bmm", "dot", "mv"})
CANCELS = 10.0
"""A sum that is so many times smaller than what was added up has cancelled."""
VANISHES = 1e6
"""An adjoint that is so many times smaller than the one above is 0 but for rounding."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Say that one operation made the error of v_i, or of its adjoint, from that of its operands.

    Errors are relative to the largest entry. `arrived` is the largest among the operands, and at
    least one rounding; `error` that of the result.
    """

    i: int
    name: str
    op: str
    half: Literal["value", "adjoint"]
    arrived: float
    error: float
    why: str
    place: Place | None

    @property
    def digits(self) -> float:
        """How many decimal digits were lost here: inf for all of them, 0 where none arrived."""
        if self.arrived == math.inf:
            return 0.0
        return math.log10(self.error / self.arrived) if self.error < math.inf else math.inf


def relative_error(ours: Tensor | None, theirs: Tensor | None) -> float:
    """Return the largest difference by the size of the reference's largest entry, in float64.

    Entries that are the same infinity, or nan in both, do not differ; nothing and zero are the
    same. The result is inf where one side alone is not finite.
    """
    if ours is None or theirs is None:
        return 0.0 if peak(ours) == peak(theirs) == 0.0 else math.inf
    kind = torch.complex128 if theirs.is_complex() else torch.float64
    mine, other = (strided(t).cpu().to(kind) for t in (ours, theirs))
    if not mine.numel():
        return 0.0
    same = (mine == other) | (mine.isnan() & other.isnan())
    gap = float(torch.where(same, 0.0, (mine - other).abs()).max())
    size = float(torch.where(other.isfinite(), other.abs(), 0.0).max())
    if gap == 0:
        return 0.0
    return gap / size if gap < math.inf and size else math.inf


def errors(trace: TraceGraph, reference: Reference) -> dict[int, float]:
    """Return the relative error of every value that both runs have."""
    return {i: relative_error(trace.value(i), value) for i, value in reference.values.items()}


def adjoint_errors(sweep: ReverseSweep, reference: Reference) -> dict[int, float]:
    """Return the relative error of every adjoint that both runs have."""
    return {i: relative_error(sweep.adjoints[i], a) for i, a in reference.adjoints.items()}


def losses(trace: TraceGraph, sweep: ReverseSweep, reference: Reference) -> list[Loss]:
    """Return what every operation did to the error, values in order, then adjoints in reverse."""
    by_value, by_adjoint = errors(trace, reference), adjoint_errors(sweep, reference)
    return [
        *_of_values(trace, by_value),
        *_of_adjoints(trace, sweep, reference, by_value, by_adjoint),
    ]


def _of_values(trace: TraceGraph, by_value: dict[int, float]) -> Iterator[Loss]:
    for i, error in by_value.items():
        application = trace.made_by.get(i)
        if application is not None and error:
            arrived = _largest([by_value[p] for p in _parents(application)], trace, i)
            why = _cancelled(trace, application, i)
            value = trace.values[i]
            yield Loss(i, value.name, value.op, "value", arrived, error, why, value.source)


def _of_adjoints(
    trace: TraceGraph,
    sweep: ReverseSweep,
    reference: Reference,
    by_value: dict[int, float],
    by_adjoint: dict[int, float],
) -> Iterator[Loss]:
    for i in sorted(by_adjoint, reverse=True):
        terms = sweep.incoming[i]
        if not by_adjoint[i] or not terms:
            continue
        used: set[float] = set()
        above = 0.0
        for term in terms:
            application = term.application
            above = max([above, *(peak(sweep.adjoints[r]) for r in application.results.values())])
            used |= {by_adjoint[r] for r in application.results.values()}
            used |= {by_value[r] for r in application.results.values()}
            used |= {by_value[p] for p in _parents(application)}
        parts, there = sum(peak(term.value) for term in terms), peak(reference.adjoints[i])
        why = ""
        if len(terms) > 1 and there * CANCELS < parts:
            why = f"its {len(terms)} terms of up to {parts:.3g} cancel to {there:.3g}"
        elif there * VANISHES < above:
            why = f"what is up to {above:.3g} above sums to {there:.3g} in {reference.name}"
        first = trace.values[terms[0].application.first]
        op = " + ".join(dict.fromkeys(term.application.name for term in terms))
        arrived = _largest(used, trace, i)
        yield Loss(
            i, trace.values[i].name, op, "adjoint", arrived, by_adjoint[i], why, first.source
        )


def _parents(application: Application) -> list[int]:
    return [p for p in application.parents if p is not None]


def _largest(arrived: Iterable[float], trace: TraceGraph, i: int) -> float:
    """Return the largest error that arrived, and at least that of one rounding."""
    dtype = trace.value(i).dtype
    rounding = torch.finfo(dtype).eps / 2 if dtype.is_floating_point or dtype.is_complex else 0.0
    return max([rounding, *arrived])


def _cancelled(trace: TraceGraph, application: Application, i: int) -> str:
    """Say by how much a sum is smaller than what it adds up, where that is what lost the digits."""
    if application.name not in CANCELLING:
        return ""
    size, largest = peak(trace.value(i)), _largest_operand(trace, application)
    if size * CANCELS >= largest:
        return ""
    return f"operands of up to {largest:.3g} cancel to {size:.3g}"


def _largest_operand(trace: TraceGraph, application: Application) -> float:
    sizes = [peak(trace.value(p)) for p in _parents(application)]
    if application.operation is not None:
        constants = (ref.tensor for ref in application.operation.operand_refs())
        sizes += [peak(t) for t in constants if t.is_floating_point()]
        sizes += [abs(a) for a in application.operation.args if isinstance(a, int | float)]
    return max(sizes)
