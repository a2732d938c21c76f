"""Every function of every screen is a key away; the mouse is a convenience, and can be left off."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from textual.app import App
from textual.binding import Binding, BindingType

from graphstep.cli.main import main
from graphstep.source.request import Request
from graphstep.tui import StepApp
from graphstep.tui.keymap import remappable
from graphstep.tui.looks import LookApp
from graphstep.tui.screens import dialog_keys
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.step_keys import KEYS
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.widgets.request_form import Line
from tests.tui.opening import live_app, opened
from tests.tui.piloting import press

SOURCE = Request("softmax(a@b, 1)", ("a=randn(2,3)", "b=randn(3,2)"))
PRODUCT = ("right", "right")
"""The keys that lead to v₁, a product."""

SCREENS: dict[str, tuple[Sequence[str], Sequence[BindingType]]] = {
    "steps": ((), (*KEYS, *LookApp.BINDINGS, *StepApp.BINDINGS)),
    "card": (("enter",), dialog_keys.CARD),
    "ledger": (("end", "L"), dialog_keys.LEDGER),
    "why": (("w",), dialog_keys.WHY),
    "backward": (("b",), dialog_keys.BACKWARD),
    "help": (("question_mark",), dialog_keys.HELP),
    "opened": ((*PRODUCT, "o"), dialog_keys.OPENED),
    "entry": ((*PRODUCT, "O"), dialog_keys.ENTRY),
    "go to": (("g",), dialog_keys.GOTO),
    "search": (("slash",), dialog_keys.SEARCH),
    "breakpoints": (("B",), dialog_keys.STOPS),
    "export": (("ctrl+s",), dialog_keys.EXPORT),
    "edit": (("e",), (*Line.BINDINGS, *ChangeScreen.BINDINGS)),
    "start": (("ctrl+o",), (*Line.BINDINGS, *WelcomeScreen.BINDINGS)),
}
"""The keys that lead to each screen, and what it binds."""


def bindings(name: str) -> list[Binding]:
    return [one for one in SCREENS[name][1] if isinstance(one, Binding)]


@pytest.mark.parametrize("name", SCREENS)
async def test_each_key_of_a_screen_reaches_its_action(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = live_app(SOURCE)
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, app)
        there = SCREENS[name][0]
        await press(pilot, *there)
        assert (app.screen is app.step_screen) == (not there)
        wanted, reached = "", False

        async def note(action: object, *_: object) -> bool:
            # Scrolling is asked for first, and declines where there is nothing to scroll.
            nonlocal reached
            reached = reached or action == wanted
            return action == wanted

        monkeypatch.setattr(app, "run_action", note)
        for binding in bindings(name):
            for key in binding.key.split(","):
                wanted, reached = binding.action, False
                await pilot.press(key)
                assert reached, (binding.id, key)


def test_no_function_is_left_out() -> None:
    known = {binding.id for name in SCREENS for binding in bindings(name)}
    assert known == {binding.id for binding in remappable()}


@pytest.mark.parametrize("words", [[], ["--no-mouse"]])
def test_the_mouse_can_be_left_to_the_terminal(
    words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[bool] = []

    def run(self: App[None], *, mouse: bool = True) -> None:
        asked.append(mouse)

    monkeypatch.setattr(StepApp, "run", run)
    monkeypatch.setattr("graphstep.cli.step.has_terminal", lambda: True)
    assert main(["step", "3*a", "a=1", *words]) == 0
    assert asked == [not words]
