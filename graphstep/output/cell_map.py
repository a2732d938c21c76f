"""A small map of a drawing in terminal cells: where the boxes are, and what is in sight."""

from __future__ import annotations

from graphstep.output.cell_parts import CellLayout
from graphstep.output.cells import Viewport

BOX, SEEN_BOX, SEEN, CURRENT = "·", "■", "░", "◆"


def mini_map(
    layout: CellLayout, view: Viewport, current: int, width: int, height: int
) -> tuple[str, ...]:
    """Return `height` lines of `width` cells that show all of `layout` at once.

    `·` has boxes out of sight, `■` boxes in sight, `░` is in sight and empty, and `◆` is the
    box of v_current.
    """
    boxes: set[tuple[int, int]] = set()
    here: tuple[int, int] | None = None
    for box in layout.boxes:
        place = (
            min(width - 1, (box.x + box.width // 2) * width // max(1, layout.width)),
            min(height - 1, (box.y + box.height // 2) * height // max(1, layout.height)),
        )
        boxes.add(place)
        if box.key == current and not box.copy:
            here = place
    columns = _span(view.x, view.width, layout.width, width)
    rows = _span(view.y, view.height, layout.height, height)
    lines = []
    for y in range(height):
        cells = []
        for x in range(width):
            seen = x in columns and y in rows
            empty = SEEN if seen else " "
            cells.append((SEEN_BOX if seen else BOX) if (x, y) in boxes else empty)
            if (x, y) == here:
                cells[-1] = CURRENT
        lines.append("".join(cells))
    return tuple(lines)


def _span(start: int, length: int, whole: int, cells: int) -> range:
    """Return which of `cells` a part of a length covers, one at least."""
    first = max(0, start) * cells // max(1, whole)
    stop = -(-min(whole, start + length) * cells // max(1, whole))
    first = min(first, cells - 1)
    return range(first, max(first + 1, stop))
