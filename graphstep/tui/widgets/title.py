"""The title bar: what is stepped through, and how far."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from graphstep.output.labels import cell_width, clipped, visible
from graphstep.tui.cursor import Cursor


class TitleBar(Widget):
    """Show the source on the left, the half and the number of the step on the right."""

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""
    playing: reactive[float] = reactive(0.0)
    """Steps a second while playing, else 0."""

    retain: reactive[str] = reactive("")
    """Whether a further backward retains the graph, in words; empty where nobody asked."""

    stale: reactive[str] = reactive("")
    """Why the trace is not that of its file as it is now, in words."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self) -> Content:
        if self.cursor is None:
            return Content("")
        where = self.place(self.cursor)
        room = max(0, self.size.width - cell_width(where) - 3)
        text = clipped(visible(self._text, 500), room) if room > 3 else ""
        gap = " " * max(1, self.size.width - cell_width(text) - cell_width(where) - 2)
        return Content.assemble(" ", (text, "bold"), gap, where, " ")

    def place(self, cursor: Cursor) -> str:
        """Return where the cursor is, in words that fit the bar."""
        differ = cursor.timeline.disagreeing
        parts = [f"✗ {differ:,} unlike torch"] if differ else []
        parts += [f"{cursor.step.half} · step {cursor.at + 1} of {len(cursor.timeline)}"]
        if self.size.width >= 70:
            parts.append("by adjoint" if cursor.timeline.grain == "adjoint" else "by term")
            if cursor.timeline.engine_order:
                parts.append("engine order")
        if self.retain:
            parts.append(self.retain)
        if self.playing:
            parts.insert(0, f"playing {self.playing:g}/s")
        if self.stale:
            parts.insert(0, self.stale)
        return " · ".join(parts)
