"""A question: which value to go to."""

from __future__ import annotations

import re
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.widgets import Input, Static

from graphstep.errors import InputError
from graphstep.steps.search import bare
from graphstep.tui.screens.asking import GoingScreen, say
from graphstep.tui.screens.dialog_keys import GOTO, foot

NUMBER = re.compile(r"v?(-?[0-9]{1,9})")


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
        trace = self._cursor.timeline.trace
        number = NUMBER.fullmatch(bare(text))
        try:
            # A label goes before a number: the reader may have called a value v3.
            labelled = any(value.label == text for value in trace.values.values())
            i = trace.find(int(number[1]) if number and not labelled else text)
        except InputError as error:
            say(self, str(error))
        else:
            self.go(i)
