"""Answer the engineer's first question of a run gone wrong: where it stops being finite."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.reverse import ReverseSweep


@dataclass(frozen=True, slots=True)
class NonFinite:
    """Name a value, and say in one sentence how it or its adjoint stopped being finite."""

    i: int
    where: Literal["value", "adjoint"]
    sentence: str


def first_non_finite(trace: TraceGraph, sweep: ReverseSweep) -> NonFinite | None:
    """Return the earliest value, then adjoint, in the order of computation that is not finite.

    For an adjoint the sentence names the term that brought it, and a zero adjoint that met an
    infinite local partial as such.
    """
    for i, value in trace.values.items():
        kind = _non_finite(value.value)
        if kind:
            how = f"is given as {kind}" if i <= 0 else f"becomes {kind} in {value.op}"
            return NonFinite(i, "value", f"{value.name} {how}")
    for term in sweep.terms:
        kind = _non_finite(term.value)
        if kind:
            child = trace.values[term.application.first].name
            parent = trace.values[term.parent].name
            sentence = f"the term from {child} ({term.application.name}) to {parent} is {kind}"
            above = sweep.adjoints[term.application.first]
            if above is not None and bool((above == 0).any()) and _non_finite_part(term.partial):
                sentence += f": a zero adjoint times an infinite local partial d{child}/d{parent}"
            return NonFinite(term.parent, "adjoint", sentence)
    return None


def _non_finite(tensor: Tensor | None) -> str:
    if tensor is None or not (tensor.is_floating_point() or tensor.is_complex()):
        return ""
    dense = strided(tensor)
    if bool(dense.isnan().any()):
        return "nan"
    return "" if bool(dense.isfinite().all()) else "inf"


def _non_finite_part(partial: object) -> bool:
    if isinstance(partial, Tensor):
        return bool(_non_finite(partial))
    return isinstance(partial, float) and partial - partial != 0
