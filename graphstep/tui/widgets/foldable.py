"""A drawing of a trace in which groups fold and open, with a map of what is out of sight."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip

from graphstep.output.cell_map import mini_map
from graphstep.output.cells import CellLayout, Viewport
from graphstep.output.collapse import FoldedView
from graphstep.tui.cursor import Cursor
from graphstep.tui.folds import Folds, Zoom
from graphstep.tui.widgets.draggable import Draggable


@dataclass(frozen=True, slots=True)
class Map:
    """Hold where the mini-map lies in a pane, and its lines."""

    spot: Region
    lines: tuple[str, ...]


class Foldable(Draggable):
    """Hold what is folded around a cursor; whoever watches the cursor draws it."""

    cursor: reactive[Cursor | None] = reactive(None, repaint=False)
    """Where the reader is."""

    def __init__(self) -> None:
        super().__init__()
        self.layout_shown: CellLayout | None = None
        self._folds: Folds | None = None
        self._mapped: tuple[object, Map] | None = None

    def _folded(self, cursor: Cursor) -> tuple[Folds, FoldedView]:
        if self._folds is None or self._folds.trace is not cursor.timeline.trace:
            self._folds = Folds(cursor.timeline.trace)
        return self._folds, self._folds.view(cursor.timeline)

    def view_at(self, cursor: Cursor) -> FoldedView:
        """Return what draws the timeline of a cursor as it is folded now."""
        return self._folded(cursor)[1]

    def fold(self, by: int, i: int | None = None) -> bool:
        """Open (1) or fold (-1) the group around the current value, or around v_i.

        Tells whether there was one.
        """
        if self.cursor is None:
            return False
        folds, _ = self._folded(self.cursor)
        i = self.cursor.step.i if i is None else i
        changed = folds.expand(i) if by > 0 else folds.collapse(i)
        if changed:
            self.mutate_reactive(Foldable.cursor)
        return changed

    def zoom(self, by: int) -> Zoom | None:
        """Look nearer (1) or from farther away (-1), and return what boxes show then."""
        if self.cursor is None:
            return None
        folds, _ = self._folded(self.cursor)
        tall = self.layout_shown is not None and any(b.height > 3 for b in self.layout_shown.boxes)
        folds.zoom(by, "numbers" if tall else "formulas")
        self.mutate_reactive(Foldable.cursor)
        return folds.shown.zoom

    def map_at(self, cursor: Cursor, pad: Offset) -> Map | None:
        """Return the mini-map, in a corner without the current box.

        There is none of a drawing that is nearly all in sight, nor where it would hide too much.
        """
        room, layout = self.room, self.layout_shown
        if layout is None or room.height < 12 or room.width < 44:
            return None
        if layout.width * layout.height < 3 * room.width * room.height:
            return None
        key = self._folded(cursor)[1].key_of(cursor.step.i)
        view = Viewport(int(self.scroll_x), int(self.scroll_y), room.width, room.height)
        # Each of its rows is painted by itself.
        known = (layout, view, key, pad)
        if self._mapped is None or self._mapped[0] != known:
            self._mapped = known, _map_of(layout, view, key, pad)
        return self._mapped[1]

    def _with_map(self, strip: Strip, y: int, pad: Offset) -> Strip:
        """Lay a row of the mini-map over a row of the drawing."""
        found = self.map_at(self.cursor, pad) if self.cursor is not None else None
        if found is None or not found.spot.y <= y < found.spot.bottom:
            return strip
        look = self.get_component_rich_style("graph--map")
        line = Segment(found.lines[y - found.spot.y], look)
        right = strip.crop(found.spot.right, self.room.width)
        return Strip([*strip.crop(0, found.spot.x), line, *right])


def _map_of(layout: CellLayout, view: Viewport, key: int, pad: Offset) -> Map:
    width, height = min(24, view.width // 3), min(8, view.height // 3)
    spots = [
        Region(x, y, width, height)
        for x in (view.width - width, 0)
        for y in (view.height - height, 0)
    ]
    spot = spots[0]
    if layout.has(key):
        box = layout.box(key)
        current = Region(box.x - view.x + pad.x, box.y - view.y + pad.y, box.width, box.height)
        spot = next((s for s in spots if not s.overlaps(current)), spot)
    line = "─" * (width - 2)
    inside = mini_map(layout, view, key, width - 2, height - 2)
    return Map(spot, (f"┌{line}┐", *(f"│{row}│" for row in inside), f"└{line}┘"))
