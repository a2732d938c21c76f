"""A drawing of a trace in which groups fold and open, with a map of what is out of sight."""

from __future__ import annotations

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


class Foldable(Draggable):
    """Hold what is folded around a cursor; whoever watches the cursor draws it."""

    cursor: reactive[Cursor | None] = reactive(None, repaint=False)
    """Where the reader is."""

    def __init__(self) -> None:
        super().__init__()
        self.layout_shown: CellLayout | None = None
        self._folds: Folds | None = None

    def _folded(self, cursor: Cursor) -> tuple[Folds, FoldedView]:
        if self._folds is None or self._folds.trace is not cursor.timeline.trace:
            self._folds = Folds(cursor.timeline.trace)
        return self._folds, self._folds.view(cursor.timeline)

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

    def _with_map(self, strip: Strip, y: int, layout: CellLayout, pad: Offset) -> Strip:
        """Lay a row of the mini-map over a row of the drawing, in a corner without the current box.

        There is no map of a drawing that is nearly all in sight.
        """
        room = self.room
        if self.cursor is None or room.height < 12 or room.width < 44:
            return strip
        if layout.width * layout.height < 3 * room.width * room.height:
            return strip
        width, height = min(24, room.width // 3), min(8, room.height // 3)
        key = self._folded(self.cursor)[1].key_of(self.cursor.step.i)
        spots = [
            Region(x, y, width, height)
            for x in (room.width - width, 0)
            for y in (room.height - height, 0)
        ]
        spot = spots[0]
        if layout.has(key):
            box = layout.box(key)
            left, top = box.x - int(self.scroll_x) + pad.x, box.y - int(self.scroll_y) + pad.y
            current = Region(left, top, box.width, box.height)
            spot = next((s for s in spots if not s.overlaps(current)), spot)
        if not spot.y <= y < spot.bottom:
            return strip
        view = Viewport(int(self.scroll_x), int(self.scroll_y), room.width, room.height)
        if y in (spot.y, spot.bottom - 1):
            ends = "┌┐" if y == spot.y else "└┘"
            line = f"{ends[0]}{'─' * (width - 2)}{ends[1]}"
        else:
            lines = mini_map(layout, view, key, width - 2, height - 2)
            line = f"│{lines[y - spot.y - 1]}│"
        look = self.get_component_rich_style("graph--map")
        right = strip.crop(spot.right, room.width)
        return Strip([*strip.crop(0, spot.x), Segment(line, look), *right])
