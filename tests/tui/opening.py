"""What the tests of a live app share: an opener as the command line has it, and a wait."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot

from graphstep.api import Trace, open_source
from graphstep.source.request import Request
from graphstep.tui import StepApp
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.title import TitleBar

LECTURE = Request("3*a + a*b", ("a=10", "b=20"))


def open_request(request: Request, say: Callable[[str], None]) -> Trace:
    say("running")
    return open_source(
        request.source,
        request.assignments,
        dtype=request.dtype,
        seed=request.seed,
        device=request.device,
    )


def live_app(request: Request | None = LECTURE, state: Path | None = None) -> StepApp:
    return StepApp(None, request=request, opener=open_request, state=state)


async def until(pilot: Pilot[None], condition: Callable[[], bool]) -> None:
    """Wait until something is so, for half a minute at most."""
    for _ in range(600):
        await pilot.pause()
        if condition():
            return
        await pilot.pause(0.02)
    raise AssertionError("it never came to that")


async def opened(pilot: Pilot[None], app: StepApp) -> None:
    """Wait until the trace that was asked for is on the screen."""

    def shown() -> bool:
        there = app.opening is None and isinstance(app.screen, StepScreen)
        return there and any(bar.size.width for bar in app.screen.query(TitleBar))

    await until(pilot, shown)
