"""The graph pane: painted from Graphviz's coordinates, following the current value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import work
from textual.events import Click, Resize
from textual.geometry import Offset, Region, Size
from textual.strip import Strip
from textual.worker import Worker, WorkerState, get_current_worker

from graphstep.errors import GraphstepError
from graphstep.output.cells import Canvas, CellLayout, Viewport, paint
from graphstep.output.collapse import FoldedView
from graphstep.output.labels import clipped, visible
from graphstep.output.picture import Frame
from graphstep.steps.timeline import Timeline
from graphstep.tui.cursor import Cursor
from graphstep.tui.fitting import Wanted, fitting, part_around
from graphstep.tui.folds import name_of
from graphstep.tui.messages import LaidOut, LayoutFailed, ValueChosen
from graphstep.tui.widgets.foldable import Foldable

LOOKS = (
    "disagrees", "current", "operand", "no-path", "adjoint-partial", "adjoint-final",
    "value-pending", "used", "edge", "label", "say", "plain",
)  # fmt: skip
"""The classes of a painted run that have a look of their own, the strongest first."""
KEPT = 64
"""So many drawings are kept; a large graph has one for each part of it."""


class GraphPane(Foldable):
    """Show the graph, or the part of it near the current value.

    The layout is asked for in a worker, one at a time; until it is there the pane says so, or
    shows the drawing of before.
    """

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"graph--{look}" for look in (*LOOKS, "map")}

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, Style] = {}
        self.problem = ""
        self._wanted: Wanted | None = None
        self._shown_for: Wanted | None = None
        self._asked: Wanted | None = None
        self._finished: dict[Wanted, CellLayout | str] = {}
        self._painted: tuple[object, Canvas] | None = None
        self._framed: tuple[object, Frame] | None = None

    @property
    def settled(self) -> bool:
        """Tell whether the drawing on the screen is the one that is wanted."""
        return self._asked is None and self._shown_for == self._wanted

    def watch_cursor(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            self.changed(cursor)

    def changed(self, cursor: Cursor) -> None:
        self._want(cursor)
        self._follow(cursor)
        self._repaint(cursor)

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
        folds, view = self._folded(cursor)
        part = part_around(cursor.timeline, cursor.at, before, view.visible)
        # Without scrollbars: a drawing that fits has none.
        self._wanted = Wanted(
            cursor.timeline.grain,
            part,
            self.size.width,
            self.size.height,
            replace(folds.shown, folded=view.folded),
        )
        self._ask(cursor.timeline)

    def _ask(self, timeline: Timeline) -> None:
        wanted = self._wanted
        if wanted is None or wanted == self._shown_for:
            return
        known = self._finished.get(wanted)
        if known is not None:
            self._adopt(wanted, known)
        elif self._asked is None:
            self._asked = wanted
            view = self._folds.view(timeline) if self._folds is not None else None
            self._lay_out(timeline, wanted, view)
        self._entitle()

    @work(thread=True, exit_on_error=False, group="layout")
    def _lay_out(self, timeline: Timeline, wanted: Wanted, view: FoldedView | None) -> None:
        worker = get_current_worker()
        try:
            layout = fitting(timeline, wanted, lambda: worker.is_cancelled, view)
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
        elif self._wanted is not None and self._wanted.shown.folded and self.cursor is not None:
            _, view = self._folded(self.cursor)
            title = f"graph: {len(self.cursor.timeline.trace):,} values in {view.visible} boxes"
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
            box = layout.box(self._folded(cursor)[1].key_of(cursor.step.i))
        except KeyError:
            return
        self.into_sight(Region(box.x, box.y, box.width, box.height))

    def _repaint(self, cursor: Cursor) -> None:
        """Refresh the rows that look different at the cursor: a step changes a few boxes."""
        before = self._painted[1] if self._painted is not None else None
        if self.layout_shown is None or before is None:
            self.refresh()
            return
        after = self._canvas(cursor, self.layout_shown)
        if (before.width, before.height) != (after.width, after.height):
            self.refresh()
            return
        changed = [y for y in range(after.height) if before.rows[y] != after.rows[y]]
        if changed:
            self.refresh(*(Region(0, y, after.width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        if self.layout_shown is None or self.cursor is None:
            return self._say(y, width)
        canvas = self._canvas(self.cursor, self.layout_shown)
        if y >= canvas.height:
            return Strip.blank(width, self._look(()))
        segments = [Segment(run.text, self._look(run.classes)) for run in canvas.rows[y]]
        strip = Strip(segments).adjust_cell_length(width, self._look(()))
        return self._with_map(strip, y, self.layout_shown, self._pad(self.layout_shown))

    def _canvas(self, cursor: Cursor, layout: CellLayout) -> Canvas:
        pad = self._pad(layout)
        view = Viewport(
            int(self.scroll_x) - pad.x,
            int(self.scroll_y) - pad.y,
            self.room.width,
            self.room.height,
        )
        if self._framed is None or self._framed[0] != (cursor, self._shown_for):
            self._framed = ((cursor, self._shown_for), self._frame(cursor))
        key = (cursor, view, id(layout))
        if self._painted is None or self._painted[0] != key:
            self._painted = (key, paint(layout, self._framed[1], view))
        return self._painted[1]

    def _frame(self, cursor: Cursor) -> Frame:
        """Return the frame of the drawing on the screen, which may not be the wanted one yet."""
        wanted, (_, view) = self._shown_for, self._folded(cursor)
        if wanted is None:
            return Frame()
        if wanted.shown.folded != view.folded:
            view = FoldedView(cursor.timeline, wanted.shown.folded)
        frame = view.frame(cursor.at, only=wanted.part)
        if wanted.shown.zoom != "names":
            return frame
        return replace(frame, lines={key: (name_of(view, key),) for key in frame.lines})

    def _say(self, y: int, width: int) -> Strip:
        text = visible(self.problem, 1000) if self.problem else "laying out…"
        lines = wrap(text, max(1, width - 2))
        line = clipped(lines[y - 1], max(1, width - 2)) if 0 < y <= len(lines) else ""
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

    def on_click(self, event: Click) -> None:
        place, layout = event.get_content_offset(self), self.layout_shown
        if self.dragged or place is None or layout is None:
            return
        event.stop()
        pad = self._pad(layout)
        found = layout.node_at(
            place.x + int(self.scroll_x) - pad.x, place.y + int(self.scroll_y) - pad.y
        )
        if found is not None and not self.fold(1, found):
            self.post_message(ValueChosen(found))
