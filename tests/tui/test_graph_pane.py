from __future__ import annotations

import threading
from typing import Any

import pytest
from textual.pilot import Pilot

from graphstep.api import Trace
from graphstep.output import cell_layout, layout
from graphstep.output.layout_failures import LayoutError
from graphstep.tui import make_app
from graphstep.tui.fitting import Wanted, fitting, next_part, part_around
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.widgets import graph as graph_pane
from graphstep.tui.widgets.graph import GraphPane
from tests.output.test_groups import loop
from tests.tui.piloting import at, graph, graph_text, settled, table_text


async def test_the_graph_shows_the_current_value(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await settled(pilot)
        await pilot.press("r", "right")
        assert "┃▶v₂ = v₋₁·v₀ ┃" in graph_text(pilot)
        await pilot.press("left")
        assert "┃▶v₃ = v₁ + v₂ ┃" in graph_text(pilot)


async def test_a_click_on_a_node_inspects_it(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        await settled(pilot)
        lines = graph_text(pilot).split("\n")
        row = next(y for y, line in enumerate(lines) if "v₂ = v₋₁·v₀" in line)
        column = len(lines[row].split("v₂ = v₋₁·v₀")[0])
        await pilot.click("GraphPane", offset=(column, row + 1))
        assert isinstance(app.screen, InspectScreen)
        assert app.screen.i == 2


async def test_the_window_is_panned_by_keys_and_by_dragging(chain: Trace) -> None:
    async with make_app(chain).run_test() as pilot:
        await pilot.press("r")
        await settled(pilot)
        pane = graph(pilot)
        before = pane.scroll_y
        assert before > 0
        await pilot.press("shift+up")
        assert pane.scroll_y == before - 3
        await pilot.mouse_down("GraphPane", offset=(10, 4))
        await pilot.hover("GraphPane", offset=(10, 6))
        await pilot.mouse_up("GraphPane", offset=(10, 6))
        assert pane.scroll_y == before - 5


async def test_a_graph_that_cannot_be_drawn_leaves_all_else_working(
    lecture: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> bytes:
        raise LayoutError("Graphviz was stopped: the layout took more than 30 s")

    monkeypatch.setattr(cell_layout, "render", fail)
    async with make_app(lecture).run_test() as pilot:
        await settled(pilot)
        assert " ".join(graph_text(pilot).split()) == (
            "Graphviz was stopped: the layout took more than 30 s"
        )
        await pilot.press("end")
        assert at(pilot) == 9
        assert "▶v̄₋₁" in table_text(pilot)


async def test_what_breaks_in_the_worker_is_said_in_the_pane(
    lecture: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*args: Any, **options: Any) -> bytes:
        raise ValueError("[red]no[/red]")

    monkeypatch.setattr(cell_layout, "render", fail)
    async with make_app(lecture).run_test() as pilot:
        await settled(pilot)
        assert "cannot draw: ValueError:" in graph_text(pilot)
        assert "[red]no[/red]" in graph_text(pilot)


async def test_keys_work_while_the_layout_is_under_way(
    lecture: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = threading.Event()
    real = layout.render

    def wait(*args: Any, **options: Any) -> bytes:
        go_on.wait(20)
        return real(*args, **options)

    monkeypatch.setattr(cell_layout, "render", wait)
    async with make_app(lecture).run_test() as pilot:
        assert graph_text(pilot).strip() == "laying out…"
        await pilot.press("end")
        assert at(pilot) == 9
        assert not graph(pilot).settled
        go_on.set()
        await settled(pilot)
        assert "▶v₋₁ = a" in graph_text(pilot)


async def test_quitting_gives_up_a_layout_under_way(
    lecture: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = threading.Event()

    def hang(*args: Any, **options: Any) -> bytes:
        assert given_up.wait(20)
        raise LayoutError("Graphviz crashed while laying out the graph (signal 9)")

    monkeypatch.setattr(cell_layout, "render", hang)
    monkeypatch.setattr(layout, "stop", given_up.set)
    async with make_app(lecture).run_test() as pilot:
        await pilot.press("q")
    assert given_up.is_set()


async def test_a_large_graph_is_shown_around_the_current_value(chain: Trace) -> None:
    async with make_app(chain).run_test(size=(120, 40)) as pilot:
        await pilot.press("r", "right", "right")
        await settled(pilot)
        assert "▶x: v₂₉₉₈" in graph_text(pilot)
        part = graph(pilot)._wanted
        assert part is not None
        assert part.part is not None
        assert 2998 in part.part
        assert len(part.part) <= 24
        await pilot.press("home")
        await settled(pilot)
        assert "▶v₋₁ = x" in graph_text(pilot)


@pytest.mark.parametrize("way", [1, -1])
async def test_a_step_finds_its_part_laid_out(chain: Trace, way: int) -> None:
    app = make_app(chain)
    async with app.run_test(size=(120, 40)) as pilot:
        screen, pane = app.step_screen, graph(pilot)
        screen.move(screen.here.to(700))
        await settled(pilot)
        parts = set()
        for _ in range(16):
            screen.move(screen.here.by(way))
            assert pane._wanted is not None
            assert pane._shown_for == pane._wanted
            parts.add(pane._wanted.part)
            await settled(pilot)
        assert len(parts) > 2


async def test_what_fails_ahead_of_the_reader_is_tried_again_there_and_only_there(
    chain: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(chain)
    async with app.run_test(size=(120, 40)) as pilot:
        screen, pane = app.step_screen, graph(pilot)
        screen.move(screen.here.to(700))
        await settled(pilot)
        asked: list[frozenset[int] | None] = []

        def fail(_: Any, wanted: Wanted, *__: Any) -> Any:
            asked.append(wanted.part)
            raise LayoutError("Graphviz crashed while laying out the graph (signal 9)")

        monkeypatch.setattr(graph_pane, "fitting", fail)
        pane._finished.clear()
        for _ in range(4):
            screen.move(screen.here.by(1))
            await settled(pilot)
        assert len(asked) == len(set(asked)) == 1
        monkeypatch.setattr(graph_pane, "fitting", fitting)
        for _ in range(6):
            screen.move(screen.here.by(1))
            await settled(pilot)
            wanted = pane._wanted
            if wanted is not None and wanted.part == asked[0]:
                break
        assert wanted is not None
        assert wanted.part == asked[0]
        assert pane.problem == ""
        assert "▶" in graph_text(pilot)


async def test_only_rows_in_sight_are_computed(
    chain: Trace, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = make_app(chain)
    async with app.run_test() as pilot:
        asked: set[int] = set()
        timeline = app.step_screen.here.timeline
        real = timeline.equation

        def equation(index: int) -> Any:
            asked.add(index)
            return real(index)

        monkeypatch.setattr(timeline, "equation", equation)
        await pilot.press("end", "left", "r", "right")
        await settled(pilot)
        assert len(asked) < 150


async def test_a_narrow_screen_shows_one_pane_at_a_time(lecture: Trace) -> None:
    async with make_app(lecture).run_test(size=(60, 24)) as pilot:
        assert not graph(pilot).display
        await pilot.press("v")
        await settled(pilot)
        assert "▶v₋₁ = a" in graph_text(pilot)


@pytest.mark.parametrize(
    ("width", "height", "direction", "lines"),
    [(38, 15, "TB", 1), (70, 12, "LR", 3), (60, 30, "TB", 3)],
)
def test_the_drawing_fits_its_pane(
    lecture: Trace, width: int, height: int, direction: str, lines: int
) -> None:
    found = fitting(lecture.timeline(), Wanted("adjoint", None, width, height), lambda: False)
    assert found is not None
    assert (found.direction, found.boxes[0].height - 2) == (direction, lines)
    assert found.width <= width
    assert found.height <= height


def test_a_drawing_that_nobody_waits_for_is_given_up(lecture: Trace) -> None:
    assert fitting(lecture.timeline(), Wanted("adjoint", None, 9, 9), lambda: True) is None


def test_the_part_stays_while_the_current_value_is_well_inside(chain: Trace) -> None:
    timeline = chain.timeline()
    at = timeline.find(2000, "forward")
    part = part_around(timeline, at, None)
    assert part == frozenset({0, *range(1995, 2006)})
    for steps in range(-4, 5):
        assert part_around(timeline, at + steps, part) is part
    moved = part_around(timeline, at + 5, part)
    assert moved == frozenset({0, *range(2000, 2011)})


def test_the_next_part_is_known_before_the_reader_is_there(chain: Trace) -> None:
    timeline = chain.timeline()
    at = timeline.find(2000, "forward")
    part = part_around(timeline, at, None)
    assert part is not None
    for by in (1, -1):
        assert next_part(timeline, at, by, part, 3002) == part_around(timeline, at + 5 * by, part)
        assert next_part(timeline, at - 3 * by, by, part, 3002) is None
    assert next_part(timeline, 0, -1, part, 3002) is None


def test_an_input_used_everywhere_is_shown_at_the_use_of_the_step(chain: Trace) -> None:
    timeline = chain.timeline("contribution")
    at = next(s.index for s in timeline if s.i == 0 and s.terms and s.before == 700)
    child = timeline[at].terms[0].application.first
    part = part_around(timeline, at, None)
    assert part is not None
    assert {0, child - 1, child, child + 1} <= part
    assert len(part) == 12


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
