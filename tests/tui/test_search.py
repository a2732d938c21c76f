"""Search and breakpoints on the screen."""

from __future__ import annotations

from typing import Any

from textual.pilot import Pilot
from textual.widgets import Input, OptionList

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from tests.tui.piloting import app_of, at, press, static_text


def listed(pilot: Pilot[None]) -> list[str]:
    options = pilot.app.screen.query_one(OptionList)
    return [str(options.get_option_at_index(k).prompt) for k in range(options.option_count)]


async def test_a_slash_lists_hits_and_enter_goes_to_one(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", *"mul")
        assert listed(pilot) == ["v₁  mul  <expression>:1  (op)", "v₂  mul  <expression>:1  (op)"]
        assert static_text(pilot, "#problem") == "2 values"
        await press(pilot, "down", "down", "enter")
        assert at(pilot) == 3
        await press(pilot, "r", "slash", *"label:a", "enter")
        assert at(pilot) == 9
        await press(pilot, "slash", *"zebra")
        assert static_text(pilot, "#problem") == "no value has that"
        await press(pilot, "enter", "escape")
        assert at(pilot) == 9


async def test_a_hit_without_a_step_says_why(no_path: Trace) -> None:
    async with make_app(no_path).run_test(size=(80, 24)) as pilot:
        await press(pilot, "r", "slash", *"label:a", "enter")
        assert static_text(pilot, "#problem").startswith("v̄₋₁ has no step: ")
        await press(pilot, "escape")


async def test_hostile_labels_are_listed_as_they_are() -> None:
    hostile: dict[str, Any] = {"[red]x": 1.0, "\x1b[31m": 2.0}
    trace = gs.trace(lambda **k: sum(k.values()), **hostile)
    async with make_app(trace).run_test(size=(80, 24)) as pilot:
        await press(pilot, "slash", *"input")
        assert listed(pilot) == ["[red]x: v₋₁  input  (op)", "␛[31m: v₀  input  (op)"]


async def test_u_runs_on_to_the_breakpoints_in_both_halves(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(80, 24)) as pilot:
        await press(pilot, "u", "B", *"op sin", "enter")
        assert static_text(pilot, "#problem") == (
            "no operation 'sin' in this trace (it has add, mul)"
        )
        pilot.app.screen.query_one(Input).value = "v_2"
        await press(pilot, "enter", *"a", "enter")
        assert listed(pilot) == ["value v_2  (2 steps)", "value v_-1  (2 steps)"]
        await press(pilot, "escape")
        seen = []
        for _ in range(4):
            await press(pilot, "u")
            seen.append(at(pilot))
        assert seen == [3, 6, 9, 9]
        await press(pilot, "home", "c", "u")
        assert app_of(pilot).step_screen.here.step.i == 2


async def test_a_breakpoint_is_cleared(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(80, 24)) as pilot:
        await press(pilot, "B", *"v_2", "enter", *"op add", "enter", "up", "ctrl+d")
        assert listed(pilot) == ["op add  (3 steps)"]
        await press(pilot, "escape", "u")
        assert at(pilot) == 4


async def test_playing_stops_at_a_breakpoint(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(80, 24)) as pilot:
        await press(pilot, "B", *"v_1", "enter", "escape")
        screen = app_of(pilot).step_screen
        screen.speed = 5
        screen.action_play()
        for _ in range(200):
            await pilot.pause(0.02)
            if not screen.playing:
                break
        assert (at(pilot), screen.playing) == (2, 0)
