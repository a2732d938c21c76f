"""The installed command in a real terminal: its main flows, as a reader goes through them."""

from __future__ import annotations

import json
import re
import time
from pathlib import Path

import pytest

from tests.tui.terminal import COMMAND, Terminal

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not COMMAND.is_file(), reason="the command is not installed beside Python"),
]

LECTURE = ("3*a + a*b", "a=10", "b=20")


def test_step_resize_and_quit(terminal: Terminal) -> None:
    terminal.start("step", "3*a + a*b", "a=10", "b=20")
    terminal.wait_for("step 1 of 10")
    assert not terminal.is_restored()
    terminal("send-keys", "End")
    shown = terminal.wait_for("step 10 of 10")
    assert "✓ torch 23 · own rule" in shown
    terminal("resize-window", "-x", "40", "-y", "12")
    terminal.wait_for("q quit")
    assert "step 10 of 10" in terminal.shown()
    terminal("send-keys", "e")
    terminal.wait_for("✓ ⏎ runs it")
    terminal("send-keys", "Escape")
    time.sleep(1)
    assert "change it" not in terminal.shown()
    terminal("send-keys", "q")
    terminal.wait_for("code=0")
    assert terminal.is_restored()


def test_the_start_page_and_an_error(terminal: Terminal) -> None:
    terminal.start()
    terminal.wait_for("or one of these")
    terminal("send-keys", "-l", "3*a + sni(a)")
    shown = terminal.wait_for("unknown function 'sni'").splitlines()
    line = next(k for k, text in enumerate(shown) if "✗ unknown function" in text)
    assert shown[line + 1].index("sni") == shown[line + 2].index("^")
    terminal("send-keys", "C-c")
    terminal.wait_for("code=0")
    assert terminal.is_restored()


def test_what_fails_behind_the_first_frame_is_one_line(terminal: Terminal) -> None:
    terminal.start("step", "x@y", "x=ones(2)", "y=ones(3)")
    shown = terminal.wait_for("code=2")
    assert terminal.is_restored()
    assert shown.startswith("graphstep: ")


@pytest.mark.parametrize("terminal", ["C"], indirect=True)
def test_a_terminal_without_utf8_gets_ascii(terminal: Terminal) -> None:
    terminal.start("step", "3*a + a*b", "a=10", "b=20")
    terminal.wait_for("step 1 of 10")
    terminal("send-keys", "End")
    shown = terminal.wait_for("step 10 of 10")
    assert shown.isascii()
    assert "ok torch 23" in shown


def test_an_edit_whose_keys_come_in_one_burst(terminal: Terminal) -> None:
    terminal.start("step", *LECTURE)
    terminal.wait_for("step 1 of 10")
    terminal.press("End", "e", "Tab", "End", "BSpace", "BSpace", "5", "Enter")
    shown = terminal.wait_for("v₀ = b = 5")
    assert "step 10 of 10" in shown
    assert "✓ torch 8" in shown
    assert "change it" not in shown


def test_predictions_and_their_score(terminal: Terminal, tmp_path: Path) -> None:
    score = tmp_path / "score.json"
    terminal.start("step", "--predict", "--score", str(score), "a*b", "a=2", "b=3")
    terminal.wait_for("0 of 0 right")
    terminal.type("7")
    terminal.press("Enter")
    terminal.wait_for("✗")
    terminal.press("6", "Enter")
    terminal.wait_for("0 of 1 right")
    terminal.press("2", "Enter")
    terminal.wait_for("1 of 2 right")
    terminal.press("Escape")
    terminal.wait_for("→ step")
    terminal.press("q")
    terminal.wait_for("code=0")
    assert terminal.is_restored()
    assert json.loads(score.read_text())["right_at_first_try"] == 1


def test_an_export(terminal: Terminal, tmp_path: Path) -> None:
    terminal.start("step", *LECTURE)
    terminal.wait_for("step 1 of 10")
    terminal.press("End", "C-s")
    terminal.wait_for("export to a file")
    terminal.type(str(tmp_path / "graph.svg"))
    terminal.press("Enter")
    terminal.wait_for("wrote")
    assert (tmp_path / "graph.svg").read_text().startswith("<?xml")
    terminal.press("C-s")
    terminal.wait_for("export to a file")
    terminal.type("/nowhere/graph.svg")
    terminal.press("Enter")
    terminal.wait_for("no folder")
    # An escape and a letter at once are an alt.
    terminal.press("Escape")
    time.sleep(1)
    assert "export to a file" not in terminal.shown()
    terminal.press("q")
    terminal.wait_for("code=0")


@pytest.mark.parametrize("name", ["xterm", "linux", "screen", "vt100"])
def test_terminals_that_know_less(terminal: Terminal, name: str) -> None:
    terminal.start("step", *LECTURE, TERM=name)
    terminal.wait_for("step 1 of 10")
    terminal.press("End")
    shown = terminal.wait_for("step 10 of 10")
    assert shown.isascii() == (name in ("linux", "vt100"))
    assert "torch 23" in shown
    terminal.press("q")
    terminal.wait_for("code=0")
    assert terminal.is_restored()


def test_a_dumb_terminal_gets_the_table(terminal: Terminal) -> None:
    terminal.start("step", *LECTURE, TERM="dumb")
    assert "every adjoint agrees" in terminal.wait_for("code=0")


def test_no_colour_leaves_greys(terminal: Terminal) -> None:
    terminal.start("step", *LECTURE, NO_COLOR="1")
    terminal.wait_for("step 1 of 10")
    terminal.press("End")
    terminal.wait_for("✓ torch 23")
    looks = re.findall(r"\x1b\[([\d;]*)m", terminal("capture-pane", "-p", "-e"))
    codes = [code for look in looks for code in re.findall(r"(?:38|48);[\d;]+", look)]
    assert codes
    assert all(_is_grey(code) for code in codes)


def _is_grey(code: str) -> bool:
    """Tell whether a colour of the terminal's own, or of the 256, has no hue."""
    kind, *values = map(int, code.split(";")[1:])
    if kind == 2:
        return len(set(values[:3])) == 1
    return values[0] in (0, 7, 8, 15, 16, 231) or values[0] >= 232
