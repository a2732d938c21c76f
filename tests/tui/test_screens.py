from __future__ import annotations

import pytest
from textual.widgets import Input, Static

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.screens.goto import GotoScreen
from graphstep.tui.screens.help import HelpScreen
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.screens.step_keys import KEYS
from tests.tui.piloting import app_of, at


async def test_enter_inspects_the_current_value(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test(size=(100, 40)) as pilot:
        await pilot.press("end", "enter")
        await app.workers.wait_for_complete()
        await pilot.pause()
        assert isinstance(app.screen, InspectScreen)
        text = str(app.screen.query_one("#card-text", Static).render())
        assert "  from v₂ (own): v̄₋₁ = v̄₂·∂v₂/∂v₋₁ = v̄₂·v₀ = 1·20 = 20\n" in text
        await pilot.press("escape")
        assert isinstance(app.screen, StepScreen)


async def test_help_lists_every_key(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test(size=(100, 60)) as pilot:
        await pilot.press("question_mark")
        assert isinstance(app.screen, HelpScreen)
        text = str(app.screen.query_one(Static).render())
        for said in ("→ l n ↓ j", "space", "Take the next step", "partial", "✓ ✗", "shift+←"):
            assert said in text
        await pilot.press("q")
        assert isinstance(app.screen, StepScreen)
        assert all(key.id for key in KEYS)


@pytest.mark.parametrize("text", ["-1", "v_-1", "v-1", "a"])
async def test_g_goes_to_a_value_in_the_same_half(lecture: Trace, text: str) -> None:
    async with make_app(lecture).run_test() as pilot:
        await pilot.press("r", "g", *text, "enter")
        assert at(pilot) == 9


async def test_a_value_that_the_reader_called_v3_goes_before_the_third() -> None:
    trace = gs.trace("v3 = a*b; v1 = v3 + a; v1*2", a=1.0, b=2.0)
    async with make_app(trace).run_test() as pilot:
        await pilot.press("g", *"v3", "enter")
        assert app_of(pilot).step_screen.here.step.i == 1
        await pilot.press("g", *"v_3", "enter")
        assert app_of(pilot).step_screen.here.step.i == 3


async def test_g_says_what_is_wrong_and_stays(no_path: Trace) -> None:
    app = make_app(no_path)
    async with app.run_test() as pilot:
        await pilot.press("r", "g", *"7[b]", "enter")
        assert isinstance(app.screen, GotoScreen)
        problem = app.screen.query_one("#problem", Static)
        assert str(problem.render()) == "no value '7[b]' in this trace (it has v_-1 to v_2)"
        app.screen.query_one(Input).value = "a"
        await pilot.press("enter")
        assert str(problem.render()).startswith("v̄₋₁ has no step: ")
        await pilot.press("escape")
        assert isinstance(app.screen, StepScreen)
        assert at(pilot) == 4
