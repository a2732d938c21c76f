"""Keys at random, and sizes: the app goes on, leaves when told alone, and leads back."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from graphstep.source.request import Request
from graphstep.tui import StepApp
from tests.tui.opening import LECTURE, live_app, opened, until
from tests.tui.piloting import at, ends_within

SIZES = ((20, 5), (40, 12), (160, 48))
KEYS = [
    "right", "left", "home", "end", "space", "f", "r", "c", "enter", "g", "v", "3", "escape",
    "question_mark", "less_than_sign", "greater_than_sign", "shift+left", "shift+down", "pageup",
    "pagedown", "tab", "shift+tab", "backspace", "x", "b", "R", "e", "ctrl+o", "ctrl+p", "ctrl+t",
    "ctrl+s", "y", "Y", "L", "up", "down", "a", "*", "equals_sign", "delete", "p", "slash", "d",
    "i", "t", "m", "plus", "minus", "full_stop", "1", "n", "s", "w", "u", "escape", "escape",
    "o", "O", "comma", "E", "B", "U", "C", "left_square_bracket", "right_square_bracket", "h",
]  # fmt: skip
TENSORS = Request("softmax(a@b, 1)", ("a=randn(2,3)", "b=randn(3,2)"))
"""What can be opened, and entries of it."""


@pytest.mark.parametrize(
    ("seed", "count"),
    [
        (400, 400),
        (401, 200),
        *(pytest.param(n, 2_500, marks=pytest.mark.full) for n in (1, 2, 3, 10_000)),
    ],
)
async def test_random_keys_do_no_harm(
    seed: int, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # What ^s writes lands here, and what leaves the app stays.
    monkeypatch.chdir(tmp_path)
    left: list[object] = []
    monkeypatch.setattr(StepApp, "exit", lambda self, *_, **said: left.append(said))
    chooser = random.Random(seed)
    app = live_app(TENSORS if seed % 2 else LECTURE)
    with ends_within(60 + count // 4):
        await _press_keys(app, chooser, count)
        monkeypatch.undo()
    assert not any(left)


async def _press_keys(app: StepApp, chooser: random.Random, count: int) -> None:
    async with app.run_test(notifications=True) as pilot:
        await opened(pilot, app)
        for turn in range(count // 20):
            for key in chooser.choices(KEYS, k=20):
                app.simulate_key(key)
            await pilot.pause()
            if turn % 10 == 0:
                await pilot.resize_terminal(*chooser.choice(SIZES))
            assert app.is_running
        await until(pilot, lambda: app.opening is None and not app._type_ahead.waits)
        for _ in range(50):
            if app.screen is app.step_screen and not app.step_screen.predicts:
                break
            await pilot.press("escape")
        await pilot.press("home")
        assert at(pilot) == 0
