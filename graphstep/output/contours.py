"""Level lines of a function of two numbers: marching squares over a grid of its values."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

from graphstep.output.plot import Point

Grid = Sequence[Sequence[float]]
"""Rows by y, each with one value an x."""


def levels(values: Grid, count: int = 12) -> tuple[float, ...]:
    """Return `count` levels that lie closer where the function is low, as around a minimum."""
    found = sorted(v for row in values for v in row if math.isfinite(v))
    if not found or found[0] == found[-1]:
        return ()
    low, high = found[0], found[int(0.95 * (len(found) - 1))]
    return tuple(low + (high - low) * ((k + 0.5) / count) ** 2 for k in range(count))


def level_lines(
    xs: Sequence[float], ys: Sequence[float], values: Grid, level: float
) -> Iterator[tuple[Point, Point]]:
    """Yield the pieces of one level line, one or two a cell that it crosses.

    A cell with a corner that is not finite is left out. Where opposite corners lie on one side
    (a saddle), the mean of the corners decides which of them are joined.
    """
    for row in range(len(ys) - 1):
        for column in range(len(xs) - 1):
            # Around the cell, so that neighbours in the list share a side.
            corners = (
                (xs[column], ys[row], values[row][column]),
                (xs[column + 1], ys[row], values[row][column + 1]),
                (xs[column + 1], ys[row + 1], values[row + 1][column + 1]),
                (xs[column], ys[row + 1], values[row + 1][column]),
            )
            if all(math.isfinite(value) for *_, value in corners):
                yield from _cell(corners, level)


def _cell(
    corners: tuple[tuple[float, float, float], ...], level: float
) -> Iterator[tuple[Point, Point]]:
    crossings = []
    for (x0, y0, v0), (x1, y1, v1) in zip(corners, corners[1:] + corners[:1], strict=True):
        if (v0 >= level) != (v1 >= level):
            part = (level - v0) / (v1 - v0)
            crossings.append((x0 + part * (x1 - x0), y0 + part * (y1 - y0)))
    if len(crossings) == 2:
        yield crossings[0], crossings[1]
    elif len(crossings) == 4:
        middle = sum(value for *_, value in corners) / 4
        first = 1 if (middle >= level) == (corners[0][2] >= level) else 3
        yield crossings[0], crossings[first]
        yield crossings[2], crossings[4 - first]
