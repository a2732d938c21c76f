"""Breakpoints: where playing stops, at a value, an operation, a shape or a non-finite number."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from graphstep.errors import InputError
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.finite import flaw
from graphstep.steps.timeline import Timeline

BreakKind = Literal["value", "op", "shape", "nonfinite"]


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Stop at the steps of a value, an operation, a shape, or where a number is not finite."""

    kind: BreakKind
    what: str = ""
    i: int | None = None
    shape: tuple[int, ...] | None = None

    @property
    def text(self) -> str:
        """What to type for it."""
        return "nonfinite" if self.kind == "nonfinite" else f"{self.kind} {self.what}"


def breakpoint_of(trace: TraceGraph, text: str) -> Breakpoint:
    """Return the breakpoint that a text asks for.

    It is `v_3`, a label, `op mul`, `shape 2,3` or `nonfinite`. Raises InputError for anything
    else, and for what the trace does not have.
    """
    word, _, rest = text.strip().replace(":", " ").partition(" ")
    rest = rest.strip()
    if word in ("nonfinite", "nan", "inf") and not rest:
        return Breakpoint("nonfinite")
    if word == "op" and rest:
        known = sorted({v.op.strip("_") for v in trace.values.values() if not v.is_input})
        if rest not in known:
            raise InputError(f"no operation {rest!r} in this trace (it has {', '.join(known)})")
        return Breakpoint("op", rest)
    if word == "shape" and text.strip() != "shape":
        shape = _shape(rest)
        if all(v.shape != shape for v in trace.values.values()):
            raise InputError(f"no value of the shape [{', '.join(map(str, shape))}] in this trace")
        return Breakpoint("shape", f"[{', '.join(map(str, shape))}]", shape=shape)
    name = rest if word == "value" and rest else text.strip()
    i = trace.find(int(name) if name.lstrip("-").isdecimal() and len(name) < 10 else name)
    return Breakpoint("value", trace.values[i].name, i=i)


def stops(timeline: Timeline, breakpoints: Iterable[Breakpoint]) -> tuple[int, ...]:
    """Return the steps at which any of the breakpoints stops, in order."""
    found: set[int] = set()
    for one in breakpoints:
        found.update(step.index for step in timeline if _stops(timeline, one, step.index))
    return tuple(sorted(found))


def next_stop(stopping: tuple[int, ...], at: int) -> int | None:
    """Return the first stop after step `at`, or None."""
    place = bisect_right(stopping, at)
    return stopping[place] if place < len(stopping) else None


def _shape(text: str) -> tuple[int, ...]:
    inside = text.strip().removeprefix("[").removesuffix("]").strip()
    try:
        return tuple(int(part) for part in inside.replace("x", ",").split(",") if part.strip())
    except ValueError:
        raise InputError(
            f"{text!r} is no shape: write shape [2, 3], or shape [] for a number"
        ) from None


def _stops(timeline: Timeline, one: Breakpoint, index: int) -> bool:
    step, trace = timeline[index], timeline.trace
    value = trace.values[step.i]
    match one.kind:
        case "value":
            return step.i == one.i
        case "op":
            # In reverse, an operation works where it hands its terms down.
            if step.half == "forward":
                return value.op.strip("_") == one.what
            return any(term.application.name.strip("_") == one.what for term in step.terms)
        case "shape":
            return value.shape == one.shape
    if step.half == "forward":
        return bool(flaw(value.value))
    return any(flaw(term.value) for term in step.terms) or (
        step.before + len(step.terms) >= len(timeline.sweep.incoming[step.i])
        and bool(flaw(timeline.sweep.adjoints[step.i]))
    )
