"""The graph pane: painted from Graphviz's coordinates, following the current value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.events import Click, MouseDown, MouseMove, MouseUp, Resize
from textual.geometry import Offset, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip
from textual.worker import Worker, WorkerState, get_current_worker

from graphstep.errors import GraphstepError
from graphstep.output.cells import Canvas, CellLayout, Viewport, paint
from graphstep.output.drawing import frame_of
from graphstep.output.labels import clipped, visible
from graphstep.output.picture import Frame
from graphstep.steps.timeline import Timeline
from graphstep.tui.cursor import Cursor
from graphstep.tui.fitting import Wanted, fitting, part_around
from graphstep.tui.messages import LaidOut, LayoutFailed, ValueChosen

LOOKS = (
    "disagrees", "current", "operand", "no-path", "adjoint-partial", "adjoint-final",
    "value-pending", "used", "edge", "label", "say", "plain",
)  # fmt: skip
"""The classes of a painted run that have a look of their own, the strongest first."""
KEPT = 64
"""So many drawings are kept; a large graph has one for each part of it."""


class GraphPane(ScrollView, can_focus=False):
    """Show the graph, or the part of it near the current value.

    The layout is asked for in a worker, one at a time; until it is there the pane says so, or
    shows the drawing of before.
    """

    ALLOW_SELECT = False
    COMPONENT_CLASSES: ClassVar[set[str]] = {f"graph--{look}" for look in LOOKS}

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, Style] = {}
        self.layout_shown: CellLayout | None = None
        self.problem = ""
        self._wanted: Wanted | None = None
        self._shown_for: Wanted | None = None
        self._asked: Wanted | None = None
        self._finished: dict[Wanted, CellLayout | str] = {}
        self._painted: tuple[object, Canvas] | None = None
        self._framed: tuple[object, Frame] | None = None
        self._dragged_from: Offset | None = None
        self._dragged = False

    @property
    def settled(self) -> bool:
        """Tell whether the drawing on the screen is the one that is wanted."""
        return self._asked is None and self._shown_for == self._wanted

    def watch_cursor(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            self._want(cursor)
            self._follow(cursor)
            self.refresh()

    def on_resize(self, event: Resize) -> None:
        if self.cursor is not None:
            self._want(self.cursor)
            self._follow(self.cursor)

    def on_show(self) -> None:
        if self.cursor is not None:
            self._want(self.cursor)

    def _want(self, cursor: Cursor) -> None:
        if not self.size.width or not self.size.height:
            return
        before = self._wanted.part if self._wanted is not None else None
        part = part_around(cursor.timeline, cursor.at, before)
        # Without scrollbars: a drawing that fits has none.
        self._wanted = Wanted(cursor.timeline.grain, part, self.size.width, self.size.height)
        self._ask(cursor.timeline)

    @property
    def room(self) -> Size:
        """Return the cells that the scrollbars leave."""
        return self.scrollable_content_region.size

    def _ask(self, timeline: Timeline) -> None:
        wanted = self._wanted
        if wanted is None or wanted == self._shown_for:
            return
        known = self._finished.get(wanted)
        if known is not None:
            self._adopt(wanted, known)
        elif self._asked is None:
            self._asked = wanted
            self._lay_out(timeline, wanted)
        self._entitle()

    @work(thread=True, exit_on_error=False, group="layout")
    def _lay_out(self, timeline: Timeline, wanted: Wanted) -> None:
        worker = get_current_worker()
        try:
            layout = fitting(timeline, wanted, lambda: worker.is_cancelled)
        except GraphstepError as error:
            self.post_message(LayoutFailed(wanted, str(error)))
            return
        if layout is not None:
            self.post_message(LaidOut(wanted, layout))

    def on_laid_out(self, message: LaidOut) -> None:
        message.stop()
        self._finish(message.wanted, message.layout)

    def on_layout_failed(self, message: LayoutFailed) -> None:
        message.stop()
        self._finish(message.wanted, message.problem)

    def on_worker_state_changed(self, event: Worker.StateChanged) -> None:
        if event.state == WorkerState.ERROR and self._asked is not None:
            error = event.worker.error
            self._finish(self._asked, f"cannot draw: {type(error).__name__}: {error}")

    def _finish(self, wanted: Wanted, found: CellLayout | str) -> None:
        self._asked = None
        while len(self._finished) >= KEPT:
            del self._finished[next(iter(self._finished))]
        self._finished[wanted] = found
        if wanted == self._wanted or self.layout_shown is None:
            self._adopt(wanted, found)
        if self.cursor is not None:
            self._ask(self.cursor.timeline)

    def _adopt(self, wanted: Wanted, found: CellLayout | str) -> None:
        self._shown_for = wanted
        self.layout_shown = None if isinstance(found, str) else found
        self.problem = found if isinstance(found, str) else ""
        size = Size(0, 0)
        if self.layout_shown is not None:
            size = Size(self.layout_shown.width, self.layout_shown.height)
        self.virtual_size = size
        self._entitle()
        if self.cursor is not None:
            # The scrollbars of the new size are there only after a refresh.
            self.call_after_refresh(self._follow, self.cursor)
        self.refresh()

    def _entitle(self) -> None:
        title = "graph"
        if self._wanted is not None and self._wanted.part is not None and self.cursor is not None:
            values = len(self.cursor.timeline.trace)
            title = f"graph: {len(self._wanted.part)} of {values:,} values"
        if self._asked is not None:
            title += " · laying out…"
        self.border_title = title

    def _pad(self, layout: CellLayout) -> Offset:
        return Offset(
            max(0, (self.room.width - layout.width) // 2),
            max(0, (self.room.height - layout.height) // 2),
        )

    def _follow(self, cursor: Cursor) -> None:
        layout = self.layout_shown
        if layout is None:
            return
        try:
            box = layout.box(cursor.step.i)
        except KeyError:
            return
        x = _followed(int(self.scroll_x), self.room.width, box.x, box.width)
        y = _followed(int(self.scroll_y), self.room.height, box.y, box.height)
        self.scroll_to(x, y, animate=False, immediate=True, force=True)

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        if self.layout_shown is None or self.cursor is None:
            return self._say(y, width)
        canvas = self._canvas(self.cursor, self.layout_shown)
        if y >= canvas.height:
            return Strip.blank(width, self._look(()))
        segments = [Segment(run.text, self._look(run.classes)) for run in canvas.rows[y]]
        return Strip(segments).adjust_cell_length(width, self._look(()))

    def _canvas(self, cursor: Cursor, layout: CellLayout) -> Canvas:
        pad = self._pad(layout)
        view = Viewport(
            int(self.scroll_x) - pad.x,
            int(self.scroll_y) - pad.y,
            self.room.width,
            self.room.height,
        )
        part = self._shown_for.part if self._shown_for is not None else None
        if self._framed is None or self._framed[0] != (cursor, part):
            self._framed = ((cursor, part), frame_of(cursor.timeline, cursor.at, only=part))
        key = (cursor, view, id(layout))
        if self._painted is None or self._painted[0] != key:
            self._painted = (key, paint(layout, self._framed[1], view))
        return self._painted[1]

    def _say(self, y: int, width: int) -> Strip:
        text = visible(self.problem, 1000) if self.problem else "laying out…"
        lines = _wrapped(text, max(1, width - 2))
        line = lines[y - 1] if 0 < y <= len(lines) else ""
        style = self._look(("say",))
        return Strip([Segment(f" {line}", style)]).adjust_cell_length(width, self._look(()))

    def _look(self, classes: Sequence[str]) -> Style:
        name = next((look for look in LOOKS if look in classes), "plain")
        if name not in self._looks:
            own = self.get_component_rich_style(f"graph--{name}", partial=True)
            self._looks[name] = self.rich_style + own
        return self._looks[name]

    def notify_style_update(self) -> None:
        super().notify_style_update()
        self._looks.clear()

    def pan(self, right: int, down: int) -> None:
        """Scroll by so many cells."""
        self.scroll_to(
            self.scroll_x + right, self.scroll_y + down, animate=False, immediate=True, force=True
        )

    def on_mouse_down(self, event: MouseDown) -> None:
        self._dragged_from, self._dragged = event.screen_offset, False
        self.capture_mouse()

    def on_mouse_move(self, event: MouseMove) -> None:
        if self._dragged_from is None:
            return
        moved = self._dragged_from - event.screen_offset
        if moved != Offset(0, 0):
            self._dragged, self._dragged_from = True, event.screen_offset
            self.pan(moved.x, moved.y)

    def on_mouse_up(self, event: MouseUp) -> None:
        self._dragged_from = None
        self.release_mouse()

    def on_click(self, event: Click) -> None:
        place, layout = event.get_content_offset(self), self.layout_shown
        if self._dragged or place is None or layout is None:
            return
        event.stop()
        pad = self._pad(layout)
        found = layout.node_at(
            place.x + int(self.scroll_x) - pad.x, place.y + int(self.scroll_y) - pad.y
        )
        if found is not None:
            self.post_message(ValueChosen(found))


def _followed(scroll: int, room: int, start: int, length: int) -> int:
    """Return the scroll offset that has the span in sight, unchanged where it already is."""
    if scroll <= start and start + length <= scroll + room:
        return scroll
    return max(0, start - max(0, (room - length) // 2))


def _wrapped(text: str, width: int) -> list[str]:
    lines: list[str] = [""]
    for word in text.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return [clipped(line, width) for line in lines]
