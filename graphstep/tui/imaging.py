"""One step of a graph as an image of a given size."""

from __future__ import annotations

import io

from PIL import Image

from graphstep.output.collapse import FoldedView
from graphstep.output.dot import Direction
from graphstep.output.image import centre_of, image_bytes, shape_of
from graphstep.output.themes import theme
from graphstep.steps.timeline import Timeline

FEW = 60
"""Of a drawing of more boxes only one direction is laid out."""
SMALLEST = 0.5
"""A drawing is not shrunk further than to this: its letters could not be read."""


def image_at(
    timeline: Timeline,
    at: int,
    view: FoldedView,
    part: frozenset[int] | None,
    size: tuple[int, int],
    *,
    dark: bool = False,
    predicts: bool = False,
) -> Image.Image:
    """Return the drawing of a view at a step, in the direction that fits `size` pixels better.

    Raises as `image_bytes` does.
    """
    picture, frame = view.picture(part), view.frame(at, only=part)
    if predicts:
        frame = view.asking(frame, at, part)
    directions: tuple[Direction, ...] = ("TB", "LR") if len(picture.nodes) <= FEW else ("TB",)
    direction = max(directions, key=lambda one: _scale(shape_of(picture, one), size))
    colours = theme("dark" if dark else "light")
    png = image_bytes(picture, frame, colours, "png", direction=direction)
    centre = centre_of(picture, view.key_of(timeline[at].i), direction)
    return framed(png, size, centre, colours.background)


def _scale(shape: tuple[float, float], size: tuple[int, int]) -> float:
    return min(size[0] / shape[0], size[1] / shape[1])


def framed(
    png: bytes, size: tuple[int, int], centre: tuple[float, float], ground: str
) -> Image.Image:
    """Return a drawing on a ground of exactly `size` pixels.

    It is shrunk until it fits, down to SMALLEST; then what lies around `centre`, a place from 0 to
    1 across and down, is shown.
    """
    drawing = Image.open(io.BytesIO(png)).convert("RGB")
    scale = min(1.0, size[0] / drawing.width, size[1] / drawing.height)
    scale = max(scale, SMALLEST)
    drawing = drawing.resize((round(drawing.width * scale), round(drawing.height * scale)))
    canvas = Image.new("RGB", size, ground)
    canvas.paste(
        drawing,
        (
            _start(drawing.width, size[0], centre[0]),
            _start(drawing.height, size[1], centre[1]),
        ),
    )
    return canvas


def _start(length: int, room: int, centre: float) -> int:
    """Return where a drawing begins in a room: in its middle, or so that its centre is in sight."""
    if length <= room:
        return (room - length) // 2
    return -round(max(0.0, min(length * centre - room / 2, length - room)))
