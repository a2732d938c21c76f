"""The installed command in a real terminal, as tmux gives one."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("graphstep")

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not COMMAND.is_file(), reason="the command is not installed beside Python"),
]


class Terminal:
    """One tmux server of its own, with one window of 80 by 24."""

    def __init__(self, tmux: str, folder: Path, locale: str) -> None:
        self._words = [tmux, "-u", "-S", str(folder / "socket"), "-f", os.devnull]
        self._environment = {
            **os.environ, "LC_ALL": locale, "XDG_STATE_HOME": str(folder), "TERM": "xterm-256color",
        }  # fmt: skip

    def __call__(self, *words: str) -> str:
        done = subprocess.run(
            [*self._words, *words],
            capture_output=True,
            text=True,
            check=True,
            timeout=30,
            env=self._environment,
        )
        return done.stdout

    def start(self, *words: str) -> None:
        """Run a graphstep command, and then say its exit code and stay."""
        line = f"{shlex.join([str(COMMAND), *words])}; echo code=$?; cat"
        self("new-session", "-d", "-x", "80", "-y", "24", line)

    def shown(self) -> str:
        return self("capture-pane", "-p")

    def wait_for(self, text: str) -> str:
        for _ in range(300):
            shown = self.shown()
            if text in shown:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"no {text!r} in\n{self.shown()}")

    def is_restored(self) -> bool:
        """Tell whether the terminal is as before: no second screen, no mouse."""
        return self("display-message", "-p", "#{alternate_on}#{mouse_any_flag}").strip() == "00"


@pytest.fixture(params=["C.UTF-8"])
def terminal(tmux: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    made = Terminal(tmux, tmp_path, request.param)
    yield made
    subprocess.run([*made._words, "kill-server"], capture_output=True, check=False, timeout=30)


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
