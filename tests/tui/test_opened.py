"""`o` opens the current operation into its textbook steps, `O` one entry; both lead back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from textual.pilot import Pilot
from textual.widgets import Input

import graphstep as gs
from graphstep.api import Trace
from graphstep.textbook import opened
from graphstep.textbook.expansion import Expansion
from graphstep.tui import make_app
from graphstep.tui.screens.entry import EntryScreen
from graphstep.tui.screens.opened import OpenedScreen
from graphstep.tui.screens.step import StepScreen
from graphstep.tui.widgets.title import TitleBar
from tests.tui.piloting import app_of, press, static_text


@pytest.fixture
def softmax() -> Trace:
    return gs.trace("softmax(x, 0)[0]", x=[1.0, 2.0])


@pytest.fixture
def product() -> Trace:
    """A product of 3 by 4 whose entries are 0, 4, 8, …"""
    x = torch.arange(3.0).reshape(3, 1) * 16
    return gs.trace("x @ y + 0*z", x=x, y=torch.ones(1, 4), z=torch.arange(4.0))


def notes(pilot: Pilot[None]) -> list[str]:
    return [note.message for note in pilot.app._notifications]


def title(pilot: Pilot[None]) -> str:
    return pilot.app.screen.query_one(TitleBar).render().plain


def opened_screen(pilot: Pilot[None]) -> OpenedScreen:
    screen = pilot.app.screen
    assert isinstance(screen, OpenedScreen)
    return screen


async def test_softmax_opens_into_its_steps_and_leads_back(softmax: Trace) -> None:
    async with make_app(softmax).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "o")
        assert opened_screen(pilot).here.timeline.trace.values[2].label == "e"
        assert [n.title for n in pilot.app._notifications] == [
            "the textbook agrees with torch's kernel"
        ]
        assert notes(pilot)[0].startswith("value and adjoints within ")
        assert title(pilot).startswith(" softmax that gave v₁ · x is v₀ ")
        await press(pilot, "right", "right", "escape")
        assert not isinstance(pilot.app.screen, OpenedScreen)
        assert isinstance(pilot.app.screen, StepScreen)
        assert pilot.app.screen.here.at == 1


async def test_a_textbook_unlike_the_kernel_says_so_as_long_as_it_is_there(
    softmax: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = {"_softmax": lambda scope: Expansion("exp(x)")}
    monkeypatch.setattr(opened, "EXPANSIONS", {**opened.EXPANSIONS, **wrong})
    async with make_app(softmax).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "o", "right")
        assert "✗ unlike torch's kernel" in title(pilot)
        assert "✗ the value does not agree with torch's kernel" in notes(pilot)[0]


async def test_what_has_no_textbook_steps_says_so_and_stays(softmax: Trace) -> None:
    async with make_app(softmax).run_test(size=(120, 40)) as pilot:
        await press(pilot, "o", "O")
        assert pilot.app.screen is app_of(pilot).step_screen
        assert notes(pilot) == [
            "v₀ (input) has no textbook steps; here these have: v₁ (_softmax)",
            "v₀ (input) has no entries that open; here these have: v₁ (_softmax)",
        ]


async def test_a_trace_that_was_loaded_says_that_nothing_of_it_opens(
    softmax: Trace, tmp_path: Path
) -> None:
    saved = gs.load(softmax.save(tmp_path / "x.graphstep"))
    async with make_app(saved).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "o", "O")
        refused = (
            f"{str(tmp_path / 'x.graphstep')!r} is a saved trace: it carries torch's numbers as "
            "they were recorded and cannot be run again"
        )
        assert notes(pilot) == [refused, refused]


async def test_after_a_backward_torch_s_own_words_say_why_nothing_opens(softmax: Trace) -> None:
    async with make_app(softmax).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "b", "escape", "o")
        assert pilot.app.screen is app_of(pilot).step_screen
        assert notes(pilot)[-1].startswith("Trying to backward through the graph a second time")


async def test_an_entry_is_chosen_by_its_indexes(product: Trace) -> None:
    async with make_app(product).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "right", "right", "O", "2", "comma", "3")
        assert static_text(pilot, "#problem") == "v₁[2, 3] = 32"
        await press(pilot, "enter")
        assert opened_screen(pilot).here.timeline.trace.values[1].label == "r"
        assert title(pilot).startswith(" mm that gave v₁[2, 3] · x is v₋₂, y is v₋₁ ")


async def test_an_entry_is_chosen_by_moving_over_the_grid(product: Trace) -> None:
    async with make_app(product).run_test(size=(120, 40)) as pilot:
        await press(pilot, "end", "left", "left", "left", "O")
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen)
        assert "▶0" in static_text(pilot, "#entries")
        await press(pilot, "down", "right", "right", "left", "left", "left", "right")
        assert screen.place == (1, 1)
        assert screen.query_one(Input).value == "1, 1"
        assert "1  16 ▶16" in static_text(pilot, "#entries")
        assert static_text(pilot, "#problem").endswith("v̄₁[1, 1] = 1")
        await press(pilot, "escape")
        assert pilot.app.screen is app_of(pilot).step_screen


@pytest.mark.parametrize("typed", ["1", "1,2,3", "3,0", "x,y", "-1,0", ""])
async def test_no_entry_is_told_which_there_are(product: Trace, typed: str) -> None:
    async with make_app(product).run_test(size=(120, 40)) as pilot:
        await press(pilot, "right", "right", "right", "O")
        screen = pilot.app.screen
        screen.query_one(Input).value = typed
        await press(pilot, "enter")
        assert pilot.app.screen is screen
        assert static_text(pilot, "#problem") == "an entry is 0, 0 to 2, 3"


async def test_the_pages_of_a_large_tensor_follow_the_entry() -> None:
    large = torch.arange(2 * 30 * 200.0).reshape(2, 30, 200)
    trace = gs.trace(lambda x: torch.bmm(x, torch.eye(200).expand(2, 200, 200)).sum(), large)
    async with make_app(trace).run_test(size=(40, 12)) as pilot:
        await press(pilot, "right", "O", "pagedown", "down", "left", "left")
        screen = pilot.app.screen
        assert isinstance(screen, EntryScreen)
        assert screen.place == (1, 1, 0)
        for index in range(3):
            screen.query_one(Input).value = f"{index % 2}, 29, 199"
            await pilot.pause()
            assert f"▶{5999 + 6000 * (index % 2)}" in static_text(pilot, "#entries")
        await press(pilot, "pagedown", "enter")
        assert opened_screen(pilot).heading.startswith("bmm that gave v₁[1, 29, 199] · x is ")
