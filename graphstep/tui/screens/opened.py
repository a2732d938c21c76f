"""The step screen of one operation that was opened into its textbook steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from graphstep.steps.step import Grain
from graphstep.tui.screens.dialog_keys import OPENED
from graphstep.tui.screens.step import StepScreen

if TYPE_CHECKING:
    from graphstep.traced.opened import Opened


class OpenedScreen(StepScreen):
    """Step through the textbook's steps; leaving leads back to where the operation stands."""

    BINDINGS: ClassVar[list[BindingType]] = [*OPENED]

    def __init__(self, opened: Opened, grain: Grain) -> None:
        super().__init__(opened.trace, grain)
        self._opened = opened

    def on_mount(self) -> None:
        opened = self._opened
        agrees = "agrees" if opened.ok else "does not agree"
        self.notify(
            opened.text(),
            title=f"The textbook {agrees} with torch's kernel",
            severity="information" if opened.ok else "error",
            timeout=12,
            markup=False,
        )

    def action_leave(self) -> None:
        self.dismiss()
