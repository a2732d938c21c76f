"""What a plot shows, free of any format: axes, curves, paths, level lines and named regions."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from graphstep.format.numbers import minus, number

Point = tuple[float, float]
LARGEST = 1e300
"""Beyond this a float has no room left for the arithmetic of a scale."""


@dataclass(frozen=True, slots=True)
class Axis:
    """Map numbers from `low` to `high` to 0 … 1, evenly or by their logarithm."""

    label: str
    low: float
    high: float
    log: bool = False

    def place(self, value: float) -> float | None:
        """Return where `value` stands, from 0 to 1, or None where it is off the axis."""
        if not math.isfinite(value) or not self.low <= value <= self.high:
            return None
        if self.log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def ticks(self, most: int = 7) -> tuple[tuple[float, str], ...]:
        """Return at most about `most` round numbers on the axis, each with its text."""
        if self.log:
            first, last = (math.log10(end) for end in (self.low, self.high))
            decades = range(math.ceil(first - 1e-9), math.floor(last + 1e-9) + 1)
            if len(decades) > 1:
                every = math.ceil(len(decades) / most)
                return tuple((10.0**k, minus(f"1e{k}")) for k in decades[::every])
            return tuple((end, minus(number(end, 3))) for end in (self.low, self.high))
        step = _round_step((self.high - self.low) / most)
        first = math.ceil(self.low / step - 1e-9)
        last = math.floor(self.high / step + 1e-9)
        return tuple((k * step, minus(f"{k * step:.6g}")) for k in range(first, last + 1))


@dataclass(frozen=True, slots=True)
class Curve:
    """Draw a line through `points`; a `path` has a mark at each, `ring` one around the last."""

    label: str
    points: tuple[Point, ...]
    path: bool = False
    ring: bool = False


@dataclass(frozen=True, slots=True)
class Region:
    """Name the part of the x axis from `low` to `high`."""

    label: str
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Plot:
    """Hold everything that one plot shows; `levels` are level lines, as their pieces."""

    title: str
    x: Axis
    y: Axis
    curves: tuple[Curve, ...]
    levels: tuple[tuple[Point, Point], ...] = ()
    regions: tuple[Region, ...] = ()


def axis(label: str, values: Iterable[float], *, log: bool = False, margin: float = 0.04) -> Axis:
    """Return an axis with room for every finite one of `values` (on a log axis, positive one)."""
    found = [v for v in values if abs(v) < LARGEST and (v > 0 or not log)]
    if not found:
        return Axis(label, 0.1 if log else 0.0, 1.0, log)
    low, high = min(found), max(found)
    if log:
        room = (high / low) ** margin if high > low else 10.0
        return Axis(label, low / room, high * room, log)
    room = (high - low) * margin
    if room <= 1e-9 * max(abs(low), abs(high)):
        room = 0.5 * max(abs(high), 1.0)
    return Axis(label, low - room, high + room)


def _round_step(rough: float) -> float:
    size = 10.0 ** math.floor(math.log10(rough))
    return next(m * size for m in (1, 2, 5, 10) if m * size >= rough * (1 - 1e-9))
