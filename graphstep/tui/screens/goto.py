"""A question: which value to go to."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from graphstep.errors import InputError
from graphstep.tui.screens.asking import GoingScreen, say
from graphstep.tui.screens.dialog_keys import GOTO, foot


class GotoScreen(GoingScreen):
    """Ask for a value by number, name or label; answer with the cursor there, in the same half."""

    BINDINGS: ClassVar[list[BindingType]] = [*GOTO]

    def compose(self) -> ComposeResult:
        with Vertical(classes="question") as box:
            box.border_title = "go to a value"
            box.border_subtitle = foot(self, "⏎ goes", ("goto.close", "stays"))
            yield Input(placeholder="3, v_3 or its label", compact=True)
            yield Static("", id="problem")

    def on_input_changed(self, event: Input.Changed) -> None:
        say(self, "")

    def on_input_submitted(self, event: Input.Submitted) -> None:
        text = event.value.strip()
        if not text:
            return
        number = text.removeprefix("-")
        asked: int | str = int(text) if number.isdecimal() and len(number) < 10 else text
        trace = self._cursor.timeline.trace
        try:
            i = trace.find(asked)
        except InputError as error:
            say(self, str(error))
        else:
            self.go(i)
