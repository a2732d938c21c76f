"""The key bar: whole hints only, help and quit always, and a click is a key press."""

from __future__ import annotations

import pytest

from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.widgets.keys import KeyBar
from tests.tui.piloting import app_of, at


@pytest.mark.parametrize(
    ("width", "text"),
    [
        (20, "      ? help  q quit"),
        (40, "← → step  space play      ? help  q quit"),
        (80, "← → step  space play  f forward  r reverse  ⏎ inspect  c grain    ? help  q quit"),
    ],
)
async def test_what_fits_is_shown_whole(lecture: Trace, width: int, text: str) -> None:
    async with make_app(lecture).run_test(size=(width, 24)) as pilot:
        await pilot.pause()
        assert app_of(pilot).step_screen.query_one(KeyBar).render().plain.rstrip() == text


async def test_a_wide_bar_has_the_rarer_keys(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(160, 24)) as pilot:
        await pilot.pause()
        text = app_of(pilot).step_screen.query_one(KeyBar).render().plain
        assert "c grain  b backward  R retain_graph  g go to  v view  " in text


async def test_a_click_is_a_press_and_a_dim_key_does_nothing(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        for offset, there in ((0, 0), (2, 1), (6, 2), (0, 1), (9, 1)):
            await pilot.click(KeyBar, offset=(offset, 0))
            await pilot.pause()
            assert at(pilot) == there


async def test_the_bar_knows_the_last_step(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        bar = app_of(pilot).step_screen.query_one(KeyBar)
        await pilot.pause()
        idle = []
        for key in ("home", "end"):
            await pilot.press(key)
            await pilot.pause()
            shown = bar.render()
            spans = [s for s in shown.spans if "disabled" in str(s.style)]
            idle.append([shown.plain[s.start : s.end] for s in spans])
        assert idle == [["←"], ["→", " step"]]
