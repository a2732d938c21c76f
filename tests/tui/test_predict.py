"""Predict mode on the screen: nothing is shown before it is predicted, and the score is kept."""

from __future__ import annotations

import json
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

from graphstep.api import Trace
from graphstep.tui import StepApp, make_app
from graphstep.tui.commands import Commands
from graphstep.tui.predicting import Predicting
from graphstep.tui.widgets.predict import PredictPane
from tests.tui.piloting import app_of, at, formula_text, graph_text, press, settled, table_text
from tests.tui.piloting import static_text as text_of


async def answer(pilot: Pilot[None], *texts: str) -> str:
    for text in texts:
        app_of(pilot).step_screen.query_one(Input).value = text
        await press(pilot, "enter")
    return text_of(pilot, "#predict-verdict")


async def test_the_next_value_is_hidden_until_it_is_predicted(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(120, 40)) as pilot:
        await press(pilot, "p")
        await settled(pilot)
        assert at(pilot) == 1
        assert text_of(pilot, "#predict-question") == "v₁ = 3·v₋₁ = ?"
        for shown in (table_text(pilot), graph_text(pilot), formula_text(pilot)):
            assert "30" not in shown
        said = await answer(pilot, "-30")
        assert said.startswith("✗ wrong sign: the sign is the other one · try again")
        assert at(pilot) == 1
        assert await answer(pilot, "3*a") == "✓ right: v₁ = 3·v₋₁ = 3·10 = 30"
        assert at(pilot) == 2
        assert "= 30" in table_text(pilot)


async def test_no_arrow_gives_away_the_local_partial_that_is_asked(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        shown = graph_text(pilot)
        labels = ("3", "v₀", "v₋₁", "1", "1")
        between = [line for line in shown.splitlines() if "│" in line and " = " not in line]
        assert sum(label in " ".join(between).split() for label in labels) == 5
        await press(pilot, "p")
        await settled(pilot)
        # Everything but the boxes: five arrows, and each of them asks.
        assert graph_text(pilot).count("?") == 5
        await answer(pilot, "30", "200", "230", "1", "1")
        # What is in is no secret: the partials of the sum, 1 and 1.
        assert at(pilot) == 7
        assert graph_text(pilot).count("?") == 3
        await press(pilot, "escape")
        assert "?" not in graph_text(pilot)


async def test_the_card_and_the_palette_keep_the_answer_to_themselves(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(120, 40)) as pilot:
        await press(pilot, "p")
        await answer(pilot, "30", "200", "230", "1")
        app = app_of(pilot)
        app.step_screen.inspect(-1)
        await press(pilot)
        await app.workers.wait_for_complete()
        await pilot.pause()
        card = text_of(pilot, "#card-text")
        assert "from v₂: …" in card
        assert "23" not in card
        await press(pilot, "escape", "ctrl+s")
        assert app.screen is app.step_screen
        found = [hit.text or "" async for hit in Commands(app.screen).discover()]
        assert [name for name in found if name.startswith("stop")]
        assert not [name for name in found if name.startswith(("export", "next", "ledger", "open"))]


async def test_no_key_and_no_click_goes_on_without_an_answer(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(100, 30)) as pilot:
        await press(pilot, "p")
        await press(pilot, "down", "end", "pagedown", "up", "right")
        await pilot.click("TraceTable", offset=(3, 5))
        pilot.app.set_focus(None)
        await press(pilot, "right", "end", "space", "r", "L", "g", "c")
        assert at(pilot) == 1
        assert len(pilot.app.screen_stack) == 1
        await press(pilot, "escape")
        await press(pilot, "right")
        assert at(pilot) == 2


async def test_an_adjoint_with_its_misses_and_the_score(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(100, 30)) as pilot:
        await press(pilot, "p")
        await answer(pilot, "30", "200", "230", "1", "1", "10")
        assert at(pilot) == 8
        assert text_of(pilot, "#predict-question") == "v̄₋₁ = ?   v₋₁ is used by v₂, v₁"
        assert (await answer(pilot, "20")).startswith("✗ forgot +=: that is only the term from v₂")
        assert await answer(pilot, "zz") == (
            "cannot read it: no value is called 'zz': write v_3, or vbar_3 for v̄₃"
        )
        assert (await answer(pilot, "")).startswith("the answer: v̄₋₁ = ")
        assert at(pilot) == 9
        assert text_of(pilot, "#predict-question") == (
            "the end: 6 of 7 right at the first try; forgot += 1× · p or esc leaves"
        )
        await press(pilot, "p")
        assert not app_of(pilot).step_screen.predicts
        assert not app_of(pilot).step_screen.query_one(PredictPane).display


async def test_the_command_line_starts_it_and_the_score_is_written(
    lecture: Trace, tmp_path: Path
) -> None:
    file = tmp_path / "score.json"
    app = StepApp(lecture, predicting=Predicting(file))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.pause()
        assert app.step_screen.predicts
        assert not file.exists()
        await answer(pilot, "30", "-200", "200")
        told = json.loads(file.read_text("utf-8"))
        assert (told["source"], told["asked"], told["right_at_first_try"]) == ("3*a + a*b", 2, 1)
        assert told["misses"] == {"wrong sign": 1}


async def test_a_score_that_cannot_be_written_is_said(lecture: Trace, tmp_path: Path) -> None:
    app = StepApp(lecture, predicting=Predicting(tmp_path / "gone" / "score.json"))
    async with app.run_test(size=(80, 24)) as pilot:
        await pilot.pause()
        await pilot.pause()
        await answer(pilot, "30")
        assert at(pilot) == 2
        assert [note.severity for note in app._notifications] == ["error"]


async def test_it_fits_the_smallest_screen(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(40, 12)) as pilot:
        await press(pilot, "p")
        await answer(pilot, "31")
        pane = app_of(pilot).step_screen.query_one(PredictPane)
        assert pane.region.bottom <= 12
        assert pane.query_one(Input).region.height == 1


async def test_a_key_that_comes_after_the_panes_are_gone_does_no_harm(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await press(pilot, "p")
        screen = app_of(pilot).step_screen
        await screen.query_one(PredictPane).remove()
        screen.action_unpredict()
        assert screen.predicts
