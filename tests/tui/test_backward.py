"""The lecture's two pages in the app: gradients accumulate, and the released graph is refused."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.tui import make_app
from graphstep.tui.backwards import Backwards
from graphstep.tui.screens.backward import BackwardScreen, equation_lines, outcome_lines
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.title import TitleBar
from tests.traced.test_accumulation import lecture
from tests.tui.piloting import app_of, at, formula_text, press, static_text, table_text

KEPT = "The graph is still there: another backward adds to .grad."
GONE = "v₁ (mul), v₂ (mul), v₄ (exp), v₆ (reciprocal), v₇ (mul)"


async def test_with_retain_graph_the_gradients_accumulate() -> None:
    async with make_app(lecture()).run_test() as pilot:
        await press(pilot, "R", "b")
        assert static_text(pilot, "#backward-text") == (
            "retain_graph: on   backwards run: 1\n\n"
            "a.grad = None + (−0.3324) = −0.3324\n"
            "b.grad = None + (−0.06648) = −0.06648\n\n" + KEPT
        )
        await press(pilot, "b")
        assert static_text(pilot, "#backward-text") == (
            "retain_graph: on   backwards run: 2\n\n"
            "a.grad = −0.3324 + (−0.3324) = −0.6648\n"
            "b.grad = −0.06648 + (−0.06648) = −0.133\n\n" + KEPT
        )


async def test_without_it_torch_refuses_and_we_explain() -> None:
    async with make_app(lecture()).run_test(size=(120, 40)) as pilot:
        await press(pilot, "b")
        first = static_text(pilot, "#backward-text")
        assert first.startswith("retain_graph: off   backwards run: 1\n")
        assert first.endswith(
            f"The graph is released: {GONE} lost what they had saved. Another is refused."
        )
        await press(pilot, "b")
        text = static_text(pilot, "#backward-text")
        assert text.startswith(
            "retain_graph: off   backwards run: 1\n\n"
            "torch refuses\n"
            "RuntimeError: Trying to backward through the graph a second time "
        )
        assert (
            "\n\nwhat was released\n"
            "The backward before this one freed what these operations had saved for it: "
            f"{GONE}.\n\nthe way out\n"
        ) in text
        assert text.endswith("what stays in .grad\na.grad = −0.3324\nb.grad = −0.06648")


async def test_stepping_goes_on_after_a_refusal() -> None:
    trace = lecture()
    async with make_app(trace).run_test(size=(120, 30)) as pilot:
        await press(pilot, "b", "b", "escape")
        assert isinstance(pilot.app.screen, StepScreen)
        for key in ("end", "c", "home"):
            await press(pilot, key)
            last = app_of(pilot).step_screen.here.last
            for _ in range(last + 1):
                await pilot.press("right")
            assert at(pilot) == last
        assert "= −0.3324   ✓ torch −0.3324" in formula_text(pilot)
        assert table_text(pilot).count("✗") == 0
        await press(pilot, "enter")
        assert "✓ torch −0.3324, off by 0" in static_text(pilot, "#card-text")


@pytest.mark.parametrize("key", ["escape", "enter", "q"])
async def test_the_panel_closes_and_the_count_stays(key: str) -> None:
    async with make_app(lecture()).run_test() as pilot:
        await press(pilot, "R", "b", key)
        assert isinstance(pilot.app.screen, StepScreen)
        await press(pilot, "b")
        assert isinstance(pilot.app.screen, BackwardScreen)
        assert "backwards run: 2" in static_text(pilot, "#backward-text")


async def test_retain_graph_is_said_on_both_screens() -> None:
    async with make_app(lecture()).run_test() as pilot:
        title = app_of(pilot).step_screen.query_one(TitleBar)
        assert "retain_graph" not in title.render().plain
        await press(pilot, "R")
        assert title.render().plain.rstrip().endswith("· retain_graph: on")
        await press(pilot, "b", "R")
        assert static_text(pilot, "#backward-text").startswith("retain_graph: off ")
        assert title.render().plain.rstrip().endswith("· retain_graph: off")


def test_what_the_users_own_hook_raises_is_shown() -> None:
    calls: list[int] = []

    def stop(gradient: Tensor) -> Tensor:
        calls.append(1)
        if len(calls) > 1:
            raise ValueError("[red]enough[/red]")
        return gradient

    trace = gs.trace(lambda x: (x * 2).sum(), torch.tensor([1.0, 2.0]))
    trace.recorded.leaves[0].register_hook(stop)
    _ = trace.sweep
    calls.append(1)
    backwards = Backwards(trace)
    outcome = backwards.again()
    text = [line.plain for line in outcome_lines(outcome)]
    assert text == [
        "", "it was stopped", "ValueError: [red]enough[/red]",
        "", "what stays in .grad", "x.grad = None",
    ]  # fmt: skip
    assert backwards.count == 0
    refused = [line.plain for line in outcome_lines(backwards.again())]
    assert refused[1] == "torch refuses"


def test_a_graph_that_saved_nothing_can_always_go_backward() -> None:
    backwards = Backwards(gs.trace("a + b", a=1.0, b=2.0))
    for k in range(1, 3):
        lines = [line.plain for line in outcome_lines(backwards.again())]
        old = "None" if k == 1 else "1"
        assert lines[1:] == [f"a.grad = {old} + 1 = {k}", f"b.grad = {old} + 1 = {k}", "", KEPT]


def test_the_first_signs_stand_below_each_other() -> None:
    outcome = Backwards(gs.trace("a*beta", a=1.0, beta=2.0)).again()
    assert [line.plain for line in equation_lines(outcome.equations)] == [
        "a.grad    = None + 2 = 2",
        "beta.grad = None + 1 = 1",
    ]
