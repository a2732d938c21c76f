"""The card on the screen: side by side where there is room, by numbers or by light and dark."""

from __future__ import annotations

import pytest
import torch
from textual.containers import VerticalScroll

import graphstep as gs
from graphstep.api import Trace
from graphstep.output.labels import cell_width
from graphstep.steps.card import card
from graphstep.tui import StepApp, make_app
from graphstep.tui.card_rows import card_text
from graphstep.tui.looks import Look
from graphstep.tui.wrapping import wrapped
from tests.tui.piloting import press, settled, static_text


@pytest.fixture
def product() -> Trace:
    x, b = torch.linspace(-1, 1, 6).reshape(2, 3), torch.tensor([1.0, -2.0, 0.0])
    return gs.trace(lambda x, b: (x * b).sum(), x, b)


@pytest.fixture
def large() -> Trace:
    torch.manual_seed(0)
    return gs.trace(lambda x: x.square().sum(), torch.randn(20, 30))


def row(text: str, *parts: str) -> str:
    found = [line for line in text.splitlines() if all(part in line for part in parts)]
    assert len(found) == 1, text
    return found[0]


async def test_value_tangent_and_adjoint_stand_side_by_side_where_there_is_room(
    product: Trace,
) -> None:
    app = make_app(product)
    async with app.run_test(size=(160, 48)) as pilot:
        await settled(pilot)
        await press(pilot, "end", "left", "t", "enter")
        text = static_text(pilot, "#card-text")
        heads = row(text, "value v₀", "tangent v̇₀", "adjoint v̄₀")
        assert row(text, "summed over the broadcast axis 0")
        await pilot.resize_terminal(60, 24)
        await press(pilot)
        await pilot.pause()
        await press(pilot)
        narrow = static_text(pilot, "#card-text").splitlines()
        assert heads not in narrow
        assert "value v₀" in narrow
        assert "adjoint v̄₀" in narrow


async def test_h_changes_numbers_into_light_and_dark_and_back(product: Trace) -> None:
    async with make_app(product).run_test() as pilot:
        await settled(pilot)
        await press(pilot, "end", "left", "enter")
        first = static_text(pilot, "#card-text")
        assert "1  −2  0" in first
        assert "█" not in first
        box = pilot.app.screen.query_one(VerticalScroll)
        assert str(box.border_subtitle).startswith("h heat")
        await press(pilot, "h")
        shown = static_text(pilot, "#card-text")
        assert "+▒−█ 0" in shown
        assert "█ is |x| = 2, + − its sign" in shown
        assert str(box.border_subtitle).startswith("h numbers")
        await press(pilot, "h")
        assert static_text(pilot, "#card-text") == first


async def test_a_large_tensor_comes_as_map_strip_and_histogram(large: Trace) -> None:
    async with make_app(large).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        text = static_text(pilot, "#card-text")
        assert "runs of up to" in text
        assert "each the largest of 2×2" in " ".join(text.split())
        assert text.count(" to ") == 9  # eight ranges, and "up to"
        await press(pilot, "h")
        assert "…" in static_text(pilot, "#card-text")


async def test_a_number_has_no_heat(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await press(pilot, "enter", "h")
        box = pilot.app.screen.query_one(VerticalScroll)
        assert box.border_subtitle == "↑ ↓ scroll · esc closes"
        assert "10" in static_text(pilot, "#card-text")


async def test_ascii_has_shades_of_its_own(product: Trace) -> None:
    app = StepApp(product, look=Look(ascii=True))
    async with app.run_test() as pilot:
        await settled(pilot)
        await press(pilot, "end", "left", "enter", "h")
        strips = app.screen._compositor.render_strips()
        text = "\n".join(strip.text for strip in strips)
        assert text.isascii()
        assert "+:-# 0" in text


@pytest.mark.parametrize("width", [30, 33, 40, 66, 67, 68, 90, 140])
def test_no_line_is_wider_than_the_card(product: Trace, large: Trace, width: int) -> None:
    for trace in (product, large):
        timeline = trace.timeline()
        for i in trace.values:
            for entries in ("numbers", "heat"):
                shown = card(timeline, i, len(timeline) - 1, width, None, entries)
                lines = card_text(shown, width).plain.splitlines()
                assert max(map(cell_width, lines)) <= width


def test_a_text_is_broken_at_gaps() -> None:
    assert wrapped("one two three", 7, 2) == ["one two", "  three"]
    assert wrapped("  4   5", 7) == ["  4   5"]
    assert wrapped("abcdefgh ij", 4, 1) == ["abcd", " efg", " h", " ij"]
    assert wrapped("", 5) == [""]
    assert wrapped("  one two", 6, 4) == ["  one", "    tw", "    o"]
    assert all(cell_width(line) <= 3 for line in wrapped("v̄₋₁ = v̄₂·v₀", 3, 1))
