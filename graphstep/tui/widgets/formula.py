"""The formula pane: the step in symbols, with numbers put in, its result, and torch's number."""

from __future__ import annotations

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from graphstep.output.labels import cell_width, clipped, visible
from graphstep.steps.words import check_text, headline
from graphstep.tui.cursor import Cursor

LONG = 2000


class FormulaPane(Widget):
    """Show the equation of the current step, one line a stage."""

    cursor: reactive[Cursor | None] = reactive(None)
    """Where the reader is."""

    def watch_cursor(self, cursor: Cursor | None) -> None:
        if cursor is not None:
            title = visible(headline(cursor.timeline, cursor.at), 70)
            self.border_title = Content(title)

    def render(self) -> Content:
        if self.cursor is None:
            return Content("")
        timeline, at = self.cursor.timeline, self.cursor.at
        left = timeline.equation(at).left.text()
        stages = [visible(text, LONG) for text in timeline.texts(at)]
        mark, good = check_text(timeline, at)
        width, height = self.size.width, max(1, self.size.height)
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
                room = max(cell_width(stage) if room > 0 else 1, room - cell_width(mark) - 3)
            style = "$text-success bold" if last else ""
            line = Content.assemble((head, "bold"), " = ", (clipped(stage, max(1, room)), style))
            if last and mark:
                line += Content.assemble(
                    "   ", (mark, "$text-success" if good else "$text-error bold")
                )
            lines.append(line)
        return Content("\n").join(lines)
