"""The answer of `w` on the screen."""

from __future__ import annotations

import graphstep as gs
from graphstep.tui import make_app
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.screens.why import WhyScreen
from tests.tui.piloting import press, static_text


async def test_the_cause_and_the_way_of_the_current_gradient() -> None:
    trace = gs.trace("relu(x)*w", x=-1.0, w=2.0)
    async with make_app(trace).run_test(size=(120, 24)) as pilot:
        await press(pilot, "end", "w")
        assert isinstance(pilot.app.screen, WhyScreen)
        text = static_text(pilot, "#why-text")
        assert text.splitlines()[:2] == [
            "✗ the gradient of x (v₋₁) is 0",
            "    v₁ (relu) has an adjoint of up to 2, but ∂v₁/∂v₋₁ (0 if v₁ <= 0 else 1) is 0",
        ]
        assert "v₁ → v₋₁  relu  2 → 0  ×0" in text
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, StepScreen)


async def test_a_prediction_that_is_due_is_not_given_away() -> None:
    trace = gs.trace("relu(x)*w", x=-1.0, w=2.0)
    async with make_app(trace).run_test(size=(90, 24)) as pilot:
        await press(pilot, "p", "w")
        assert isinstance(pilot.app.screen, StepScreen)
