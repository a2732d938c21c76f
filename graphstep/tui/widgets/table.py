"""The trace table: forward values on the left, reverse adjoints on the right, a row a step."""

from __future__ import annotations

from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click, Resize
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from graphstep.output.labels import cell_width, clipped
from graphstep.steps.tangents import Tangents
from graphstep.tui.cursor import Cursor
from graphstep.tui.messages import StepChosen, ValueChosen
from graphstep.tui.trace_rows import (
    Piece,
    Pieces,
    forward_cell,
    no_path_cell,
    reverse_cell,
    row_count,
    tangent_cell,
)

DIVIDER = " │"
HEAD = 1
"""The first line heads the columns and does not scroll."""


class TraceTable(ScrollView, can_focus=False):
    """Show the rows around the cursor; only those in sight are ever computed."""

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "table--head", "table--divider", "table--current", "table--name", "table--label",
        "table--sign", "table--formula", "table--value", "table--pending", "table--partial",
        "table--no-path", "table--good", "table--bad", "table--rule",
    }  # fmt: skip

    cursor: reactive[Cursor | None] = reactive(None, repaint=False)
    """Where the reader is."""
    tangents: reactive[Tangents | None] = reactive(None)
    """What stands between values and adjoints, if anything."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, Style] = {}
        self.no_path: tuple[int, ...] = ()
        """The values without an adjoint: they follow the steps of the reverse half."""

    def watch_cursor(self, before: Cursor | None, cursor: Cursor | None) -> None:
        if cursor is None:
            return
        timeline = cursor.timeline
        if before is None or before.timeline is not timeline:
            self.no_path = tuple(
                i for i in reversed(timeline.trace.values) if timeline.sweep.adjoints[i] is None
            )
            self._measure(cursor)
        scrolled = self._follow(cursor)
        if scrolled or before is None or before.timeline is not timeline:
            self.refresh()
        elif before.step.half != cursor.step.half:
            # What has no path is known once the reverse half starts.
            self.refresh()
        else:
            self._repaint(self.current_row(before), self.current_row(cursor))

    @property
    def pitch(self) -> int:
        """Return the lines from one row to the next: a projector's screen has them apart."""
        return 2 if self.app.has_class("-projector") else 1

    def _measure(self, cursor: Cursor) -> None:
        rows = row_count(cursor.timeline, self.no_path)
        self.virtual_size = Size(0, rows * self.pitch + HEAD)

    def on_resize(self, event: Resize) -> None:
        if self.cursor is not None:
            self._follow(self.cursor)

    @property
    def room(self) -> Size:
        """Return the cells that the scrollbar leaves."""
        return self.scrollable_content_region.size

    def current_row(self, cursor: Cursor) -> int:
        """Return the row of the current step."""
        start = cursor.timeline.reverse_start
        return cursor.at - start if cursor.at >= start else cursor.at

    def _repaint(self, row: int, other: int) -> None:
        """Refresh the rows from one to the other."""
        first, last = sorted((row * self.pitch, other * self.pitch))
        top = int(self.scroll_y) - HEAD
        self.refresh(Region(0, first - top, self.size.width, last - first + 1))

    def _follow(self, cursor: Cursor) -> bool:
        """Scroll the current row into sight; tell whether anything moved."""
        pitch = self.pitch
        row, top = self.current_row(cursor) * pitch, int(self.scroll_y)
        height = max(1, self.room.height - HEAD)
        # One more row than the current one stays in sight, to say that there is more.
        if row - pitch < top or row + pitch >= top + height:
            self.scroll_to(y=max(0, row - height // 2), animate=False, immediate=True, force=True)
        return int(self.scroll_y) != top

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        left, middle, right = self._widths(width)
        if y < HEAD:
            return self._head(left, middle, right)
        cursor = self.cursor
        if cursor is None:
            return Strip.blank(width, self._look("name"))
        row, between = divmod(y - HEAD + int(self.scroll_y), self.pitch)
        if between:
            row = len(cursor.timeline) + len(self.no_path)
        segments = [
            *self._half(self._forward(cursor, row, left), left, cursor, row, "forward"),
            *self._tangent(cursor, row, middle),
            Segment(DIVIDER, self._look("divider")),
            *self._half(self._reverse(cursor, row, right), right, cursor, row, "reverse"),
        ]
        return Strip(segments).adjust_cell_length(width, self._look("name"))

    def _widths(self, width: int) -> tuple[int, int, int]:
        """Return the cells of values, tangents (0 where none are shown) and adjoints."""
        if self.tangents is None:
            inside = max(2, width - len(DIVIDER))
            return inside // 2, 0, inside - inside // 2
        inside = max(3, width - 2 * len(DIVIDER))
        return inside // 3, inside // 3, inside - 2 * (inside // 3)

    def _head(self, left: int, middle: int, right: int) -> Strip:
        head, divider = self._look("head"), Segment(DIVIDER, self._look("divider"))
        text = _fitting(left, "forward: values ↓", "values ↓")
        segments = [Segment(_padded(text, left), head), divider]
        if self.tangents is not None:
            seed = f"{self.tangents.seed_text} ↓"
            # Which input it is says more than what stands below.
            text = _fitting(middle, f"tangents: {seed}", seed)
            segments += [Segment(_padded(text, middle), head), divider]
        ordered = self.cursor is not None and self.cursor.timeline.engine_order
        text = "engine order ↓" if ordered else "adjoints ↓"
        text = _fitting(right, f"reverse: {text}", text)
        return Strip([*segments, Segment(_padded(text, right), head)])

    def _forward(self, cursor: Cursor, row: int, width: int) -> Pieces:
        if row >= cursor.timeline.reverse_start:
            return ()
        return forward_cell(cursor.timeline, row, cursor.at, width - 1)

    def _tangent(self, cursor: Cursor, row: int, width: int) -> list[Segment]:
        if self.tangents is None:
            return []
        pieces: Pieces = ()
        if row < cursor.timeline.reverse_start:
            pieces = tangent_cell(cursor.timeline, self.tangents, row, cursor.at, width - 1)
        return [
            Segment(DIVIDER, self._look("divider")),
            *self._half(pieces, width, cursor, row, "forward"),
        ]

    def _reverse(self, cursor: Cursor, row: int, width: int) -> Pieces:
        timeline = cursor.timeline
        index = timeline.reverse_start + row
        if index < len(timeline):
            return reverse_cell(timeline, index, cursor.at, width - 1)
        after = index - len(timeline)
        if after < len(self.no_path):
            return no_path_cell(timeline, self.no_path[after], cursor.at, width - 1)
        return ()

    def _half(
        self, pieces: Pieces, width: int, cursor: Cursor, row: int, half: str
    ) -> list[Segment]:
        current = row == self.current_row(cursor) and half == cursor.step.half
        used = sum(cell_width(piece.text) for piece in pieces)
        marked = (
            Piece("▶" if current else " ", "name"),
            *pieces,
            Piece(" " * (width - 1 - used), "name"),
        )
        if current:
            below = self.get_component_rich_style("table--current", partial=True)
            return [Segment(text, self._look(role) + below) for text, role in marked if text]
        return [Segment(text, self._look(role)) for text, role in marked if text]

    def _look(self, role: str) -> Style:
        if role not in self._looks:
            own = self.get_component_rich_style(f"table--{role}", partial=True)
            self._looks[role] = self.rich_style + own
        return self._looks[role]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()
        if self.cursor is not None:
            # Another theme may have its rows apart.
            self._measure(self.cursor)
            self._follow(self.cursor)

    def on_click(self, event: Click) -> None:
        place, cursor = event.get_content_offset(self), self.cursor
        if place is None or cursor is None or place.y < HEAD:
            return
        event.stop()
        row = (place.y - HEAD + int(self.scroll_y)) // self.pitch
        left, middle, _ = self._widths(self.room.width)
        if middle:
            left += len(DIVIDER) + middle
        timeline = cursor.timeline
        if place.x < left:
            if row < timeline.reverse_start:
                self.post_message(StepChosen(row))
            return
        index = timeline.reverse_start + row
        if index < len(timeline):
            self.post_message(StepChosen(index))
        elif index - len(timeline) < len(self.no_path):
            self.post_message(ValueChosen(self.no_path[index - len(timeline)]))


def _fitting(width: int, text: str, short: str) -> str:
    """Return a head of a column, the short one where the long one would be cut."""
    return f" {text if cell_width(text) < width else short}"


def _padded(text: str, width: int) -> str:
    cut = clipped(text, width)
    return cut + " " * (width - cell_width(cut))
