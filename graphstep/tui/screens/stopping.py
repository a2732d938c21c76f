"""Breakpoints over the steps: playing stops there, and one key runs on to the next of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from graphstep.steps.breakpoints import Breakpoint, next_stop, stops
from graphstep.steps.timeline import Timeline
from graphstep.tui.screens.asides import AsideScreen
from graphstep.tui.screens.stops import StopsScreen

if TYPE_CHECKING:
    from graphstep.api import Trace

Breakpoints = tuple[Breakpoint, ...]


@dataclass
class StopsFound(Message):
    """The steps at which a timeline's breakpoints stop are known."""

    timeline: Timeline
    breakpoints: Breakpoints
    found: tuple[int, ...]


class StoppingScreen(AsideScreen):
    """Have breakpoints, the same in both grains."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self.breakpoints: Breakpoints = ()
        self._stops: dict[tuple[Timeline, Breakpoints], tuple[int, ...]] = {}

    def action_stops(self) -> None:
        """Set and clear breakpoints."""
        self.pause()
        screen = StopsScreen(self.here.timeline, self.breakpoints)
        self.app.push_screen(screen, self._adopt_breakpoints)

    def action_run_on(self) -> None:
        """Go to the next stop, and stay where there is none."""
        if not self.breakpoints:
            self.notify("no breakpoints: B sets them", timeout=3)
            return
        there = next_stop(self.stopping(), self.here.at)
        if there is None:
            self.notify("no breakpoint ahead", timeout=3)
        else:
            self.move(self.here.to(there))

    def stopping(self) -> tuple[int, ...]:
        """Return the steps at which to stop in the present timeline."""
        key = self.here.timeline, self.breakpoints
        if not self.breakpoints:
            return ()
        if key not in self._stops:
            self._stops[key] = stops(*key)
        return self._stops[key]

    def _adopt_breakpoints(self, breakpoints: Breakpoints | None) -> None:
        self.breakpoints = breakpoints or ()
        self._stops.clear()
        if self.breakpoints:
            self._find(self.here.timeline, self.breakpoints)

    @work(thread=True, exclusive=True, group="stops")
    def _find(self, timeline: Timeline, breakpoints: Breakpoints) -> None:
        # Before a key needs it: every tensor may have to be asked whether it is finite.
        self.post_message(StopsFound(timeline, breakpoints, stops(timeline, breakpoints)))

    def on_stops_found(self, message: StopsFound) -> None:
        if message.breakpoints == self.breakpoints:
            self._stops[message.timeline, message.breakpoints] = message.found
