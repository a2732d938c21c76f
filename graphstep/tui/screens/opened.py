"""The step screen of one operation that was opened into its textbook steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual.binding import BindingType

from graphstep.format.numbers import number
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

    @property
    def heading(self) -> str:
        """What is stepped through, and which values of the trace it begins with."""
        return f"{super().heading} · {self._opened.operands}"

    def on_mount(self) -> None:
        opened = self._opened
        if not opened.ok:
            self.stale = "✗ unlike torch's kernel"
        worst = max(verdict.max_abs_error for verdict in opened.verdicts.values())
        self.notify(
            f"value and adjoints within {number(worst)}" if opened.ok else opened.text(),
            title=f"the textbook {'agrees' if opened.ok else 'does not agree'} with torch's kernel",
            severity="information" if opened.ok else "error",
            timeout=5 if opened.ok else 12,
            markup=False,
        )

    def action_leave(self) -> None:
        self.dismiss()
