"""Keys that come in one burst, as over a slow line, go where each before them led."""

from __future__ import annotations

import asyncio

import pytest
from textual.events import Key, Paste
from textual.pilot import Pilot
from textual.widgets import Input

from graphstep.tui import StepApp
from graphstep.tui.screens.change import ChangeScreen
from tests.tui.opening import live_app, opened, until
from tests.tui.piloting import at


def burst(app: StepApp, *keys: str) -> None:
    """Give the app keys at once, before it has handled the first of them."""
    for key in keys:
        app.post_message(Key(key, key if len(key) == 1 else None))


def lines(pilot: Pilot[None]) -> list[str]:
    return [line.value for line in pilot.app.screen.query(Input)]


async def test_what_follows_a_tab_is_typed_into_the_next_line() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        burst(app, "e", "tab", "end", *"0", "tab", "tab", *"7", "shift+tab", *"f")
        await until(pilot, lambda: isinstance(app.screen, ChangeScreen) and "f" in lines(pilot))
        assert lines(pilot)[:4] == ["3*a + a*b", "a=10 b=200", "f", "7"]
        assert at(pilot) == 0


async def test_what_follows_a_question_is_its_answer_and_then_a_step() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        burst(app, "g", "2", "enter", "right", "g", "1", "escape", "right")
        await until(pilot, lambda: at(pilot) == 5)
        assert app.screen is app.step_screen


async def test_a_paste_waits_its_turn() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        burst(app, "e", "tab")
        app.post_message(Paste(" c=5"))
        await until(pilot, lambda: len(lines(pilot)) > 1 and "c=5" in lines(pilot)[1])
        assert lines(pilot)[:2] == ["3*a + a*b", "a=10 b=20 c=5"]


async def test_a_screen_that_does_not_answer_holds_no_key_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answer = asyncio.Event()
    monkeypatch.setattr("graphstep.tui.type_ahead.PATIENCE", 0.1)
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        app.step_screen.call_later(answer.wait)
        burst(app, "right", "right", "right")
        try:
            for _ in range(100):
                await asyncio.sleep(0.1)
                if not app._type_ahead.waits:
                    break
            assert not app._type_ahead.waits
            assert at(pilot) == 0
        finally:
            answer.set()
        await until(pilot, lambda: at(pilot) == 3)
