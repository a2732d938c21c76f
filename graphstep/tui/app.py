"""StepApp: one trace on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.app import App

from graphstep.output import layout
from graphstep.tui.screens.step import StepScreen

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.step import Grain

WIDTHS = [(0, "-narrow"), (70, "-medium"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]
"""From which size on the screen has which class, for the style sheet."""


class StepApp(App[None]):
    """Step through `trace`, starting with `grain`."""

    TITLE = "graphstep"
    CSS_PATH = "graphstep.tcss"
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS

    def __init__(self, trace: Trace, grain: Grain = "adjoint") -> None:
        super().__init__()
        self.step_screen = StepScreen(trace, grain)

    def get_default_screen(self) -> StepScreen:
        return self.step_screen

    def on_unmount(self) -> None:
        # A layout under way would hold up the end of the app until it is done.
        layout.stop()
