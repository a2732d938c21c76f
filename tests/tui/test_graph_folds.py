"""Groups of the graph pane that fold and open, its zooms, and its map."""

from __future__ import annotations

from textual.pilot import Pilot

from graphstep.api import Trace
from graphstep.tui import make_app
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.widgets.graph import GraphPane
from tests.output.test_groups import loop
from tests.tui.piloting import graph, graph_text, settled


async def test_the_block_around_the_current_value_folds_and_opens_in_place() -> None:
    trace = loop(30)
    app = make_app(trace)
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("r", "right", "right")
        await settled(pilot)
        assert "▶v₈₉ = v₈₈·v₀" in graph_text(pilot)
        await pilot.press("minus")
        await settled(pilot)
        assert "▶block 30 of 30" in graph_text(pilot)
        assert graph(pilot).border_title == "graph: 93 values in 91 boxes"
        await pilot.press("minus")
        await settled(pilot)
        text = graph_text(pilot)
        assert "▶30 × (sin, mul, tanh)" in text
        assert "v 91/91 in, v̄ 2/91 in" in text
        await pilot.press("minus")
        await settled(pilot)
        assert graph_text(pilot) == text
        await pilot.press("right", "plus", "plus")
        await settled(pilot)
        assert "▶v₈₈ = sin(v₈₇)" in graph_text(pilot)
        await pilot.press("plus")
        assert "nothing is folded here" in {n.message for n in app._notifications}


async def test_a_click_opens_a_folded_box() -> None:
    app = make_app(loop(30))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("r", "right", "right", "minus", "minus")
        await settled(pilot)
        lines = graph_text(pilot).split("\n")
        row = next(y for y, line in enumerate(lines) if "30 × (sin" in line)
        await pilot.click("GraphPane", offset=(lines[row].index("30 ×"), row + 1))
        await settled(pilot)
        assert "▶block 30 of 30" in graph_text(pilot)
        assert not isinstance(app.screen, InspectScreen)


async def test_three_zooms_show_names_formulas_and_numbers(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "v₋₁ = 10" in graph_text(pilot)
        await pilot.press("Z")
        await settled(pilot)
        assert "v₂ = v₋₁·v₀" in graph_text(pilot)
        assert "v₋₁ = 10" not in graph_text(pilot)
        await pilot.press("Z", "Z")
        await settled(pilot)
        assert "v₂ = v₋₁·v₀" not in graph_text(pilot)
        assert "▶v₋₁ a" in graph_text(pilot)
        await pilot.press("z", "z", "z")
        await settled(pilot)
        assert "v₋₁ = 10" in graph_text(pilot)


async def test_names_alone_show_a_whole_large_graph(chain: Trace) -> None:
    async with make_app(chain).run_test(size=(120, 40)) as pilot:
        await pilot.press("Z", "Z")
        await settled(pilot)
        assert str(graph(pilot).border_title).startswith("graph: 3,002 values in ")
        assert "▶blocks 1–40 of 1,500" in graph_text(pilot)
        # Its map, in the corner.
        assert "┌─────────────────┐" in graph_text(pilot)
        assert "◆" in graph_text(pilot)
        await pilot.press("z")
        await settled(pilot)
        assert str(graph(pilot).border_title).startswith("graph: 12 of 3,002")


async def test_the_map_follows_a_step_that_scrolls_nothing() -> None:
    app = make_app(loop(30))
    async with app.run_test(size=(120, 40)) as pilot:
        await pilot.press("end")
        await settled(pilot)
        pane, seen = graph(pilot), set()
        for _ in range(40):
            before = (pane.scroll_x, pane.scroll_y)
            await pilot.press("left")
            await settled(pilot)
            shown = _on_screen(pilot, pane)
            assert shown == graph_text(pilot)
            seen.add((before == (pane.scroll_x, pane.scroll_y), "◆" in shown))
        assert (True, True) in seen


def _on_screen(pilot: Pilot[None], pane: GraphPane) -> str:
    """Return what the terminal shows of the pane, what was not repainted included."""
    lines = pane.render_lines(pane.size.region.translate(pane.content_offset))
    return "\n".join(line.text.rstrip() for line in lines).rstrip()
