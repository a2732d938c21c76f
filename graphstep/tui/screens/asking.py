"""What the questions over the steps share: a line of problems, and an answer in a cursor."""

from __future__ import annotations

from typing import Any

from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

from graphstep.format.symbols import symbol
from graphstep.output.labels import visible
from graphstep.tui.cursor import Cursor

LONG = 300


class GoingScreen(ModalScreen[Cursor | None]):
    """Ask for a value; answer with the cursor at it in the same half, or None to stay."""

    def __init__(self, cursor: Cursor) -> None:
        super().__init__()
        self._cursor = cursor

    def go(self, i: int) -> None:
        """Answer with v_i, or say why the present half has no step for it."""
        there = self._cursor.at_value(i)
        if there is None:
            reason = self._cursor.timeline.no_path_reason(i)
            say(self, f"{symbol(i, 'adjoint')} has no step: {reason}")
        else:
            self.dismiss(there)

    def action_close(self) -> None:
        self.dismiss(None)


def say(screen: ModalScreen[Any], text: str) -> None:
    """Write a text into the line under the question."""
    screen.query_one("#problem", Static).update(Content(visible(text, LONG) if text else ""))
