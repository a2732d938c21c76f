"""The formula pane: the step in symbols, with numbers put in, its result, and torch's number."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from graphstep.output.labels import cell_width, clipped, visible
from graphstep.steps.tangents import Tangents
from graphstep.steps.words import check_text, headline
from graphstep.tui.cursor import Cursor

LONG = 2000
GAP = 3
LEAST = GAP + 2
"""The sign of a check and the gap before it."""


class FormulaPane(Widget):
    """Show the equation of the current step, one line a stage."""

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""
    tangents: reactive[Tangents | None] = reactive(None)
    """What a forward step shows instead of its value."""

    def watch_cursor(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            title = visible(headline(cursor.timeline, cursor.at), 70)
            tangents = self._shown_tangents(cursor)
            if tangents is not None:
                title += f", tangent for {tangents.seed_text}"
            self.border_title = Content(title)

    def watch_tangents(self) -> None:
        self.watch_cursor(self.cursor)

    def _shown_tangents(self, cursor: Cursor) -> Tangents | None:
        """Return the tangents where this step is of the forward half and has one."""
        tangents = self.tangents
        if tangents is None or cursor.step.half == "reverse" or not tangents.has(cursor.step.i):
            return None
        return tangents

    def render(self) -> Content:
        if self.cursor is None:
            return Content("")
        timeline, at = self.cursor.timeline, self.cursor.at
        tangents = self._shown_tangents(self.cursor)
        if tangents is not None:
            i = self.cursor.step.i
            left, texts = tangents.equation(i).left.text(), tangents.texts(i)
            mark, good = "", True
        else:
            left, texts = timeline.equation(at).left.text(), timeline.texts(at)
            mark, good = check_text(timeline, at)
        stages = [visible(text, LONG) for text in texts]
        width, height = self.size.width, max(1, self.size.height)
        if mark and cell_width(f"{left} = {stages[-1]}   {mark}") > width:
            mark, good = check_text(timeline, at, short=True)
        if len(stages) > height:
            # The numbers and the result say more than the bare chain rule.
            stages = stages[len(stages) - height :]
        indent = " " * cell_width(left)
        lines = []
        for k, stage in enumerate(stages):
            last = k == len(stages) - 1
            head = left if k == 0 else indent
            room = width - cell_width(head) - 3
            if last and mark:
                # The number goes before the words of the check, but never before its sign.
                whole = min(cell_width(stage), room - LEAST)
                room = max(1, whole, room - cell_width(mark) - GAP)
            style = "$text-success bold" if last else ""
            line = Content.assemble((head, "bold"), " = ", (clipped(stage, max(1, room)), style))
            if last and mark:
                cut = clipped(mark, max(1, width - line.cell_length - GAP))
                style = "$text-success" if good else "$text-error bold"
                line += Content.assemble(" " * GAP, (cut, style))
            lines.append(line)
        return Content("\n").join(lines)
