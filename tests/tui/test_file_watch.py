"""A file SOURCE is run again when it is saved, in whatever way, and the place is kept."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from graphstep.source.request import Request
from graphstep.tui import StepApp
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.title import TitleBar
from tests.tui.opening import live_app, opened, until
from tests.tui.piloting import at

THREE = "import torch\ndef f(a):\n    return 3 * a\n"
FOUR = THREE.replace("3", "4")
MORE = "import torch\ndef f(a):\n    return 3 * a + torch.sin(a)\n"
BROKEN = "import torch\ndef f(a:\n"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "mine.py"
    made.write_text(THREE)
    return made


@asynccontextmanager
async def watching(file: Path) -> AsyncIterator[tuple[Pilot[None], StepApp]]:
    """Have the app on the function of a file."""
    app = live_app(Request(f"{file}:f", ("a=2",)))
    async with app.run_test() as pilot:
        await opened(pilot, app)
        yield pilot, app


async def run_again(pilot: Pilot[None], app: StepApp, before: StepScreen) -> None:
    """Wait until another trace is on the screen."""
    await until(pilot, lambda: app.step_screen is not before and app.screen is app.step_screen)


def save(file: Path, text: str) -> None:
    file.write_text(text)
    # Some file systems count in seconds.
    stamp = file.stat().st_mtime_ns + 2_000_000_000
    os.utime(file, ns=(stamp, stamp))


def rename_over(file: Path, text: str) -> None:
    """Save as vim and most editors do: another file, at the same time and size, renamed."""
    before = file.stat()
    other = file.with_suffix(".tmp")
    other.write_text(text)
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(file)


def title(pilot: Pilot[None], app: StepApp) -> str:
    return app.step_screen.query_one(TitleBar).render().plain


async def test_a_saved_file_is_run_again_and_a_broken_one_is_not(file: Path) -> None:
    async with watching(file) as (pilot, app):
        first = app.step_screen
        await pilot.press("right")
        save(file, MORE)
        await run_again(pilot, app, first)
        assert at(pilot) == 1
        second = app.step_screen
        assert len(second.here.timeline) > len(first.here.timeline)
        save(file, BROKEN)
        await until(pilot, lambda: len(app._notifications) > 0)
        note = next(iter(app._notifications))
        assert (note.title, note.severity) == ("the old trace stays", "error")
        assert note.message.startswith("could not import")
        assert app.screen is second
        # The notice goes; the sign stays until the file runs again.
        await until(pilot, lambda: "✗ file fails" in title(pilot, app))
        await pilot.press("right", "right")
        assert app.screen is second
        save(file, MORE.replace("3", "5"))
        await run_again(pilot, app, second)
        assert at(pilot) == 3
        assert "✗" not in title(pilot, app)


async def test_a_file_that_an_editor_renames_over_is_another_file(file: Path) -> None:
    async with watching(file) as (pilot, app):
        first = app.step_screen
        rename_over(file, FOUR)
        await run_again(pilot, app, first)
        timeline = app.step_screen.here.timeline
        assert timeline.texts(timeline.find(1, "forward"))[0] == "4·v₀"


async def test_a_file_that_is_gone_leaves_its_trace_until_it_is_back(file: Path) -> None:
    async with watching(file) as (pilot, app):
        first = app.step_screen
        await pilot.press("end")
        file.rename(file.with_suffix(".old"))
        await until(pilot, lambda: "✗ file gone" in title(pilot, app))
        await pilot.press("left")
        assert app.screen is first
        file.with_suffix(".old").rename(file)
        await until(pilot, lambda: "✗" not in title(pilot, app))
        assert app.step_screen is first
        file.unlink()
        await until(pilot, lambda: "✗ file gone" in title(pilot, app))
        file.write_text(FOUR)
        await run_again(pilot, app, first)
        assert (at(pilot), title(pilot, app).count("✗")) == (2, 0)


async def test_a_file_saved_amid_an_edit_waits_until_the_edit_is_done(file: Path) -> None:
    async with watching(file) as (pilot, app):
        first = app.step_screen
        await pilot.press("e")
        await until(pilot, lambda: isinstance(app.screen, ChangeScreen))
        app.screen.query_one("#values", Input).value = "a=5"
        save(file, FOUR)
        await pilot.pause(1.2)
        assert isinstance(app.screen, ChangeScreen)
        assert app.screen.query_one("#values", Input).value == "a=5"
        await pilot.press("escape")
        await run_again(pilot, app, first)
        assert app.request == Request(f"{file}:f", ("a=2",))
