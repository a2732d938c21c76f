from __future__ import annotations

import random
from typing import Any

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.keys import KeyBar
from graphstep.tui.widgets.title import TitleBar
from tests.tui.piloting import app_of, at, formula_text, graph_text, settled, table_text


async def test_keys_move_one_step_and_stop_at_the_ends(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        assert at(pilot) == 0
        await pilot.press("left")
        assert at(pilot) == 0
        await pilot.press("right", "l", "n", "down", "j")
        assert at(pilot) == 5
        await pilot.press("left", "h", "k", "up")
        assert at(pilot) == 1
        await pilot.press("end", "right")
        assert at(pilot) == 9
        await pilot.press("home")
        assert at(pilot) == 0
        await pilot.press("pagedown")
        assert at(pilot) == 9


async def test_what_cannot_work_is_dimmed(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        screen = app.step_screen
        assert [screen.check_action(name, ()) for name in ("back", "next")] == [None, True]
        await pilot.press("end")
        assert [screen.check_action(name, ()) for name in ("back", "next")] == [True, None]


async def test_f_and_r_jump_to_the_halves(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await pilot.press("r")
        assert at(pilot) == 5
        await pilot.press("f")
        assert at(pilot) == 0


async def test_the_lecture_is_read_off_the_table(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(100, 24)) as pilot:
        await pilot.press("r", "right")
        assert table_text(pilot) == (
            " forward: values ↓        │ reverse: adjoints ↓\n"
            " v₋₁ = a = 10             │ v̄₃ = 1 ✓\n"
            " v₀ = b = 20              │▶v̄₂ = v̄₃·1 = 1 ✓\n"
            " v₁ = 3·v₋₁ = 30          │ v̄₁ = …\n"
            " v₂ = v₋₁·v₀ = 200        │ v̄₀ = …\n"
            " v₃ = v₁ + v₂ = 230       │ v̄₋₁ = …\n" + "\n".join([" " * 26 + "│"] * 9)
        )


async def test_the_formula_says_symbols_numbers_result_and_torch(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await pilot.press("end")
        assert formula_text(pilot) == (
            "v̄₋₁ = v̄₂·∂v₂/∂v₋₁ + v̄₁·∂v₁/∂v₋₁\n"
            "    = v̄₂·v₀ + v̄₁·3\n"
            "    = 1·20 + 1·3\n"
            "    = 23   ✓ torch 23 · own rule"
        )


async def test_a_sum_that_is_not_complete_is_called_partial(lecture: Trace) -> None:
    async with make_app(lecture, "contribution").run_test(size=(120, 24)) as pilot:
        index = next(s.index for s in lecture.timeline("contribution") if s.i == -1 and s.terms)
        await pilot.press("r", *["right"] * (index - 5))
        assert at(pilot) == index
        assert "partial: more terms to come" in formula_text(pilot)
        assert "= 20 partial" in table_text(pilot)


async def test_changing_the_grain_keeps_the_place(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        await pilot.press("end", "c")
        here = app.step_screen.here
        assert (here.timeline.grain, here.step.i, here.step.kind) == (
            "contribution",
            -1,
            "contribution",
        )
        await pilot.press("c")
        assert at(pilot) == 9
        await pilot.press("home", "right", "c")
        assert (app.step_screen.here.timeline.grain, at(pilot)) == ("contribution", 1)


async def test_space_plays_and_pauses(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        screen = app.step_screen
        await pilot.press(*["less_than_sign"] * 9)
        await pilot.press("space")
        assert screen.playing == 0.5
        await pilot.press("greater_than_sign")
        assert screen.playing == 1
        await pilot.press("space")
        assert screen.playing == 0
        await pilot.press("space", "right")
        assert screen.playing == 0


async def test_playing_stops_at_the_end_and_starts_over(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        screen = app.step_screen
        await pilot.press(*["greater_than_sign"] * 9)
        assert screen.speed == 5
        screen.action_last()
        screen.action_play()
        assert (screen.playing, at(pilot)) == (16, 0)
        for _ in range(200):
            await pilot.pause(0.05)
            if not screen.playing:
                break
        assert (at(pilot), screen.playing) == (9, 0)


async def test_a_value_without_a_path_says_why(no_path: Trace) -> None:
    async with make_app(no_path).run_test(size=(200, 30)) as pilot:
        assert "no path" not in table_text(pilot)
        await pilot.press("end")
        assert "v̄₋₁ no path: " in table_text(pilot)


async def test_clicks_on_rows_and_footer_keys(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        await settled(pilot)
        await pilot.click("TraceTable", offset=(3, 5))
        assert at(pilot) == 3
        await pilot.click("TraceTable", offset=(30, 3))
        assert at(pilot) == 6
        await pilot.click("TraceTable", offset=(30, 12))
        assert at(pilot) == 6
        await pilot.click(KeyBar, offset=(3, 0))
        assert at(pilot) == 7


async def test_q_quits(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        await pilot.press("q")
    assert app.return_code == 0


async def test_a_disagreement_is_marked_at_its_value(lecture: Trace) -> None:
    from graphstep.check.verdict import compare

    verdicts = dict(lecture.verdicts)
    verdicts[-1] = compare(lecture.value("a") + 13, lecture.value("a") + 12)
    lecture.__dict__["verdicts"] = verdicts
    async with make_app(lecture).run_test(size=(100, 24)) as pilot:
        await pilot.press("end")
        assert "23 ✗" in table_text(pilot)
        await settled(pilot)
        assert "┃▶v₋₁ = a✗┃" in graph_text(pilot)
        title = app_of(pilot).step_screen.query_one(TitleBar)
        assert "  ✗ 1 unlike torch · reverse · step 10 of 10" in title.render().plain
        assert formula_text(pilot).endswith("= 23   ✗ torch 22, off by 1 · own rule")


async def test_a_rule_of_torch_is_named() -> None:
    import torch

    trace = gs.trace(torch._lazy_clone, torch.tensor(-1.0))
    async with make_app(trace).run_test(size=(120, 30)) as pilot:
        await pilot.press("end")
        assert table_text(pilot).count(" ✓ torch") == 1
        assert formula_text(pilot).endswith("✓ torch 1 · by torch's own node")


async def test_hostile_labels_are_shown_as_they_are() -> None:
    hostile: dict[str, Any] = {
        "[red]x[/red]": 1.0,
        "\x1b[31m": 2.0,
        "[/]": 3.0,
        "a\nb": 4.0,
        "漢字" * 20: 5.0,
    }
    trace = gs.trace(lambda **k: sum(k.values()), **hostile)
    app = make_app(trace)
    async with app.run_test() as pilot:
        for _ in range(len(trace.timeline())):
            await pilot.press("right")
        await settled(pilot)
        assert "[red]x[/…" in table_text(pilot)
        assert "\x1b" not in table_text(pilot)
        await pilot.press("enter")
        await app.workers.wait_for_complete()
        await pilot.pause()


async def test_resizing_down_to_40_by_12_and_back_keeps_the_place(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(200, 50)) as pilot:
        await pilot.press("r", "right")
        for size in ((80, 24), (60, 40), (40, 12), (20, 5), (40, 12), (200, 50)):
            await pilot.resize_terminal(*size)
            await settled(pilot)
            assert at(pilot) == 6
        assert "▶v̄₂ = v̄₃·1 = 1 ✓ own" in table_text(pilot)


async def test_random_keys_do_no_harm(lecture: Trace) -> None:
    keys = [
        "right", "left", "home", "end", "space", "f", "r", "c", "enter", "g", "v", "3", "escape",
        "question_mark", "less_than_sign", "greater_than_sign", "shift+left", "shift+down",
        "pageup", "tab", "backspace", "x", "b", "R",
        "L", "p", "slash", "B", "u", "2",
    ]  # fmt: skip
    chooser = random.Random(1)
    app = make_app(lecture)
    async with app.run_test() as pilot:
        for _ in range(50):
            for key in chooser.choices(keys, k=10):
                app.simulate_key(key)
            await pilot.pause()
        assert app.is_running
        while not isinstance(app.screen, StepScreen):
            await pilot.press("escape")
        if app.step_screen.predicts:
            await pilot.press("escape")
        await pilot.press("home")
        assert at(pilot) == 0
