"""The graph pane: it asks for the drawing that fits, and follows the current value."""

from __future__ import annotations

from dataclasses import replace

from textual import work
from textual.events import Resize
from textual.geometry import Region, Size
from textual.worker import Worker, WorkerState, get_current_worker

from graphstep.errors import GraphstepError
from graphstep.output.cells import CellLayout
from graphstep.output.collapse import FoldedView
from graphstep.steps.timeline import Timeline
from graphstep.tui.cursor import Cursor
from graphstep.tui.fitting import Wanted, fitting, next_part, part_around
from graphstep.tui.messages import LaidOut, LayoutFailed
from graphstep.tui.widgets.painted import Painted

KEPT = 64
"""So many drawings are kept; a large graph has one for each part of it."""


class GraphPane(Painted):
    """Show the graph, or the part of it near the current value.

    The layout is asked for in a worker, one at a time; until it is there the pane says so, or
    shows the drawing of before.
    """

    def __init__(self) -> None:
        super().__init__()
        self._wanted: Wanted | None = None
        self._asked: Wanted | None = None
        self._finished: dict[Wanted, CellLayout | str] = {}
        self._failed_ahead: set[Wanted] = set()
        self._title = ""
        self._heading = 1
        """Which way the reader steps: 1 or -1."""

    @property
    def settled(self) -> bool:
        """Tell whether the drawing on the screen is the one that is wanted."""
        return self._asked is None and self._shown_for == self._wanted

    def watch_cursor(self, before: Cursor | None, cursor: Cursor | None) -> None:
        if cursor is not None:
            if before is not None and cursor.at != before.at:
                self._heading = 1 if cursor.at > before.at else -1
            self._want(cursor)
            self._follow(cursor)
            self.repaint(cursor)

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
        if wanted is None:
            return
        if wanted in self._failed_ahead:
            # What failed ahead of the reader is tried once more where it is needed.
            self._failed_ahead.discard(wanted)
            self._finished.pop(wanted, None)
        if wanted != self._shown_for and (known := self._finished.get(wanted)) is not None:
            self._adopt(wanted, known)
        if wanted != self._shown_for:
            self._start(timeline, wanted)
        elif wanted.part is not None:
            self.call_after_refresh(self._look_ahead)
        self._entitle()

    def _start(self, timeline: Timeline, wanted: Wanted) -> None:
        if self._asked is None:
            self._asked = wanted
            view = self._folds.view(timeline) if self._folds is not None else None
            self._lay_out(timeline, wanted, view)

    def _look_ahead(self) -> None:
        """Lay out the part that the reader will want next, so that no step waits for it."""
        cursor, shown = self.cursor, self._shown_for
        if cursor is None or shown is None or shown.part is None or shown != self._wanted:
            return
        boxes = self._folded(cursor)[1].visible
        part = next_part(cursor.timeline, cursor.at, self._heading, shown.part, boxes)
        if part is not None and (wanted := replace(shown, part=part)) not in self._finished:
            self._start(cursor.timeline, wanted)

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
        if isinstance(found, str) and wanted != self._wanted:
            self._failed_ahead.add(wanted)
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
        self.extend(size)
        if self.cursor is not None:
            self._follow(self.cursor)
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
        if self._wanted != self._shown_for:
            title += " · laying out…"
        if title != self._title:
            # Textual repaints all of the pane for it.
            self.border_title = self._title = title

    def _follow(self, cursor: Cursor) -> None:
        layout = self.layout_shown
        if layout is None:
            return
        try:
            box = layout.box(self._folded(cursor)[1].key_of(cursor.step.i))
        except KeyError:
            return
        self.into_sight(Region(box.x, box.y, box.width, box.height))
