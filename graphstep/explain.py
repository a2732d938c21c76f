"""Answer the engineer's first questions: where a gradient is zero, or stops being finite."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.reverse import ReverseSweep


@dataclass(frozen=True, slots=True)
class Finding:
    """Name a value and say in one sentence what is wrong with it or with its adjoint."""

    i: int
    where: Literal["value", "adjoint"]
    sentence: str


def first_non_finite(trace: TraceGraph, sweep: ReverseSweep) -> Finding | None:
    """Return the earliest value, then adjoint, in the order of computation that is not finite.

    For an adjoint the sentence names the term that brought it, and a zero adjoint that met an
    infinite local partial as such.
    """
    for i, value in trace.values.items():
        kind = _non_finite(value.value)
        if kind:
            how = "is given as" if i <= 0 else f"becomes {kind} in {value.op}, as"
            return Finding(i, "value", f"{value.name} {how} {kind}".removesuffix(f", as {kind}"))
    for term in sweep.terms:
        kind = _non_finite(term.value)
        if kind:
            child = trace.values[term.application.first].name
            parent = trace.values[term.parent].name
            sentence = f"the term from {child} ({term.application.name}) to {parent} is {kind}"
            above = sweep.adjoints[term.application.first]
            if above is not None and bool((above == 0).any()) and _non_finite_part(term.partial):
                sentence += f": a zero adjoint times an infinite local partial d{child}/d{parent}"
            return Finding(term.parent, "adjoint", sentence)
    return None


def zero_adjoints(trace: TraceGraph, sweep: ReverseSweep) -> Iterator[int]:
    """Yield, in reverse order, every v_i whose adjoint is zero throughout."""
    for i in reversed(trace.values):
        adjoint = sweep.adjoints[i]
        if adjoint is not None and adjoint.numel() and not bool(adjoint.any()):
            yield i


def _non_finite(tensor: Tensor | None) -> str:
    if tensor is None or not (tensor.is_floating_point() or tensor.is_complex()):
        return ""
    if bool(tensor.isnan().any()):
        return "nan"
    return "" if bool(tensor.isfinite().all()) else "inf"


def _non_finite_part(partial: object) -> bool:
    if isinstance(partial, Tensor):
        return bool(_non_finite(partial))
    return isinstance(partial, float) and partial - partial != 0
