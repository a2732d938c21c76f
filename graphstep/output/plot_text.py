"""A Plot in a terminal: lines in braille dots, or in full stops where only ASCII is shown."""

from __future__ import annotations

from collections.abc import Iterator

from graphstep.output.labels import cell_width, clipped, visible
from graphstep.output.plot import Curve, Plot, Point

BRAILLE = 0x2800
DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bit of each dot of a cell, by row and column."""
MARKS = "ox+*#%"
"""What stands at the points of the first, second, … path."""
GUTTER = 10


def plot_text(plot: Plot, width: int = 72, height: int = 16, *, ascii: bool = False) -> str:
    """Return `plot` as lines of text, `width` cells wide, with `height` rows between the axes."""
    canvas = _Canvas(plot, max(width - GUTTER - 1, 20), max(height, 4))
    for start, end in plot.levels:
        canvas.line(start, end)
    for curve in plot.curves:
        for start, end in zip(curve.points, curve.points[1:], strict=False):
            canvas.line(start, end)
    for curve, mark in _marked(plot):
        for point in reversed(curve.points):
            canvas.letter(point, mark)
    return "\n".join(line.rstrip() for line in _framed(plot, canvas, ascii))


def _marked(plot: Plot) -> Iterator[tuple[Curve, str]]:
    paths = [curve for curve in plot.curves if curve.path]
    if not paths and len(plot.curves) > 1:
        paths = list(plot.curves)
    for place, curve in enumerate(paths):
        yield curve, MARKS[place % len(MARKS)]


def _framed(plot: Plot, canvas: _Canvas, ascii: bool) -> Iterator[str]:
    side, corner, floor = ("|", "+", "-") if ascii else ("│", "└", "─")
    yield visible(plot.title, GUTTER + canvas.width)
    yield visible(plot.y.label, GUTTER + canvas.width)
    texts = {canvas.row(value): text for value, text in plot.y.ticks(max(3, canvas.height // 3))}
    for row in range(canvas.height):
        yield f"{texts.get(row, ''):>{GUTTER - 1}} {side}{canvas.text(row, ascii)}"
    yield f"{'':{GUTTER}}{corner}{floor * canvas.width}"
    yield f"{'':{GUTTER}} {_ruler(plot, canvas)}"
    yield f"{'':{GUTTER}} {visible(plot.x.label, canvas.width):^{canvas.width}}"
    if plot.regions:
        yield "regions: " + "; ".join(
            f"{visible(r.label)} {r.low:.2g} to {r.high:.2g}" for r in plot.regions
        )
    for curve, mark in _marked(plot):
        yield f"{mark} {clipped(visible(curve.label), GUTTER + canvas.width - 2)}"


def _ruler(plot: Plot, canvas: _Canvas) -> str:
    ruler = [" "] * canvas.width
    for value, text in plot.x.ticks(max(3, canvas.width // 10)):
        across = plot.x.place(value)
        if across is None:
            continue
        first = round(across * (canvas.width - 1)) - cell_width(text) // 2
        first = min(max(first, 0), canvas.width - len(text))
        if all(c == " " for c in ruler[max(0, first - 1) : first + len(text) + 1]):
            ruler[first : first + len(text)] = text
    return "".join(ruler)


class _Canvas:
    """Hold dots, two by four a cell, and the letters that stand before them."""

    def __init__(self, plot: Plot, width: int, height: int) -> None:
        self.plot, self.width, self.height = plot, width, height
        self._dots: dict[tuple[int, int], int] = {}
        self._letters: dict[tuple[int, int], str] = {}

    def row(self, value: float) -> int:
        """Return the row of cells at which a y value stands; -1 where it is off the axis."""
        up = self.plot.y.place(value)
        return -1 if up is None else round((1 - up) * (4 * self.height - 1)) // 4

    def line(self, start: Point, end: Point) -> None:
        """Draw a straight line between two points that are both on the plot."""
        a, b = self._dot(start), self._dot(end)
        if a is None or b is None:
            return
        count = max(abs(b[0] - a[0]), abs(b[1] - a[1]), 1)
        for k in range(count + 1):
            x = round(a[0] + (b[0] - a[0]) * k / count)
            y = round(a[1] + (b[1] - a[1]) * k / count)
            cell = (x // 2, y // 4)
            self._dots[cell] = self._dots.get(cell, 0) | DOTS[y % 4][x % 2]

    def letter(self, point: Point, mark: str) -> None:
        """Put a letter at a point."""
        dot = self._dot(point)
        if dot is not None:
            self._letters[dot[0] // 2, dot[1] // 4] = mark

    def text(self, row: int, ascii: bool) -> str:
        """Return one row of cells."""
        cells = []
        for column in range(self.width):
            dots = self._dots.get((column, row), 0)
            drawn = " " if not dots else "." if ascii else chr(BRAILLE + dots)
            cells.append(self._letters.get((column, row), drawn))
        return "".join(cells)

    def _dot(self, point: Point) -> tuple[int, int] | None:
        across, up = self.plot.x.place(point[0]), self.plot.y.place(point[1])
        if across is None or up is None:
            return None
        return round(across * (2 * self.width - 1)), round((1 - up) * (4 * self.height - 1))
