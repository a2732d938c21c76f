"""The start page: demos, recent sources, and a line that parses as one types."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.widgets import Input, OptionList

from graphstep.demos import DEMOS, GROUPS
from graphstep.source.request import Request
from graphstep.tui.recent import Recent
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.widgets.keys import KeyBar
from tests.tui.opening import LECTURE, live_app, opened, until
from tests.tui.piloting import at, static_text

SIZES = [(80, 24), (40, 12)]


async def test_every_demo_has_a_line_and_enter_opens_it(tmp_path: Path) -> None:
    app = live_app(None, tmp_path)
    async with app.run_test() as pilot:
        offers = app.screen.query_one(OptionList)
        shown = [option for option in offers.options if not option.disabled]
        assert [option.id for option in shown] == [f"demo-{name}" for name in DEMOS]
        for option, demo in zip(shown, DEMOS.values(), strict=True):
            assert demo.title in str(option.prompt)
        headings = [str(option.prompt) for option in offers.options if option.disabled]
        assert headings == [group.title for group in GROUPS]
        await pilot.press("down", "down", "down")
        second = list(DEMOS.values())[1]
        assert app.screen.query_one("#source", Input).value == second.source
        await pilot.press("enter")
        await opened(pilot, app)
        assert app.request is not None
        assert app.request.words == second.words
    assert Recent(tmp_path).read() == (app.request,)


async def test_recent_sources_come_before_the_demos(tmp_path: Path) -> None:
    Recent(tmp_path).add(Request("[b]x[/b]", ()))
    Recent(tmp_path).add(LECTURE)
    app = live_app(None, tmp_path)
    async with app.run_test() as pilot:
        offers = app.screen.query_one(OptionList)
        assert [str(option.prompt) for option in offers.options[:3]] == [
            "Recent",
            "'3*a + a*b' a=10 b=20",
            "'[b]x[/b]'",
        ]
        await pilot.press("tab", "tab", "enter")
        await opened(pilot, app)
        assert app.request == LECTURE


@pytest.mark.parametrize("size", SIZES)
async def test_a_fault_is_shown_under_its_column_as_one_types(size: tuple[int, int]) -> None:
    app = live_app(None)
    async with app.run_test(size=size) as pilot:
        await pilot.press(*"3*a + ")
        await pilot.press(*"sni(a)")
        await pilot.pause()
        lines = static_text(pilot, "#problem").split("\n")
        assert lines[0].startswith("✗ unknown function 'sni'")
        assert lines[1:] == ["  3*a + sni(a)", "        ^"]
        problem = app.screen.query_one("#problem").region
        assert problem.bottom <= size[1]
        assert problem.height >= 3
        await pilot.press(*["backspace"] * 6, *"b")
        await pilot.pause()
        assert static_text(pilot, "#problem") == "… wants values for a, b"


async def test_enter_asks_for_the_values_and_then_steps() -> None:
    app = live_app(None)
    async with app.run_test() as pilot:
        await pilot.press(*"3*a", "enter")
        values = app.screen.query_one("#values", Input)
        await pilot.pause()
        assert (values.value, values.has_focus) == ("a=", True)
        await pilot.press("enter")
        assert isinstance(app.screen, WelcomeScreen)
        assert static_text(pilot, "#problem").startswith("✗ no value for 'a': give a=…")
        await pilot.press(*"10")
        await pilot.pause()
        assert static_text(pilot, "#problem") == "✓ ⏎ runs it"
        await pilot.press("enter")
        await opened(pilot, app)
        assert app.step_screen.here.timeline.trace.value(-0).item() == 10


async def test_what_fails_in_its_run_is_said_and_the_page_stays() -> None:
    app = live_app(None)
    async with app.run_test() as pilot:
        app.screen.query_one("#source", Input).value = "x@y"
        app.screen.query_one("#values", Input).value = "x=ones(2) y=ones(3)"
        await pilot.press("enter")
        await until(pilot, lambda: static_text(pilot, "#problem").startswith("✗ "))
        assert isinstance(app.screen, WelcomeScreen)
        await pilot.press("ctrl+c")
    assert app.return_code == 0


async def test_another_source_is_opened_from_the_steps_or_not() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("right", "ctrl+o")
        assert isinstance(app.screen, WelcomeScreen)
        await pilot.press("escape")
        assert at(pilot) == 1
        await pilot.press("ctrl+o", "tab", "tab", "down", "enter")
        await until(pilot, lambda: app.request != LECTURE and app.screen is app.step_screen)
        assert at(pilot) == 0


async def test_the_foot_says_what_enter_does_where_one_is(tmp_path: Path) -> None:
    app = live_app(LECTURE, tmp_path)
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("ctrl+o")
        await pilot.pause()
        bar = app.screen.query_one(KeyBar)
        assert "⏎ run it" in bar.render().plain
        await pilot.press("down", "down", "down")
        await pilot.pause()
        foot = bar.render().plain
        assert "⏎ open" in foot
        assert "edit" not in foot
        await pilot.press("e")
        assert isinstance(app.screen, WelcomeScreen)
