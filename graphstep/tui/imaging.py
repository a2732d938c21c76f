"""One step of a graph as an image of a given size: what is in the window on it."""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import Image

from graphstep.output.collapse import FoldedView
from graphstep.output.dot import Direction
from graphstep.output.image import DPI, Port, centre_of, image_bytes, shape_of
from graphstep.output.picture import Frame, Picture
from graphstep.output.themes import Theme, theme
from graphstep.steps.timeline import Timeline
from graphstep.tui.window import Plan, Size, Window, fit, seen

FEW = 60
"""Of a drawing of more boxes only one direction is laid out."""
DOTS = DPI / 72
"""Pixels of a point."""
MARGIN = 12
"""Pixels around a drawing, into which the frames of its outermost boxes reach."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold a drawing that is laid out, not painted yet."""

    picture: Picture
    frame: Frame
    direction: Direction
    colours: Theme
    plan: Plan


def sheet_at(
    timeline: Timeline,
    at: int,
    view: FoldedView,
    part: frozenset[int] | None,
    size: Size,
    *,
    dark: bool = False,
    predicts: bool = False,
) -> Sheet:
    """Return the drawing of a view at a step, in the direction that fits `size` pixels better.

    Raises as `image_bytes` does.
    """
    picture, frame = view.picture(part), view.frame(at, only=part)
    if predicts:
        frame = view.asking(frame, at, part)
    directions: tuple[Direction, ...] = ("TB", "LR") if len(picture.nodes) <= FEW else ("TB",)
    direction = max(directions, key=lambda one: fit(shape_of(picture, one), size))
    wide, high = (length * DOTS for length in shape_of(picture, direction))
    x, y = centre_of(picture, view.key_of(timeline[at].i), direction)
    shape = (wide + 2 * MARGIN, high + 2 * MARGIN)
    current = ((x * wide + MARGIN) / shape[0], (y * high + MARGIN) / shape[1])
    colours = theme("dark" if dark else "light")
    return Sheet(picture, frame, direction, colours, Plan(shape, current))


def painted(sheet: Sheet, size: Size, window: Window) -> Image.Image:
    """Return what is in the window on a drawing, in exactly `size` pixels.

    The rest is never painted: it may be a hundred times as large. Raises as `image_bytes` does.
    """
    scale, middle = seen(sheet.plan, size, window)
    x, y = (
        (place * length - MARGIN) / (length - 2 * MARGIN)
        for place, length in zip(middle, sheet.plan.shape, strict=True)
    )
    port = Port(size[0] / DOTS, size[1] / DOTS, scale, x, y)
    png = image_bytes(
        sheet.picture, sheet.frame, sheet.colours, "png", direction=sheet.direction, port=port
    )
    canvas = Image.new("RGB", size, sheet.colours.background)
    canvas.paste(Image.open(io.BytesIO(png)).convert("RGB"))
    return canvas
