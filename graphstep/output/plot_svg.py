"""A Plot as plain SVG text, in the colours of the themes.

Series differ in dash and in the shape of their marks as well as in colour.
"""

from __future__ import annotations

from collections.abc import Iterable
from xml.sax.saxutils import escape

from graphstep.output.labels import visible
from graphstep.output.plot import Curve, Plot, Point
from graphstep.output.themes import DASHES, Theme, theme

WIDTH, HEIGHT = 720.0, 430.0
LEFT, RIGHT, TOP, BOTTOM = 78.0, 20.0, 44.0, 52.0
LEGEND_ROW = 18.0
EDGE = 30.0
"""A region that begins so close to the axis has no line of its own there."""
SERIES = (
    ("operand", "solid", "circle"),
    ("current", "dashed", "square"),
    ("wrong", "dotted", "triangle"),
    ("text", "gapped", "diamond"),
)
"""Role in a Theme, dash and mark of the first, second, … series."""


def plot_svg(plot: Plot, name: str = "light") -> str:
    """Return the SVG text of `plot` in the theme called `name`.

    Labels may hold anything: they are made visible and escaped. Raises InputError for an
    unknown theme.
    """
    chosen = theme(name)
    drawing = _Sheet(plot, chosen)
    height = HEIGHT + LEGEND_ROW * len(plot.curves)
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH:g}" height="{height:g}"'
        f' viewBox="0 0 {WIDTH:g} {height:g}" class="graphstep {chosen.name}" role="img"'
        ' aria-labelledby="plot-title" font-family="sans-serif" font-size="13">',
        f'<title id="plot-title">{_text(plot.title)}</title>',
        f'<rect width="100%" height="100%" fill="{chosen.background}"/>',
        drawing.words(WIDTH / 2, 24, plot.title, "middle", chosen.text, 15),
        *drawing.axes(),
        *drawing.regions(),
        *drawing.levels(),
    ]
    for place, curve in enumerate(plot.curves):
        parts += drawing.curve(curve, *SERIES[place % len(SERIES)])
    parts += drawing.legend()
    return "\n".join([*parts, "</svg>\n"])


class _Sheet:
    """Know where a plot's numbers lie on the page, and write its parts."""

    def __init__(self, plot: Plot, theme: Theme) -> None:
        self.plot, self.theme = plot, theme
        self.bottom = HEIGHT - BOTTOM

    def at(self, point: Point) -> Point | None:
        across, up = self.plot.x.place(point[0]), self.plot.y.place(point[1])
        if across is None or up is None:
            return None
        return LEFT + across * (WIDTH - LEFT - RIGHT), self.bottom - up * (self.bottom - TOP)

    def words(self, x: float, y: float, text: str, anchor: str, colour: str, size: int = 12) -> str:
        return (
            f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" fill="{colour}"'
            f' font-size="{size}">{_text(text)}</text>'
        )

    def line(self, a: Point, b: Point, colour: str, width: float, dash: str = "solid") -> str:
        return (
            f'<line x1="{a[0]:.1f}" y1="{a[1]:.1f}" x2="{b[0]:.1f}" y2="{b[1]:.1f}"'
            f' stroke="{colour}" stroke-width="{width:g}" stroke-dasharray="{DASHES[dash]}"/>'
        )

    def axes(self) -> Iterable[str]:
        plot, colours, right = self.plot, self.theme, WIDTH - RIGHT
        yield self.line((LEFT, self.bottom), (right, self.bottom), colours.line, 1.2)
        yield self.line((LEFT, TOP), (LEFT, self.bottom), colours.line, 1.2)
        for value, text in plot.x.ticks():
            if (spot := self.at((value, plot.y.low))) is not None:
                yield self.line(spot, (spot[0], spot[1] + 5), colours.line, 1.2)
                yield self.words(spot[0], spot[1] + 19, text, "middle", colours.muted)
        for value, text in plot.y.ticks():
            if (spot := self.at((plot.x.low, value))) is not None:
                yield self.line(spot, (spot[0] - 5, spot[1]), colours.line, 1.2)
                yield self.words(spot[0] - 9, spot[1] + 4, text, "end", colours.muted)
        yield self.words((LEFT + right) / 2, self.bottom + 39, plot.x.label, "middle", colours.text)
        middle = (TOP + self.bottom) / 2
        turned = f'<g transform="rotate(-90 18 {middle:.1f})">'
        yield turned + self.words(18, middle, plot.y.label, "middle", colours.text) + "</g>"

    def regions(self) -> Iterable[str]:
        for region in self.plot.regions:
            low = self.at((max(region.low, self.plot.x.low), self.plot.y.low))
            high = self.at((min(region.high, self.plot.x.high), self.plot.y.low))
            if low is None or high is None:
                continue
            if low[0] > LEFT + EDGE:
                yield self.line((low[0], TOP), low, self.theme.muted, 1, "dashed")
            middle = (low[0] + high[0]) / 2
            yield self.words(middle, TOP + 14, region.label, "middle", self.theme.muted)

    def levels(self) -> Iterable[str]:
        pieces = []
        for start, end in self.plot.levels:
            a, b = self.at(start), self.at(end)
            if a is not None and b is not None:
                pieces.append(f"M{a[0]:.1f} {a[1]:.1f}L{b[0]:.1f} {b[1]:.1f}")
        if pieces:
            yield (
                f'<path class="levels" d="{"".join(pieces)}" fill="none"'
                f' stroke="{self.theme.muted}" stroke-width="0.8"/>'
            )

    def curve(self, curve: Curve, role: str, dash: str, mark: str) -> Iterable[str]:
        colour = getattr(self.theme, role)
        drawn = [self.at(point) for point in curve.points]
        moves, pen_down = [], False
        for spot in drawn:
            if spot is not None:
                moves.append(f"{'L' if pen_down else 'M'}{spot[0]:.1f} {spot[1]:.1f}")
            pen_down = spot is not None
        yield (
            f'<path class="curve" d="{"".join(moves)}" fill="none" stroke="{colour}"'
            f' stroke-width="{1.4 if curve.path else 2:g}" stroke-dasharray="{DASHES[dash]}"'
            ' stroke-linejoin="round"/>'
        )
        if curve.path:
            seen = [spot for spot in drawn if spot is not None]
            yield from (_mark(spot, mark, colour) for spot in seen)
            if seen and curve.ring:
                x, y = seen[-1]
                yield (
                    f'<circle cx="{x:.1f}" cy="{y:.1f}" r="8" fill="none" stroke="{colour}"'
                    ' stroke-width="2"/>'
                )

    def legend(self) -> Iterable[str]:
        for place, curve in enumerate(self.plot.curves):
            role, dash, mark = SERIES[place % len(SERIES)]
            colour = getattr(self.theme, role)
            y = HEIGHT + place * LEGEND_ROW
            yield self.line((LEFT, y), (LEFT + 34, y), colour, 2, dash)
            if curve.path:
                yield _mark((LEFT + 17, y), mark, colour)
            yield self.words(LEFT + 42, y + 4, visible(curve.label, 90), "start", self.theme.text)


def _mark(spot: Point, mark: str, colour: str) -> str:
    x, y = spot
    if mark == "circle":
        return f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>'
    corners = {
        "square": ((-3, -3), (3, -3), (3, 3), (-3, 3)),
        "triangle": ((0, -4.5), (4, 3), (-4, 3)),
        "diamond": ((0, -4.5), (4.5, 0), (0, 4.5), (-4.5, 0)),
    }[mark]
    points = " ".join(f"{x + dx:.1f},{y + dy:.1f}" for dx, dy in corners)
    return f'<polygon class="mark" points="{points}" fill="{colour}"/>'


def _text(text: str) -> str:
    return escape(visible(text, 110), {'"': "&quot;"})
