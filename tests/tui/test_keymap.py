"""The reader's own keys: read from a file, with one line for what is wrong in it."""

from __future__ import annotations

import importlib
import json
import pkgutil
from pathlib import Path

import pytest
from textual.screen import Screen

from graphstep.cli.main import main
from graphstep.errors import InputError
from graphstep.tui import StepApp
from graphstep.tui.keymap import keys_file, read_keymap, remappable
from graphstep.tui.looks import Look
from graphstep.tui.screens.help import HelpScreen
from graphstep.tui.widgets.keys import KeyBar
from tests.tui.opening import LECTURE, open_request, opened
from tests.tui.piloting import at, static_text


def test_every_action_has_a_name_of_its_own() -> None:
    names = [key.id for key in remappable()]
    assert all(names)
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "the keys in 'FILE' are no JSON: "),
        ("[]", "the keys in 'FILE' are no JSON object of actions and keys"),
        ('{"step.nxt": "n"}', "'FILE' names no action 'step.nxt'; did you mean 'step.next'?"),
        ('{"step.next": 3}', "'FILE' gives 'step.next' no key: write it as a text, \"n\""),
        ('{"step.next": ""}', "'FILE' gives 'step.next' no key: write it as a text, \"n\""),
        ('{"step.next": "n,hyper+x"}', "'FILE' gives 'step.next' an unknown key 'hyper+x'"),
        ('{"step.next": "rigth"}', "'FILE' gives 'step.next' an unknown key 'rigth'"),
        ('{"step.next": "q"}', "'FILE': the key 'q' is both 'step.next' and 'app.quit'"),
        ('{"card.heat": "q"}', "'FILE': the key 'q' is both 'card.close' and 'card.heat'"),
        (
            '{"goto.close": "f2,x"}',
            "'FILE' gives 'goto.close' the key 'x', which types into the line there: "
            "give it one as f2 or ctrl+x",
        ),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "keys.json"
    file.write_text(text)
    with pytest.raises(InputError) as raised:
        read_keymap(file)
    assert str(raised.value).startswith(problem.replace("FILE", str(file)))
    assert "\n" not in str(raised.value)


def test_the_command_says_so_and_starts_no_app(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("graphstep.cli.step.has_terminal", lambda: True)
    missing = tmp_path / "none.json"
    assert main(["step", "a", "a=1", "--keys", str(missing)]) == 2
    assert capsys.readouterr().err == (
        f"graphstep: cannot read the keys in '{missing}': No such file or directory\n"
    )


async def test_other_keys_do_what_they_say_in_bar_and_help(tmp_path: Path) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"step.next": "x,*", "app.help": "f1", "step.back": "<",
                                "play.slower": "ctrl+k"}))  # fmt: skip
    keys = read_keymap(file)
    assert keys["step.back"] == "less_than_sign"
    app = StepApp(None, request=LECTURE, opener=open_request, look=Look(keys=keys))
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("right")
        assert at(pilot) == 0
        await pilot.press("x", "asterisk", "x", "less_than_sign")
        assert at(pilot) == 2
        await pilot.pause()
        bar = app.step_screen.query_one(KeyBar).render().plain
        assert bar.startswith("< x step  space play")
        assert bar.rstrip().endswith("f1 help  q quit")
        await pilot.press("f1")
        assert isinstance(app.screen, HelpScreen)
        assert "x asterisk" in static_text(pilot, "Static")


async def test_the_keys_inside_dialogs_are_the_readers_too_and_their_foot_says_so(
    tmp_path: Path,
) -> None:
    file = tmp_path / "keys.json"
    file.write_text(json.dumps({"card.close": "x", "card.heat": "y", "goto.close": "f2",
                                "search.next": "ctrl+n", "search.previous": "ctrl+k",
                                "ledger.next": "n"}))  # fmt: skip
    app = StepApp(None, request=LECTURE, opener=open_request, look=Look(keys=read_keymap(file)))
    async with app.run_test() as pilot:
        await opened(pilot, app)
        steps = app.step_screen

        async def foot(*keys: str) -> str:
            await pilot.press(*keys)
            await app.workers.wait_for_complete()
            await pilot.pause()
            return str(app.screen.children[0].border_subtitle)

        assert await foot("enter") == "↑ ↓ scroll · x closes"
        await pilot.press("escape")
        assert app.screen is not steps
        await pilot.press("x")
        assert app.screen is steps
        assert await foot("g") == "⏎ goes · f2 stays"
        await pilot.press("f2")
        assert app.screen is steps
        assert await foot("slash", *"mul") == "^k ^n choose · ⏎ goes · esc stays"
        await pilot.press("ctrl+n", "enter")
        assert at(pilot) == 3
        assert await foot("L") == "← n step · ↑ ↓ scroll · esc closes"
        await pilot.press("n", "escape")
        assert at(pilot) == 4


def test_every_key_of_every_screen_can_be_chosen() -> None:
    """A screen whose bindings are not listed could not be remapped without anybody noticing."""
    from graphstep.tui import screens

    known = {key.id for key in remappable()}
    for module in pkgutil.iter_modules(screens.__path__, f"{screens.__name__}."):
        for name, found in vars(importlib.import_module(module.name)).items():
            if isinstance(found, type) and issubclass(found, Screen) and found is not Screen:
                for key in vars(found).get("BINDINGS", ()):
                    assert key.id in known, f"{name}: {key}"


def test_the_keys_of_a_reader_lie_where_xdg_says(tmp_path: Path) -> None:
    folder = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert keys_file(folder) == tmp_path / "graphstep" / "keys.json"
