from __future__ import annotations

import threading
from typing import Any

import pytest

from graphstep.api import Trace
from graphstep.output import cell_layout, layout
from graphstep.output.layout_failures import LayoutError
from graphstep.tui import make_app
from graphstep.tui.fitting import Wanted, fitting
from graphstep.tui.screens.inspect import InspectScreen
from graphstep.tui.widgets import graph as graph_pane
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
