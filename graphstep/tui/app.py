"""StepApp: one trace on the screen, or the way to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste
from textual.screen import Screen

from graphstep.errors import InputError
from graphstep.output import layout
from graphstep.output.labels import clipped
from graphstep.source.request import Request
from graphstep.tui.commands import Commands, Palette
from graphstep.tui.copying import Copied, copied
from graphstep.tui.crash import leave_when_told
from graphstep.tui.live import LiveApp
from graphstep.tui.looks import Look
from graphstep.tui.opening import Opener
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.export import ExportScreen
from graphstep.tui.screens.opening import OpeningScreen
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.type_ahead import TypeAhead

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.step import Grain
    from graphstep.tui.predicting import Predicting
    from graphstep.tui.screens.step import StepScreen

WIDTHS = [(0, "-narrow"), (70, "-medium"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]
"""From which size on the screen has which class, for the style sheet."""
SHOWN = 400
"""A notice of what was copied has so many cells."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the file of the source."""


class StepApp(LiveApp):
    """Step through `trace`, starting with `grain`.

    With an `opener` the app finds its own way to a trace: it opens `request`, or asks for one on
    its start page. It keeps what was opened in the folder `state`.
    """

    TITLE = "graphstep"
    CSS_PATH = "graphstep.tcss"
    COMMANDS: ClassVar[set[Any]] = {Commands}
    HORIZONTAL_BREAKPOINTS = WIDTHS
    VERTICAL_BREAKPOINTS = HEIGHTS
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "edit", id="app.change",
                tooltip="Change the source, its values, seed, dtype or device"),
        Binding("U", "undo", "undo edit", show=False, id="app.undo",
                tooltip="Undo the last edit: run what was there before it"),
        Binding("ctrl+o", "welcome", "open", key_display="^o", show=False, id="app.welcome",
                tooltip="Open another source"),
        Binding("ctrl+s", "export", "export", key_display="^s", show=False, id="app.export",
                tooltip="Write the graph, or the table of the trace, to a file"),
        Binding("y", "copy('latex')", "copy LaTeX", show=False, id="copy.latex",
                tooltip="Copy the equation of the step as LaTeX"),
        Binding("Y", "copy('python')", "copy Python", show=False, id="copy.python",
                tooltip="Copy what runs here as Python"),
        Binding("C", "copy('value')", "copy value", show=False, id="copy.value",
                tooltip="Copy the value, or the adjoint, of the step as a list of numbers"),
        Binding("ctrl+z", "suspend_process", "suspend", key_display="^z", show=False, priority=True,
                id="app.suspend", tooltip="Go back to the shell for a while; fg returns"),
    ]  # fmt: skip

    def __init__(
        self,
        trace: Trace | None = None,
        grain: Grain = "adjoint",
        *,
        request: Request | None = None,
        opener: Opener | None = None,
        state: Path | None = None,
        look: Look | None = None,
        predicting: Predicting | None = None,
    ) -> None:
        super().__init__(trace, grain, request, opener, state, look or Look(), predicting)
        self._type_ahead = TypeAhead(self)

    def get_default_screen(self) -> Screen[Any]:
        if self._step_screen is not None:
            return self._step_screen
        if self.request is not None:
            return OpeningScreen(self.request)
        return WelcomeScreen(self._recent.read())

    def on_mount(self) -> None:
        leave_when_told(self)
        if self.has_trace:
            self.tell_of_images()
        if self._opener is None:
            return
        self.set_interval(LOOK_EVERY, self._look)
        if self.request is not None and not self.has_trace:
            # Not before the first frame is on the screen.
            request = self.request
            self.call_after_refresh(lambda: self.open(request))

    async def on_event(self, event: Event) -> None:
        typed = isinstance(event, Key | Paste) and not event.is_forwarded
        if not typed or self._type_ahead.takes(event):
            await super().on_event(event)

    def on_unmount(self) -> None:
        # A layout under way would hold up the end of the app until it is done.
        layout.stop()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "change":
            known = self.has_trace and self.request is not None
            return self._opener is not None and known and not isinstance(self.screen, WelcomeScreen)
        if action == "undo":
            return self.has_edits and self.opening is None
        if action == "welcome":
            return self._opener is not None and self.has_trace
        if action == "suspend_process":
            return self._driver is not None and self._driver.can_suspend
        if action in ("export", "copy"):
            stepping = self.has_trace and not isinstance(self.screen, WelcomeScreen)
            if action == "export":
                # The file has every number, the hidden ones too.
                return stepping and not self.step_screen.predicts
            return stepping and (parameters != ("python",) or self.request is not None)
        return True

    def action_change(self) -> None:
        if self.request is not None:
            self.push_screen(ChangeScreen(self.request))

    def action_welcome(self) -> None:
        self.push_screen(WelcomeScreen(self._recent.read()))

    def action_command_palette(self) -> None:
        if not isinstance(self.screen, Palette):
            self.push_screen(Palette(id="--command-palette"))

    @property
    def _steps(self) -> StepScreen:
        """The steps that the reader sees: of the trace, or of an operation opened from it."""
        from graphstep.tui.screens.step import StepScreen  # it brings in torch

        return next(s for s in reversed(self.screen_stack) if isinstance(s, StepScreen))

    def action_export(self) -> None:
        steps = self._steps
        self.push_screen(ExportScreen(steps.here, steps.save))

    def action_copy(self, what: Copied) -> None:
        try:
            text = copied(what, self._steps.here, self.request)
        except InputError as error:
            self.notify(str(error), severity="warning", markup=False)
            return
        self.copy_to_clipboard(text)
        self.notify(clipped(text, SHOWN), title="copied", timeout=4, markup=False)
