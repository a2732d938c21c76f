"""Themes, the palette, help by pane, and what can be taken out of the app."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.color import Color
from textual.widgets import Input

from graphstep.tui import StepApp
from graphstep.tui.commands import Commands, Palette
from graphstep.tui.looks import Look
from graphstep.tui.screens.export import ExportScreen
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.table import TraceTable
from tests.tui.opening import LECTURE, open_request, opened, until
from tests.tui.piloting import at, static_text, table_text


def app_in(theme: str) -> StepApp:
    return StepApp(None, request=LECTURE, opener=open_request, look=Look(theme))


async def test_a_projector_has_its_rows_apart_and_a_click_hits_the_right_one() -> None:
    app = app_in("projector")
    async with app.run_test(size=(100, 30)) as pilot:
        await opened(pilot, app)
        lines = [line.strip(" │") for line in table_text(pilot).split("\n")]
        assert lines[1].startswith("▶v₋₁ = a = 10")
        assert lines[2] == ""
        assert lines[3].startswith("v₀ = …")
        await pilot.click(TraceTable, offset=(3, 6))
        assert at(pilot) == 2
        for theme in ("dark", "light", "high-contrast", "projector"):
            await pilot.press("ctrl+t")
            await pilot.pause()
            assert app.theme == theme
        await pilot.press("ctrl+t", "end")
        assert app.step_screen.query_one(TraceTable).virtual_size.height == 6


async def test_no_color_leaves_greys(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = app_in("dark")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("end")
        await pilot.pause()
        for strip in app.screen._compositor.render_strips():
            for segment in strip:
                for color in (segment.style and segment.style.color,
                              segment.style and segment.style.bgcolor):  # fmt: skip
                    if color:
                        red, green, blue = Color.from_rich_color(color).rgb
                        assert red == green == blue


async def names(app: StepApp) -> list[str]:
    return [hit.text or "" async for hit in Commands(app.screen).discover()]


async def test_the_palette_has_what_applies_now_and_runs_it() -> None:
    app = app_in("dark")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        found = await names(app)
        assert "next (→)" in found
        assert "edit (e)" in found
        assert "theme: projector" in found
        assert "theme: dark" not in found
        assert not [name for name in found if name.startswith(("back (", "first ("))]
        await pilot.press("end")
        found = await names(app)
        assert "back (←)" in found
        assert not [name for name in found if name.startswith(("next (", "last ("))]
        await pilot.press("ctrl+p", *"first")
        await pilot.pause(0.3)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, StepScreen) and at(pilot) == 0)


async def test_help_is_by_pane() -> None:
    app = app_in("dark")
    async with app.run_test(size=(100, 60)) as pilot:
        await opened(pilot, app)
        await pilot.press("question_mark")
        text = static_text(pilot, "Static")
        places = [text.index(f"\n{head}\n") for head in ("Values", "App", "Graph pane", "Signs")]
        assert places == sorted(places)
        assert "ctrl+t" in text
        assert "Copy the equation of the step as LaTeX" in text


async def test_latex_and_python_are_copied() -> None:
    app = app_in("dark")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("end", "y")
        assert app.clipboard.startswith(r"\bar v_{-1} = ")
        await pilot.press("Y")
        found: dict[str, object] = {}
        exec(app.clipboard, found)
        assert repr(found["trace"]) == "<Trace of '3*a + a*b': 2 inputs, 3 values>"


async def test_the_graph_at_a_step_and_the_table_are_written(tmp_path: Path) -> None:
    app = app_in("dark")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        for name, start in (("g.svg", "<svg"), ("t.md", "|"), ("d.reveal.html", "<")):
            await pilot.press("ctrl+s")
            app.screen.query_one(Input).value = str(tmp_path / name)
            await pilot.press("enter")
            await until(pilot, lambda: app.screen is app.step_screen)
            assert re.search(rf"^{re.escape(start)}", (tmp_path / name).read_text(), re.M)
        assert "230" not in (tmp_path / "g.svg").read_text()
        await pilot.press("ctrl+s")
        app.screen.query_one(Input).value = str(tmp_path / "g.bmp")
        await pilot.press("enter")
        await until(pilot, lambda: "unknown ending '.bmp'" in static_text(pilot, "#problem"))
        assert isinstance(app.screen, ExportScreen)
        await pilot.press("escape")
        assert at(pilot) == 0


async def test_a_palette_that_is_closed_takes_no_second_choice() -> None:
    app = app_in("dark")
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("ctrl+p")
        palette = app.screen
        assert isinstance(palette, Palette)
        await pilot.press("escape")
        before = len(app.screen_stack)
        await palette.dismiss()
        assert len(app.screen_stack) == before
