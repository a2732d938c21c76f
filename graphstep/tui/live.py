"""An app that finds its own way to traces: it opens requests, and runs a saved file again."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import TYPE_CHECKING, cast

from graphstep.errors import GraphstepError
from graphstep.source.request import Request
from graphstep.tui.file_watch import FileWatch, stamp
from graphstep.tui.looks import Look, LookApp
from graphstep.tui.opening import Opened, Opener, Opening, OpeningAt, OpeningFailed
from graphstep.tui.place import carry
from graphstep.tui.recent import Recent
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.opening import OpeningScreen
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.widgets.request_form import RequestForm

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.step import Grain
    from graphstep.tui.predicting import Predicting
    from graphstep.tui.screens.step import StepScreen

KEPT = 100
"""So many edits can be undone."""


class LiveApp(LookApp):
    """Have one trace on the screen, made from `request` by an `opener`; both may be missing.

    What was opened is kept in the folder `state`.
    """

    def __init__(
        self,
        trace: Trace | None,
        grain: Grain,
        request: Request | None,
        opener: Opener | None,
        state: Path | None,
        look: Look,
        predicting: Predicting | None,
    ) -> None:
        super().__init__(look)
        self._predicting = predicting
        self.request = request
        """What the trace on the screen was made from."""
        self._edited: tuple[Request, ...] = ()
        self._opener = opener
        self._recent = Recent(state)
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
        if before is None:
            # Torch is there only now, and a full collection over it would be felt amid a key.
            gc.freeze()
        if before is not None and message.opening.keeps:
            grain = before.here.timeline.grain
            screen = self._screen_for(message.trace, grain, before.engine_order)
            carry(before, screen)
        else:
            asked = message.opening.request
            screen = self._screen_for(message.trace, cast("Grain", asked.grain), asked.engine_order)
        self._edited = self._edits(message.opening)
        self.request, self.trace = message.opening.request, message.trace
        self._step_screen = screen
        self._watch.ran(self.request.file, message.opening.stamp)
        self._recent.add(self.request)
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        await self.push_screen(screen)
        self.tell_of_images()

    def on_unmount(self) -> None:
        gc.unfreeze()

    def _edits(self, opening: Opening) -> tuple[Request, ...]:
        """Return what the edits up to now replaced, the last one last."""
        if not opening.keeps or self.request is None:
            return ()
        if self._edited and opening.request == self._edited[-1]:
            return self._edited[:-1]
        if opening.request == self.request:
            return self._edited
        return (*self._edited, self.request)[-KEPT:]

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

    @property
    def has_edits(self) -> bool:
        """Whether the trace came from another by an edit."""
        return bool(self._edited)

    def action_undo(self) -> None:
        """Run what was there before the last edit."""
        if self._edited:
            self.open(self._edited[-1], keeps=True)
