"""A drawing painted from Graphviz's coordinates, in which a click chooses a box."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.events import Click
from textual.geometry import Offset, Region
from textual.reactive import reactive
from textual.strip import Strip

from graphstep.output.cells import Canvas, CellLayout, Viewport, paint
from graphstep.output.collapse import FoldedView
from graphstep.output.labels import clipped, visible
from graphstep.output.picture import Frame
from graphstep.tui.cursor import Cursor
from graphstep.tui.fitting import Wanted
from graphstep.tui.folds import name_of
from graphstep.tui.messages import ValueChosen
from graphstep.tui.widgets.foldable import Foldable

LOOKS = (
    "disagrees", "current", "operand", "no-path", "adjoint-partial", "adjoint-final",
    "value-pending", "used", "edge", "label", "say", "plain",
)  # fmt: skip
"""The classes of a painted run that have a look of their own, the strongest first."""


class Painted(Foldable):
    """Paint `layout_shown` as it stands at the cursor, or say why there is none yet."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {f"graph--{look}" for look in (*LOOKS, "map")}

    predicts: reactive[bool] = reactive(False)
    """Whether what is still to come is to be predicted, local partials included."""

    def __init__(self) -> None:
        super().__init__()
        self._looks: dict[str, Style] = {}
        self.problem = ""
        """Why there is no drawing, in words."""
        self._shown_for: Wanted | None = None
        self._painted: tuple[object, Canvas] | None = None
        self._framed: tuple[object, Frame] | None = None

    def _pad(self, layout: CellLayout) -> Offset:
        return Offset(
            max(0, (self.room.width - layout.width) // 2),
            max(0, (self.room.height - layout.height) // 2),
        )

    def repaint(self, cursor: Cursor) -> None:
        """Refresh the rows that look different at the cursor: a step changes a few boxes."""
        before = self._painted[1] if self._painted is not None else None
        if self.layout_shown is None or before is None:
            self.refresh()
            return
        after = self._canvas(cursor, self.layout_shown)
        if (before.width, before.height) != (after.width, after.height):
            self.refresh()
            return
        changed = {y for y in range(after.height) if before.rows[y] != after.rows[y]}
        mapped = self._mapped[1] if self._mapped is not None else None
        now = self.map_at(cursor, self._pad(self.layout_shown))
        if now != mapped:
            for one in (mapped, now):
                changed |= set(one.spot.line_range) if one is not None else set()
        if changed:
            self.refresh(*(Region(0, y, after.width, 1) for y in sorted(changed)))

    def render_line(self, y: int) -> Strip:
        width = self.room.width
        if self.layout_shown is None or self.cursor is None:
            return self._say(y, width)
        canvas = self._canvas(self.cursor, self.layout_shown)
        if y >= canvas.height:
            return Strip.blank(width, self._look(()))
        segments = [Segment(run.text, self._look(run.classes)) for run in canvas.rows[y]]
        strip = Strip(segments).adjust_cell_length(width, self._look(()))
        return self._with_map(strip, y, self._pad(self.layout_shown))

    def _canvas(self, cursor: Cursor, layout: CellLayout) -> Canvas:
        pad = self._pad(layout)
        view = Viewport(
            int(self.scroll_x) - pad.x,
            int(self.scroll_y) - pad.y,
            self.room.width,
            self.room.height,
        )
        framed = (cursor, self._shown_for, self.predicts)
        if self._framed is None or self._framed[0] != framed:
            self._framed = (framed, self._frame(cursor))
        key = (framed, view, id(layout))
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
        if self.predicts:
            frame = view.asking(frame, cursor.at, wanted.part)
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
