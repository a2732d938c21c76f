"""StepApp: one trace on the screen, or the way to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

from textual.binding import Binding, BindingType
from textual.events import Event, Key, Paste
from textual.screen import Screen

from graphstep.errors import GraphstepError
from graphstep.output import layout
from graphstep.source.request import Request
from graphstep.tui.commands import Commands, Palette
from graphstep.tui.crash import leave_when_told
from graphstep.tui.file_watch import FileWatch, stamp
from graphstep.tui.looks import Look, LookApp
from graphstep.tui.opening import Opened, Opener, Opening, OpeningAt, OpeningFailed
from graphstep.tui.place import carry
from graphstep.tui.recent import Recent
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.export import ExportScreen
from graphstep.tui.screens.opening import OpeningScreen
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.type_ahead import TypeAhead
from graphstep.tui.widgets.request_form import RequestForm

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.step import Grain
    from graphstep.tui.predicting import Predicting
    from graphstep.tui.screens.step import StepScreen

WIDTHS = [(0, "-narrow"), (70, "-medium"), (120, "-wide")]
HEIGHTS = [(0, "-short"), (20, "-normal"), (36, "-tall")]
"""From which size on the screen has which class, for the style sheet."""
LOOK_EVERY = 0.5
"""Seconds between two looks at the file of the source."""


class StepApp(LookApp):
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
        Binding("ctrl+o", "welcome", "open", key_display="^o", show=False, id="app.welcome",
                tooltip="Open another source"),
        Binding("ctrl+s", "export", "export", key_display="^s", show=False, id="app.export",
                tooltip="Write the graph, or the table of the trace, to a file"),
        Binding("y", "copy('latex')", "copy LaTeX", show=False, id="copy.latex",
                tooltip="Copy the equation of the step as LaTeX"),
        Binding("Y", "copy('python')", "copy Python", show=False, id="copy.python",
                tooltip="Copy what runs here as Python"),
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
        super().__init__(look or Look())
        self._predicting = predicting
        self.request = request
        """What the trace on the screen was made from."""
        self._opener = opener
        self._recent = Recent(state)
        self._type_ahead = TypeAhead(self)
        self.opening: Opening | None = None
        """The request that is on its way."""
        self._step_screen: StepScreen | None = None
        self._watch = FileWatch()
        self.failure: GraphstepError | None = None
        """Why there is nothing to show: what the app was started for could not be opened."""
        self.trace = trace
        """The trace on the screen."""
        if trace is not None:
            ordered = trace.in_v_order() is not trace
            self._step_screen = self._screen_for(trace.in_v_order(), grain, ordered)

    @property
    def step_screen(self) -> StepScreen:
        """Return the screen of the present trace."""
        assert self._step_screen is not None
        return self._step_screen

    @property
    def has_trace(self) -> bool:
        return self._step_screen is not None

    def _screen_for(self, trace: Trace, grain: Grain, engine_order: bool = False) -> StepScreen:
        # It brings in torch, and the first frame does without.
        from graphstep.tui.screens.step import StepScreen

        # What the command line asked for is of its own trace, not of those opened later.
        predicting, self._predicting = self._predicting, None
        return StepScreen(trace, grain, predicting, engine_order)

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

    def open(self, request: Request, *, keeps: bool = False) -> None:
        """Start to open a request; one that was on its way is given up."""
        if self._opener is None:
            return
        self.opening = Opening(self, self._opener, request, keeps, stamp(request.file))
        self.opening.start()

    def on_request_form_asked(self, message: RequestForm.Asked) -> None:
        self.open(message.request, keeps=isinstance(self.screen, ChangeScreen))

    def on_opening_at(self, message: OpeningAt) -> None:
        asking = self.screen
        if message.opening is self.opening and isinstance(
            asking, OpeningScreen | WelcomeScreen | ChangeScreen
        ):
            asking.reach(message.stage)

    async def on_opened(self, message: Opened) -> None:
        if message.opening is not self.opening:
            return
        self.opening = None
        before = self._step_screen
        if before is not None and message.opening.keeps:
            grain = before.here.timeline.grain
            screen = self._screen_for(message.trace, grain, before.engine_order)
            carry(before, screen)
        else:
            asked = message.opening.request
            screen = self._screen_for(message.trace, cast("Grain", asked.grain), asked.engine_order)
        self.request, self.trace = message.opening.request, message.trace
        self._step_screen = screen
        self._watch.ran(self.request.file, message.opening.stamp)
        self._recent.add(self.request)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self.push_screen(screen)
        self.tell_of_images()

    def on_opening_failed(self, message: OpeningFailed) -> None:
        if message.opening is not self.opening:
            return
        self.opening = None
        error = message.error
        if message.opening.request is self.request:
            self._watch.failed(message.opening.stamp)
        if not isinstance(error, GraphstepError):
            raise error
        if isinstance(self.screen, WelcomeScreen | ChangeScreen):
            self.screen.say(error)
        elif self.has_trace:
            self.notify(str(error), title="the old trace stays", severity="error", markup=False)
        else:
            self.failure = error
            self.exit(return_code=error.exit_code)

    def _look(self) -> None:
        if self.has_trace and self._watch.watches:
            self.run_worker(self._look_at_file(), group="watch", exclusive=True)

    async def _look_at_file(self) -> None:
        """Run the source's file again once it was saved, and the reader is at the steps."""
        news = await self._watch.news()
        self.step_screen.stale = self._watch.stale_text(news)
        at_steps = self.opening is None and self.screen is self._step_screen
        if news == "saved" and at_steps and self.request is not None:
            self.open(self.request, keeps=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        if action == "change":
            return self._opener is not None and self.has_trace and self.request is not None
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

    def action_export(self) -> None:
        self.push_screen(ExportScreen(self.step_screen.here))

    def action_copy(self, language: str) -> None:
        cursor, request = self.step_screen.here, self.request
        if language == "latex":
            text = cursor.timeline.equation(cursor.at).one_line("latex")
        elif request is not None:
            text = request.python
        else:
            return
        self.copy_to_clipboard(text)
        self.notify(text, title="copied", timeout=4, markup=False)
