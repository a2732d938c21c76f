"""The reader's own keys: read from a file, with one line for what is wrong in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

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


def test_the_keys_of_a_reader_lie_where_xdg_says(tmp_path: Path) -> None:
    folder = {"XDG_CONFIG_HOME": str(tmp_path)}
    assert keys_file(folder) == tmp_path / "graphstep" / "keys.json"
