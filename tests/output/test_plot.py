"""Plots: axes with round numbers, level lines that lie on their level, and hostile labels."""

from __future__ import annotations

import math
import xml.etree.ElementTree as ElementTree

import pytest

from graphstep.errors import InputError
from graphstep.output.contours import level_lines, levels
from graphstep.output.plot import Axis, Curve, Plot, Point, Region, axis
from graphstep.output.plot_svg import plot_svg
from graphstep.output.plot_text import plot_text

HOSTILE = '</text><script>alert("1")</script>\x1b[2J\u202e&'
LINE = Plot("title", Axis("x", 0, 10), Axis("y", 0, 10), (Curve("rise", ((0, 0), (10, 10))),))


def test_an_axis_has_round_ticks() -> None:
    assert [text for _, text in Axis("x", -0.7, 2.1).ticks(4)] == ["0", "1", "2"]
    assert [text for _, text in Axis("h", 1e-17, 1e-1, log=True).ticks(4)] == [
        "1e−17", "1e−12", "1e−7", "1e−2"
    ]  # fmt: skip
    assert Axis("x", 0, 4).place(3) == 0.75
    assert Axis("x", 1, 100, log=True).place(10) == pytest.approx(0.5)
    assert Axis("x", 0, 4).place(math.nan) is None


@pytest.mark.parametrize(
    "values", [[], [math.nan, math.inf], [3.0], [0.0], [1e-300, 1e-300], [1e299, -1e299]]
)
def test_an_axis_stands_whatever_it_is_given(values: list[float]) -> None:
    for log in (False, True):
        found = axis("x", values, log=log)
        assert found.low < found.high
        found.ticks()


def test_level_lines_lie_on_their_level() -> None:
    spots = [k / 10 - 2 for k in range(41)]
    grid = [[x * x + y * y for x in spots] for y in spots]
    pieces = list(level_lines(spots, spots, grid, 1.0))
    assert len(pieces) > 40
    for piece in pieces:
        for x, y in piece:
            assert math.hypot(x, y) == pytest.approx(1, abs=0.01)
    assert len(levels(grid)) == 12
    assert levels([[2.0, 2.0]]) == ()
    assert list(level_lines([0, 1], [0, 1], [[math.nan, 1], [2, 3]], 1.5)) == []


def test_a_saddle_joins_the_corners_on_the_side_of_its_middle() -> None:
    corners = [[1.0, 0.0], [0.0, 1.0]]
    joined = [_middle(p) for p in level_lines([0, 1], [0, 1], corners, 0.4)]
    apart = [_middle(p) for p in level_lines([0, 1], [0, 1], corners, 0.6)]
    assert sorted(joined) == [pytest.approx((0.2, 0.8)), pytest.approx((0.8, 0.2))]
    assert sorted(apart) == [pytest.approx((0.2, 0.2)), pytest.approx((0.8, 0.8))]


def _middle(piece: tuple[Point, Point]) -> Point:
    (x0, y0), (x1, y1) = piece
    return (x0 + x1) / 2, (y0 + y1) / 2


def test_a_terminal_plot() -> None:
    rows = plot_text(LINE, 40, 5).splitlines()
    assert rows[0] == "title"
    assert "⡠" in rows[2] or "⠔" in rows[2] or "⠊" in rows[2]
    plain = plot_text(LINE, 40, 5, ascii=True)
    assert plain.isascii()
    assert "." in plain


@pytest.mark.parametrize("theme", ["light", "dark", "print"])
def test_hostile_labels_are_text(theme: str) -> None:
    plot = Plot(
        HOSTILE,
        Axis(HOSTILE, 0, 1),
        Axis(HOSTILE, 0, 1),
        (Curve(HOSTILE, ((0, 0), (1, 1)), path=True), Curve("nan", ((0, math.nan), (1, 1)))),
        regions=(Region(HOSTILE, 0.2, 0.9),),
    )
    svg = plot_svg(plot, theme)
    root = ElementTree.fromstring(svg)
    assert not [e for e in root.iter() if e.tag.endswith("script")]
    for text in (svg, plot_text(plot)):
        assert "\x1b" not in text
        assert "\u202e" not in text


def test_an_unknown_theme() -> None:
    with pytest.raises(InputError, match="unknown theme 'pink'"):
        plot_svg(LINE, "pink")


def test_lines_of_their_own_have_letters_where_there_are_several() -> None:
    two = Plot("", LINE.x, LINE.y, (*LINE.curves, Curve("fall", ((0, 10), (10, 0)))))
    assert plot_text(two).splitlines()[-2:] == ["o rise", "x fall"]
    assert "rise" not in plot_text(LINE)
