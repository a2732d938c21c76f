"""The window on a drawing that is larger than its pane: how near, and around which place."""

from __future__ import annotations

from dataclasses import dataclass, replace

SMALLEST = 0.5
"""A drawing is not shrunk further than to this by itself: its letters could not be read."""
LARGEST = 2.0
NEARER = 1.4
"""By what one step of the zoom enlarges."""
INSIDE = 0.4
"""The current box is in sight up to this far from the middle of the window, of its size."""

Size = tuple[int, int]
Place = tuple[float, float]
"""Where something is in a drawing, from 0 to 1 across and down."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the pixels of a whole drawing, and where in it the current box has its middle."""

    shape: tuple[float, float]
    current: Place


@dataclass(frozen=True, slots=True)
class Window:
    """Say how much a drawing is enlarged, and which place of it is in the middle.

    None of a scale is what fits, None of a middle the current box.
    """

    scale: float | None = None
    middle: Place | None = None


def seen(plan: Plan, size: Size, window: Window) -> tuple[float, Place]:
    """Return the scale of a window of `size` pixels, and the place that is in its middle.

    Nothing beyond the edges is in it where there is enough within them.
    """
    scale = _scale(plan, size, window)
    middle = plan.current if window.middle is None else window.middle
    x, y = (
        _within(place * length * scale, length * scale, room) / (length * scale)
        for place, length, room in zip(middle, plan.shape, size, strict=True)
    )
    return scale, (x, y)


def zoomed(plan: Plan, size: Size, window: Window, by: int) -> Window:
    """Return the window nearer (1) or farther (-1): from the whole drawing to twice its size."""
    whole = min(1.0, fit(plan.shape, size))
    scale = _scale(plan, size, window) * NEARER**by
    return replace(window, scale=max(whole, min(scale, LARGEST)))


def panned(plan: Plan, size: Size, window: Window, right: int, down: int) -> Window:
    """Return the window moved by so many pixels, as far as there is more to see."""
    scale, (x, y) = seen(plan, size, window)
    moved = x + right / (plan.shape[0] * scale), y + down / (plan.shape[1] * scale)
    return replace(window, middle=seen(plan, size, replace(window, middle=moved))[1])


def followed(plan: Plan, size: Size, window: Window) -> Window:
    """Return the window as it is where the current box is in sight, else around that box."""
    scale, middle = seen(plan, size, window)
    away = (
        abs(current - place) * length * scale > INSIDE * room
        for current, place, length, room in zip(plan.current, middle, plan.shape, size, strict=True)
        if length * scale > room
    )
    return replace(window, middle=plan.current if any(away) else middle)


def fit(shape: tuple[float, float], size: Size) -> float:
    """Return by what a drawing is multiplied to fill a pane."""
    return min(size[0] / shape[0], size[1] / shape[1])


def _scale(plan: Plan, size: Size, window: Window) -> float:
    if window.scale is not None:
        return window.scale
    return max(min(1.0, fit(plan.shape, size)), SMALLEST)


def _within(place: float, length: float, room: int) -> float:
    if length <= room:
        return length / 2
    return max(room / 2, min(place, length - room / 2))
