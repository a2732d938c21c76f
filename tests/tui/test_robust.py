"""Nothing that happens to the app loses the reader's place, trace or terminal."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.app import App
from textual.pilot import Pilot
from textual.widgets import Input
from textual.widgets._toast import Toast

import graphstep as gs
from graphstep.cli import live
from graphstep.output import layout
from graphstep.output.layout_failures import LayoutError
from graphstep.source.request import Request
from graphstep.tui import StepApp, make_app
from graphstep.tui.crash import kept_text
from graphstep.tui.fitting import fitting
from graphstep.tui.looks import Look
from graphstep.tui.notices import Notice
from graphstep.tui.widgets import graph as graph_pane
from tests.tui.opening import LECTURE, live_app, open_request, opened, until
from tests.tui.piloting import at, ends_within, graph, graph_text, settled

SIZES = ((20, 5), (40, 12), (160, 48))


def run_headless(monkeypatch: pytest.MonkeyPatch, pilot: Any) -> None:
    """Let the apps of this test run without a terminal, steered by `pilot`."""

    def run(self: StepApp, *, mouse: bool = True) -> None:
        App.run(self, headless=True, size=(80, 24), auto_pilot=pilot)

    monkeypatch.setattr(StepApp, "run", run)


def test_a_crash_says_where_the_trace_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def crash(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, StepApp)
        await opened(pilot, pilot.app)
        pilot.app.call_later(lambda: 1 // 0)
        await pilot.pause(0.3)

    run_headless(monkeypatch, crash)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path))
    assert live.present_live(LECTURE, Look()) == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    (file,) = (tmp_path / "graphstep").glob("stopped-*.graphstep")
    assert said.splitlines()[-1] == (
        "graphstep: the terminal app stopped on an error of its own; the trace is saved: graphstep "
        f"step {file}; its source again: graphstep step '3*a + a*b' a=10 b=20"
    )
    assert len(gs.load(str(file)).timeline()) == 10


def test_what_cannot_be_saved_is_said_too(tmp_path: Path) -> None:
    class Broken:
        def save(self, path: Path) -> Path:
            raise ValueError(f"not to {path}")

    broken: Any = Broken()
    said = kept_text(broken, LECTURE, tmp_path)
    (file,) = tmp_path.glob("stopped-*.txt")
    assert f"what was asked for is kept in {file}; its source again: graphstep step " in said
    assert file.read_text() == "graphstep step '3*a + a*b' a=10 b=20\n"
    (tmp_path / "file").write_text("")
    assert kept_text(broken, LECTURE, tmp_path / "file").endswith("step '3*a + a*b' a=10 b=20")
    stopped = "the terminal app stopped on an error of its own"
    assert kept_text(None, None, tmp_path) == stopped


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
@pytest.mark.parametrize("name", ["SIGTERM", "SIGHUP"])
def test_a_signal_ends_the_app_as_q_does(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    number = getattr(signal, name)

    async def told(pilot: Pilot[None]) -> None:
        assert isinstance(pilot.app, StepApp)
        await opened(pilot, pilot.app)
        os.kill(os.getpid(), number)
        await pilot.pause(0.3)

    run_headless(monkeypatch, told)
    assert live.present_live(LECTURE, Look()) == 128 + number


async def test_a_resize_at_any_moment_loses_nothing() -> None:
    app = live_app()
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, app)
        await pilot.press("r", "right")
        for key in ("left", "e", "ctrl+o", "ctrl+s", "question_mark", "g"):
            await pilot.press("right", key)
            lines = [line.value for line in app.screen.query(Input)]
            for size in SIZES:
                await pilot.resize_terminal(*size)
                await pilot.pause()
                assert [line.value for line in app.screen.query(Input)] == lines
                if size == (40, 12) and app.screen.query("#source"):
                    shown = [line.region.bottom for line in app.screen.query(Input)]
                    assert max(shown) <= 12
                    assert min(line.size.width for line in app.screen.query(Input)) >= 20
            if app.screen is not app.step_screen:
                await pilot.press("escape")
            await pilot.press("left")
            assert app.screen is app.step_screen
        assert at(pilot) == 5


async def test_a_resize_amid_the_opening() -> None:
    held = threading.Event()

    def slow(request: Request, say: Callable[[str], None]) -> gs.Trace:
        held.wait(20)
        return open_request(request, say)

    app = StepApp(None, request=LECTURE, opener=slow)
    async with app.run_test() as pilot:
        for size in SIZES:
            await pilot.resize_terminal(*size)
            await pilot.pause()
        held.set()
        await opened(pilot, app)


async def test_a_notice_that_expires_on_its_way_to_the_screen() -> None:
    app = live_app()
    with ends_within(60):
        async with app.run_test(notifications=True) as pilot:
            await opened(pilot, app)
            await pilot.pause()
            late = Notice("late", timeout=-1)
            assert late.has_expired
            # As ToastRack mounts one that had a moment left when it looked.
            await app.screen.mount(Toast(late))
            await pilot.press("right")
            assert at(pilot) == 1
            await until(pilot, lambda: not app.screen.query(Toast))
            app.notify("[soon]", timeout=2, markup=False)
            await until(pilot, lambda: bool(app.screen.query(Toast)))
            assert [type(one) for one in app._notifications] == [Notice]
            assert app.screen.query_one(Toast).render().plain == "[soon]"


async def test_keys_amid_a_layout_that_takes_long(monkeypatch: pytest.MonkeyPatch) -> None:
    held, begun = threading.Event(), threading.Event()

    def slow(*given: Any) -> Any:
        begun.set()
        held.wait(20)
        return fitting(*given)

    monkeypatch.setattr(graph_pane, "fitting", slow)
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await until(pilot, begun.is_set)
        await pilot.press("end", "left", "c", "c", "v", "v", "v", "home", "right", "r", "right")
        assert at(pilot) == 6
        assert "laying out…" in graph_text(pilot)
        held.set()
        await settled(pilot)
        assert "v₃ = v₁ + v₂" in graph_text(pilot)


@pytest.mark.skipif(sys.platform == "win32", reason="the signal is one of POSIX")
async def test_keys_while_the_layout_child_dies_and_after(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    deaths: list[str] = []

    def dying(*given: Any) -> Any:
        if not deaths:
            layout.render("digraph { a }", "json0")
            pid = layout._default.pid
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)
            timer = threading.Timer(0.3, os.kill, (pid, signal.SIGKILL))
            timer.start()
            try:
                return fitting(*given)
            except LayoutError as error:
                deaths.append(str(error))
                raise
        return fitting(*given)

    monkeypatch.setattr(graph_pane, "fitting", dying)
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("right", "right", "right")
        await until(pilot, lambda: bool(deaths) and graph(pilot).settled)
        assert deaths == ["Graphviz crashed while laying out the graph (signal 9)"]
        assert "Graphviz crashed while laying" in graph_text(pilot)
        await pilot.press("end", "left")
        assert at(pilot) == 8
        await pilot.resize_terminal(100, 30)
        await settled(pilot)
        assert "v₃ = v₁ + v₂" in graph_text(pilot)


@pytest.mark.skipif(sys.platform == "win32", reason="the signal is one of POSIX")
async def test_steps_through_a_large_graph_while_the_layout_child_is_killed_again_and_again(
    chain: gs.Trace,
) -> None:
    app = make_app(chain)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        killed: set[int] = set()
        for turn in range(10):
            pid = layout._default.pid
            if turn % 3 == 0 and pid is not None and pid not in killed:
                # Stopped first: a layout that is under way is cut off.
                os.kill(pid, signal.SIGSTOP)
                threading.Timer(0.05, os.kill, (pid, signal.SIGKILL)).start()
                killed.add(pid)
            await pilot.press("right", "right", "right")
            assert at(pilot) == 3 * (turn + 1)
        assert len(killed) > 1
        # A part whose layout was cut off says so; the next one is drawn.
        await pilot.press("r")
        await settled(pilot)
        assert "▶x: v₃₀₀₀" in graph_text(pilot)
