"""`o` opens the current operation into its textbook steps, and leads back."""

from __future__ import annotations

import graphstep as gs
from graphstep.tui import make_app
from graphstep.tui.screens.opened import OpenedScreen
from graphstep.tui.screens.step import StepScreen
from tests.tui.piloting import press


async def test_softmax_opens_into_its_steps_and_leads_back() -> None:
    trace = gs.trace("softmax(x, 0)[0]", x=[1.0, 2.0])
    async with make_app(trace).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "o")
        screen = pilot.app.screen
        assert isinstance(screen, OpenedScreen)
        assert screen.here.timeline.trace.values[2].label == "e"
        assert [n.title for n in pilot.app._notifications] == [
            "The textbook agrees with torch's kernel"
        ]
        await press(pilot, "right", "right", "escape")
        assert not isinstance(pilot.app.screen, OpenedScreen)
        assert isinstance(pilot.app.screen, StepScreen)
        assert pilot.app.screen.here.at == 1


async def test_what_has_no_textbook_steps_says_so_and_stays() -> None:
    trace = gs.trace("softmax(x, 0)[0]", x=[1.0, 2.0])
    async with make_app(trace).run_test(size=(120, 40)) as pilot:
        await press(pilot, "o")
        assert not isinstance(pilot.app.screen, OpenedScreen)
        assert [n.message for n in pilot.app._notifications] == [
            "v_0 (input) has no textbook steps; here these have: v_1 (_softmax)"
        ]
