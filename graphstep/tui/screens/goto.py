"""A question: which value to go to."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from graphstep.errors import InputError
from graphstep.format.symbols import symbol
from graphstep.output.labels import visible
from graphstep.tui.cursor import Cursor


class GotoScreen(ModalScreen[Cursor | None]):
    """Ask for a value by number, name or label; answer with the cursor there, in the same half."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "close", "close", id="goto.close", tooltip="Stay where you are"),
    ]

    def __init__(self, cursor: Cursor) -> None:
        super().__init__()
        self._cursor = cursor

    def compose(self) -> ComposeResult:
        with Vertical(classes="question") as box:
            box.border_title = "go to a value"
            box.border_subtitle = "enter goes · esc stays"
            yield Input(placeholder="3, v_3 or its label", compact=True)
            yield Static("", id="problem")

    def on_input_changed(self, event: Input.Changed) -> None:
        self._say("")

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
            self._say(str(error))
            return
        there = self._cursor.at_value(i)
        if there is None:
            reason = self._cursor.timeline.no_path_reason(i)
            self._say(f"{symbol(i, 'adjoint')} has no step: {reason}")
        else:
            self.dismiss(there)

    def _say(self, text: str) -> None:
        self.query_one("#problem", Static).update(Content(visible(text, 200) if text else ""))

    def action_close(self) -> None:
        self.dismiss(None)
