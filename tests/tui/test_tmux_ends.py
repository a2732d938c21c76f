"""However the app ends, the terminal is as before, and nothing that was open is lost."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import sys
import time
from pathlib import Path

import pytest

import graphstep as gs
from tests.tui.terminal import COMMAND, Terminal

pytestmark = [
    pytest.mark.full,
    pytest.mark.skipif(not COMMAND.is_file(), reason="the command is not installed beside Python"),
]

LECTURE = ("3*a + a*b", "a=10", "b=20")
SETTINGS = "stty -a | cksum"
CRASHES = """
import sys
from graphstep.cli.main import main
from graphstep.tui.screens.step import StepScreen

StepScreen.action_last = lambda self: 1 // 0
sys.exit(main(["step", "3*a + a*b", "a=10", "b=20"]))
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal(terminal: Terminal, name: str) -> None:
    number = getattr(signal, name)
    terminal.start("step", *LECTURE)
    terminal.wait_for("step 1 of 10")
    assert not terminal.is_restored()
    os.kill(terminal.child, number)
    terminal.wait_for(f"code={128 + number}")
    assert terminal.is_restored()


def test_a_signal_while_the_source_runs(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "slow.py"
    file.write_text("import time\n\ndef f(a):\n    time.sleep(60)\n    return a\n")
    terminal.start("step", f"{file}:f", "a=1")
    terminal.wait_for("running the source")
    os.kill(terminal.child, signal.SIGTERM)
    terminal.wait_for("code=143")
    assert terminal.is_restored()


def test_a_crash_saves_the_trace(terminal: Terminal, tmp_path: Path) -> None:
    terminal.run(shlex.join([sys.executable, "-c", CRASHES]))
    terminal.wait_for("step 1 of 10")
    terminal.press("End")
    shown = terminal.wait_for("code=70")
    assert terminal.is_restored()
    assert "the trace is saved" in " ".join(shown.split())
    (file,) = (tmp_path / "graphstep").glob("stopped-*.graphstep")
    assert len(gs.load(str(file)).timeline()) == 10


def test_back_to_the_shell_and_on(terminal: Terminal) -> None:
    line = f"{SETTINGS}; {shlex.join([str(COMMAND), 'step', *LECTURE])}"
    terminal.run("bash --norc -i", PS1="% ")
    terminal.wait_for("%")
    terminal.type(line)
    terminal.press("Enter")
    terminal.wait_for("step 1 of 10")
    terminal.press("End", "e")
    terminal.wait_for("change it")
    terminal.press("C-z")
    terminal.wait_for("Stopped")
    assert terminal.is_restored()
    terminal.type(f"clear; {SETTINGS}; {SETTINGS}")
    terminal.press("Enter")
    time.sleep(1)
    sums = [line for line in terminal.shown().split("\n") if line[:1].isdigit()]
    terminal.type("fg")
    terminal.press("Enter")
    terminal.wait_for("change it")
    terminal.press("Escape", "Left")
    terminal.wait_for("step 9 of 10")
    terminal.press("q")
    shown = terminal.wait_for(sums[0])
    assert sums[0] == sums[1]
    assert terminal.is_restored()
    assert shown.count(sums[0]) >= 1


def test_what_waits_in_a_browser_ends_with_ctrl_c(terminal: Terminal) -> None:
    terminal.start("serve", *LECTURE, "--port", "18471")
    terminal.wait_for("open http://127.0.0.1:18471 in a browser")
    terminal.press("C-c")
    terminal.wait_for("code=")
    assert "Traceback" not in terminal.shown()


@pytest.mark.skipif(
    shutil.which("make") is None or not Path("/proc/self").exists(),
    reason="needs make, and /proc to see a process end",
)
def test_a_terminal_that_is_gone_ends_the_app_though_make_keeps_the_signal(
    terminal: Terminal, tmp_path: Path
) -> None:
    # make gets the signal, and waits for the app, which gets none.
    rules, pid = tmp_path / "Makefile", tmp_path / "pid"
    command = shlex.join([str(COMMAND), "step", *LECTURE])
    rules.write_text(f"app:\n\t@echo $$$$ > {shlex.quote(str(pid))}; exec {command}\n", "utf-8")
    terminal("new-session", "-d", "-x", "80", "-y", "24", f"exec make -f {rules}")
    terminal.wait_for("step 1 of 10")
    app = Path("/proc") / pid.read_text().strip()
    assert app.exists()
    terminal("kill-server")
    deadline = time.monotonic() + 20
    while app.exists() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not app.exists()
