"""One place in a run that made a gradient what it is."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from graphstep.check.verdict import largest, strided
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.place import Place
from graphstep.steps.finite import flaw


@dataclass(frozen=True, slots=True)
class Cause:
    """Say in one sentence what happened at v_i, and where in the user's text.

    `place` is where the operation was asked for, None where that is unknown.
    """

    i: int
    sentence: str
    place: Place | None = None


def is_zero(tensor: Tensor | None) -> bool:
    """Return whether a tensor is there and 0 at every entry."""
    return tensor is not None and not bool(strided(tensor).any())


def is_finite(tensor: Tensor | None) -> bool:
    """Return whether nothing of a tensor is inf or nan; what is not there is finite."""
    return tensor is None or not flaw(tensor)


def peak(tensor: Tensor | None) -> float:
    """Return the size of a tensor's largest entry: 0 for none, nan or inf where one is there."""
    return 0.0 if tensor is None else largest(strided(tensor))


def all_entries(count: int) -> str:
    """Return `at all 16 entries`, or nothing for a scalar."""
    return "" if count == 1 else f" at all {count} entries"


def labelled(trace: TraceGraph, i: int) -> str:
    """Return a value's name, and its label where it has one: `v_-3 (l1.weight)`."""
    value = trace.values[i]
    return f"{value.name} ({value.label})" if value.label else value.name
