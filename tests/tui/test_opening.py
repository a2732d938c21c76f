"""The first frame comes before torch, and what goes wrong behind it ends as it did."""

from __future__ import annotations

import gc
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from graphstep.api import Trace
from graphstep.cli import live
from graphstep.cli.main import main
from graphstep.errors import InputError, MissingError
from graphstep.source.request import Request
from graphstep.tui import StepApp
from graphstep.tui.opening import Opener
from graphstep.tui.screens.help import HelpScreen
from graphstep.tui.screens.opening import OpeningScreen, Stages
from tests.tui.opening import LECTURE, live_app, open_request, opened, until
from tests.tui.piloting import static_text

_FIRST_FRAME = """
import asyncio, json, sys
from graphstep.source.request import Request
from graphstep.tui.app import StepApp
from graphstep.tui.widgets.keys import KeyBar

async def first_frame():
    import threading
    held = threading.Event()
    def opener(request, say):
        held.wait(20)
    app = StepApp(None, request=Request("3*a + a*b", ("a=10", "b=20")), opener=opener)
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = [str(app.screen.query_one("#opening-source").render()),
                 app.screen.query_one(KeyBar).render().plain.rstrip()]
        print(json.dumps([shown, sorted(n for n in sys.modules if "." not in n)]))
    # What comes of it must find no app any more: it is no trace.
    held.set()

asyncio.run(first_frame())
"""


def test_the_first_frame_has_source_and_keys_and_no_torch() -> None:
    child = subprocess.run(
        [sys.executable, "-c", _FIRST_FRAME], capture_output=True, text=True, timeout=60, check=True
    )
    shown, modules = json.loads(child.stdout.splitlines()[-1])
    assert shown[0] == " 3*a + a*b"
    assert shown[1].startswith("← → step  space play")
    assert shown[1].endswith("? help  q quit")
    assert {"torch", "numpy", "networkx", "sympy"}.isdisjoint(modules)
    assert "textual" in modules


async def test_it_says_how_far_it_is_and_then_steps() -> None:
    held = threading.Event()

    def slow(request: Request, say: Callable[[str], None]) -> Trace:
        say("loading torch")
        held.wait(20)
        return open_request(request, say)

    app = StepApp(None, request=LECTURE, opener=slow)
    async with app.run_test() as pilot:
        screen = app.screen
        assert isinstance(screen, OpeningScreen)
        stages = screen.query_one(Stages)
        await until(pilot, lambda: "loading torch…" in stages.render().plain)
        assert stages.render().plain.startswith("✓ starting ")
        assert static_text(pilot, "#opening-title") == " 3*a + a*b  a=10  b=20"
        # Keys of the steps to come do nothing yet; help does.
        await pilot.press("right", "enter", "c", "e", "ctrl+o", "question_mark")
        assert isinstance(app.screen, HelpScreen)
        held.set()
        await opened(pilot, app)
        assert app.step_screen.here.at == 0


async def test_q_leaves_amid_the_opening() -> None:
    held = threading.Event()

    def never(request: Request, say: Callable[[str], None]) -> Trace:
        held.wait(20)
        raise InputError("nobody waits for this")

    app = StepApp(None, request=LECTURE, opener=never)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.opening is not None)
        await pilot.press("q")
    assert app.opening is not None
    assert app.opening.runs
    assert (app.return_code, app.failure) == (0, None)
    held.set()


async def test_the_collector_leaves_out_what_was_loaded_until_the_end() -> None:
    before = gc.get_freeze_count()
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        frozen = gc.get_freeze_count()
        assert app.trace is not None
        assert frozen > before + 1000
    assert gc.get_freeze_count() < frozen


@pytest.mark.parametrize(
    ("asked", "problem", "code"),
    [
        (Request("a*b", ("a=1",)), "no value for 'b': give b=…", 2),
        (
            Request("a", ("a=1",), device="tpu3"),
            "unknown device 'tpu3': say cpu, cuda or cuda:1",
            2,
        ),
        (Request("x@y", ("x=ones(2)", "y=ones(3)")), "", 2),
    ],
)
async def test_a_failure_leaves_with_its_code(asked: Request, problem: str, code: int) -> None:
    app = live_app(asked)
    async with app.run_test() as pilot:
        await until(pilot, lambda: app.failure is not None)
    assert str(app.failure).startswith(problem)
    assert app.return_code == code


@pytest.mark.parametrize(
    ("error", "code"), [(InputError("no value"), 2), (MissingError("no cuda here"), 3)]
)
def test_the_command_prints_the_failure_as_one_line(
    error: InputError | MissingError,
    code: int,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def fail(self: StepApp, **_: object) -> None:
        self.failure = error
        self._return_code = code

    monkeypatch.setattr(live, "has_terminal", lambda: True)
    monkeypatch.setattr("graphstep.cli.step.has_terminal", lambda: True)
    monkeypatch.setattr(StepApp, "run", fail)
    assert main(["step", "a*b", "a=1", "b=2"]) == code
    assert capsys.readouterr().err == f"graphstep: {error}\n"


def test_what_user_code_prints_waits_for_the_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "loud.py"
    file.write_text("def f(a):\n    print('here')\n    return 3 * a\n")

    def run(opener: Opener, request: Request, *_: object) -> int:
        assert len(opener(request, stages.append).timeline()) == 4
        assert capsys.readouterr() == ("", "")
        return 0

    stages: list[str] = []
    monkeypatch.setattr("graphstep.tui.run_opening", run)
    assert live.present_live(Request(f"{file}:f", ("a=2",))) == 0
    assert capsys.readouterr() == ("", "here\n")
    assert stages == ["loading torch", "running the source, recording", "checking against torch"]
