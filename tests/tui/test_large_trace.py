"""A model of 1,500 values in the app: searched, jumped through, folded, followed, mapped."""

from __future__ import annotations

import re

import pytest
import torch
from textual.geometry import Offset
from textual.pilot import Pilot
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.widgets.graph import GraphPane
from tests.tui.piloting import app_of, graph, graph_text, press, settled

BLOCKS = 34


class Block(nn.Module):
    """One block of GPT-2, as wide as it must be."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.norms = nn.ModuleList([nn.LayerNorm(width), nn.LayerNorm(width)])
        self.attend, self.project = nn.Linear(width, 3 * width), nn.Linear(width, width)
        self.inner, self.outer = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x: Tensor) -> Tensor:
        parts = self.attend(self.norms[0](x)).split(x.shape[-1], -1)
        q, k, v = (part.unflatten(-1, (2, -1)).transpose(1, 2) for part in parts)
        seen = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.project(seen.transpose(1, 2).flatten(2))
        out: Tensor = x + self.outer(F.gelu(self.inner(self.norms[1](x))))
        return out


@pytest.fixture(scope="module")
def gpt() -> Trace:
    torch.manual_seed(0)
    model = nn.Sequential(*(Block(8) for _ in range(BLOCKS)), nn.LayerNorm(8), nn.Linear(8, 10))
    return gs.trace(model, torch.randn(1, 3, 8), loss=lambda out: out.square().mean())


def title(pilot: Pilot[None]) -> str:
    return str(app_of(pilot).step_screen.query_one(GraphPane).border_title)


async def pressed(pilot: Pilot[None], *keys: str) -> str:
    """Press keys, and return what the graph pane shows once it has settled."""
    await press(pilot, *keys)
    await settled(pilot)
    return graph_text(pilot)


async def test_a_search_by_module_and_a_jump_take_the_drawing_along(gpt: Trace) -> None:
    assert 1400 < len(gpt.values) < 1700
    async with make_app(gpt).run_test(size=(160, 48)) as pilot:
        screen = app_of(pilot).step_screen
        assert "▶" in await pressed(pilot)
        assert "▶" in await pressed(pilot, "slash", *"module:20.project", "down", "enter")
        current = gpt.values[screen.here.step.i]
        assert current.module == "20.project"
        assert re.fullmatch(rf"graph: \d+ of {len(gpt.values):,} values", title(pilot))
        # A step stays in sight, however the drawing changes under it.
        for _ in range(20):
            await pilot.press("right")
            assert "▶" in await pressed(pilot)
        there = screen.here
        assert "▶v₉₀₀" in await pressed(pilot, "g", *"900", "enter")
        await pressed(pilot, "left_square_bracket")
        assert screen.here == there
        assert "▶" in await pressed(pilot, "end")
        assert screen.here.at == len(screen.here.timeline) - 1


async def test_blocks_fold_and_open_around_the_reader(gpt: Trace) -> None:
    async with make_app(gpt).run_test(size=(160, 48)) as pilot:
        await pressed(pilot, "g", *"700", "enter")
        block = gpt.values[700].module.partition(".")[0]
        # Names alone show the whole of it, in few boxes.
        await pressed(pilot, "Z", "Z")
        found = re.fullmatch(rf"graph: {len(gpt.values):,} values in (\d+) boxes", title(pilot))
        assert found is not None
        assert int(found[1]) <= 60
        opened = await pressed(pilot, "plus")
        assert re.search(rf"▶ ?{block}\b", opened) or "▶v₇₀₀" in opened, opened
        inside = await pressed(pilot, "plus", "plus")
        assert "▶v₇₀₀" in inside
        folded = await pressed(pilot, "minus")
        assert "▶v₇₀₀" not in folded
        assert "▶" in folded


async def test_the_map_shows_where_the_window_is(gpt: Trace) -> None:
    async with make_app(gpt).run_test(size=(160, 48)) as pilot:
        await pressed(pilot, "g", *"700", "enter")
        await pressed(pilot, "Z", "Z", "plus", "plus")
        pane, here = graph(pilot), app_of(pilot).step_screen.here
        before = pane.map_at(here, Offset(0, 0))
        assert before is not None
        assert any("◆" in line for line in before.lines)
        await pressed(pilot, *["shift+down"] * 6)
        after = pane.map_at(here, Offset(0, 0))
        assert after is not None
        assert after.lines != before.lines
