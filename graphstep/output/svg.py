"""A Picture as SVG: laid out once, then one text a step in which nothing moves."""

from __future__ import annotations

from graphstep.output.dot import (
    FONT,
    FONT_SIZE,
    Direction,
    dot_text,
    engine_for,
)
from graphstep.output.layout import render
from graphstep.output.picture import Frame, Picture
from graphstep.output.svg_frames import Drawing
from graphstep.output.svg_writing import drawing_of
from graphstep.output.themes import Theme, theme


def base_svg(
    picture: Picture,
    theme: Theme,
    *,
    direction: Direction = "TB",
    font: str = FONT,
    font_size: float = FONT_SIZE,
) -> Drawing:
    """Lay out `picture` once and return the Drawing whose frames all have its geometry.

    Raise LayoutError or MissingError where Graphviz cannot draw.
    """
    text = dot_text(picture, font=font, direction=direction, font_size=font_size)
    svg = render(text, "svg", engine_for(picture))
    return drawing_of(picture, theme, svg)


def svg_text(
    picture: Picture,
    frame: Frame | None = None,
    name: str = "light",
    *,
    direction: Direction = "TB",
    font: str = FONT,
    font_size: float = FONT_SIZE,
) -> str:
    """Return the SVG text of one step of `picture` in the theme called `name`."""
    drawing = base_svg(picture, theme(name), direction=direction, font=font, font_size=font_size)
    return drawing.frame(frame)
