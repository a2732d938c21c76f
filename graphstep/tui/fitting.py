"""Which drawing fits a pane: all values or a part, top-down or left to right, how many lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from math import ceil

from graphstep.output.cells import CellLayout, cell_layout
from graphstep.output.collapse import FoldedView
from graphstep.output.dot import Direction
from graphstep.output.neighbourhood import neighbourhood
from graphstep.output.picture import Picture
from graphstep.steps.step import Grain
from graphstep.steps.timeline import Timeline
from graphstep.tui.folds import AS_IT_IS, LINES, Shown, name_of

MOST_NODES = 300
"""A larger graph is shown in part: what lies near the current value."""

LEAST_NODES = 12
"""So many values of a larger graph are shown at least, where there are as many near enough."""
AHEAD = 6
"""So many steps ahead of the reader the next part is looked for."""

SHAPES: tuple[tuple[int, Direction], ...] = ((4, "TB"), (4, "LR"), (1, "TB"), (1, "LR"))
WIDEST = 26


@dataclass(frozen=True, slots=True)
class Wanted:
    """Say which drawing is wanted: the part of the graph (None: all of it), the pane's size.

    `shown` says what is folded in it, and how near it is looked at.
    """

    grain: Grain
    part: frozenset[int] | None
    width: int
    height: int
    shown: Shown = AS_IT_IS


def part_around(
    timeline: Timeline, at: int, shown: frozenset[int] | None, boxes: int | None = None
) -> frozenset[int] | None:
    """Return the part of the graph to show at a step; None is all of it.

    `boxes` says how many the whole drawing has, where some of its values are folded.

    The part `shown` so far stays while it has everything next to the current value: a drawing
    that moves at every step cannot be followed.
    """
    trace, step = timeline.trace, timeline[at]
    if (len(trace) if boxes is None else boxes) <= MOST_NODES:
        return None
    # An input that is used everywhere is shown where the present term of its adjoint comes from.
    centre = step.terms[0].application.first if step.i <= 0 and step.terms else step.i
    needed = neighbourhood(trace, centre, edges=1) | {step.i}
    if shown is not None and needed <= shown:
        return shown
    return neighbourhood(trace, centre, least=LEAST_NODES) | needed


def next_part(
    timeline: Timeline, at: int, by: int, shown: frozenset[int], boxes: int
) -> frozenset[int] | None:
    """Return the part that takes the place of `shown` once the reader goes on by `by` (1 or -1).

    None where it stays for the steps looked at.
    """
    for step in range(at + by, at + by * (AHEAD + 1), by):
        if not 0 <= step < len(timeline):
            break
        part = part_around(timeline, step, shown, boxes)
        if part != shown:
            return part
    return None


def fitting(
    timeline: Timeline,
    wanted: Wanted,
    given_up: Callable[[], bool],
    view: FoldedView | None = None,
) -> CellLayout | None:
    """Lay out the most detailed drawing that fits, else one that needs little scrolling.

    `view` draws the timeline as it is folded (default: nothing is). A zoom that was chosen
    decides how many lines a box has.

    Returns None once `given_up()`. Raises as `cell_layout` does.
    """
    view = view or FoldedView(timeline, ())
    picture = view.picture(wanted.part)
    if wanted.shown.zoom == "names":
        nodes = (replace(node, lines=(name_of(view, node.key),)) for node in picture.nodes)
        picture = replace(picture, nodes=tuple(nodes))
    tried: list[CellLayout] = []
    for layout in _layouts(picture, wanted):
        if given_up():
            return None
        if layout.width <= wanted.width and layout.height <= wanted.height:
            return layout
        tried.append(layout)
    pages = [ceil(t.width / wanted.width) * ceil(t.height / wanted.height) for t in tried]
    # A large pane can afford some scrolling for the sake of the numbers in the boxes.
    most = min(pages) * (2 if wanted.width >= 60 and wanted.height >= 24 else 1)
    return next(t for t, count in zip(tried, pages, strict=True) if count <= most)


def _layouts(picture: Picture, wanted: Wanted) -> Iterator[CellLayout]:
    widest = max(8, min(WIDEST, wanted.width - 6))
    # Four layouts of a large graph would take seconds, and none of them would fit.
    shapes = SHAPES if len(picture.nodes) <= 60 else (SHAPES[2],)
    if wanted.shown.zoom is not None:
        most = LINES[wanted.shown.zoom]
        shapes = tuple((most, direction) for direction in dict.fromkeys(d for _, d in shapes))
    for lines, direction in shapes:
        yield cell_layout(picture, direction=direction, line_limit=lines, widest=widest)
