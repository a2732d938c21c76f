"""What the tests of the app share: a quiet wait, and a look at the panes."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

from textual.pilot import Pilot
from textual.widgets import Static

from graphstep.tui import StepApp
from graphstep.tui.widgets.formula import FormulaPane
from graphstep.tui.widgets.graph import GraphPane
from graphstep.tui.widgets.table import TraceTable


def app_of(pilot: Pilot[None]) -> StepApp:
    assert isinstance(pilot.app, StepApp)
    return pilot.app


def at(pilot: Pilot[None]) -> int:
    return app_of(pilot).step_screen.here.at


def graph(pilot: Pilot[None]) -> GraphPane:
    return app_of(pilot).step_screen.query_one(GraphPane)


def table_text(pilot: Pilot[None]) -> str:
    table = app_of(pilot).step_screen.query_one(TraceTable)
    return "\n".join(table.render_line(y).text.rstrip() for y in range(table.size.height)).rstrip()


def graph_text(pilot: Pilot[None]) -> str:
    pane = graph(pilot)
    return "\n".join(pane.render_line(y).text.rstrip() for y in range(pane.size.height)).rstrip()


def formula_text(pilot: Pilot[None]) -> str:
    return app_of(pilot).step_screen.query_one(FormulaPane).render().plain


def static_text(pilot: Pilot[None], selector: str) -> str:
    return str(pilot.app.screen.query_one(selector, Static).render())


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, and wait for what each of them started."""
    for key in keys:
        await pilot.press(key)
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()


async def settled(pilot: Pilot[None]) -> None:
    """Wait until the graph that is wanted is on the screen."""
    for _ in range(600):
        await pilot.pause()
        pane = graph(pilot)
        if pane.settled or not pane.display:
            # Scrollbars and scrolling follow a new layout one refresh later.
            await pilot.pause()
            await pilot.pause()
            return
        await pilot.pause(0.02)
    raise AssertionError("the graph was never laid out")


@contextmanager
def ends_within(seconds: int) -> Iterator[None]:
    """Fail what takes longer, even where the app's loop spins and hears of no timeout.

    Windows has no such alarm.
    """
    rang: list[bool] = []

    def ring(*_: object) -> None:
        rang.append(True)
        raise TimeoutError(f"not done within {seconds} s")

    if not hasattr(signal, "SIGALRM"):
        yield
        return
    before = signal.signal(signal.SIGALRM, ring)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
    # What rang in a task of the app has ended that task, not the test.
    assert not rang, f"not done within {seconds} s"
