"""The engine's order on the screen: a key away, said in words, and kept over an edit."""

from __future__ import annotations

import gc

import graphstep as gs
from graphstep.source.request import Request
from graphstep.tui import StepApp, make_app
from tests.tui.opening import open_request, opened, until
from tests.tui.piloting import app_of, at, press, table_text

SOURCE = Request("sin(a)*b + c", ("a=1", "b=2", "c=3"))


def reverse_names(text: str) -> list[str]:
    cells = [line.split("│")[1].strip(" ▶") for line in text.splitlines()[1:]]
    return [cell.partition(" ")[0] for cell in cells if cell]


async def test_a_key_changes_the_order_and_keeps_the_place() -> None:
    trace = gs.trace("sin(a)*b + c", a=1.0, b=2.0, c=3.0)
    async with make_app(trace).run_test(size=(120, 30)) as pilot:
        await press(pilot, "end", "left", "left")
        screen = app_of(pilot).step_screen
        assert at(pilot) == 9
        assert reverse_names(table_text(pilot)) == ["v̄₃", "v̄₂", "v̄₁", "v̄₀", "v̄₋₁", "v̄₋₂"]
        await press(pilot, "E")
        assert (screen.here.step.i, at(pilot)) == (0, 7)
        assert "reverse: engine order ↓" in table_text(pilot)
        await press(pilot, "end")
        assert reverse_names(table_text(pilot)) == ["v̄₃", "v̄₀", "v̄₂", "v̄₋₁", "v̄₁", "v̄₋₂"]
        await press(pilot, "c")
        assert screen.here.timeline.grain == "contribution"
        assert "engine order" in table_text(pilot)
        await press(pilot, "E", "E", "r", "right", "E")
        assert "engine order" not in table_text(pilot)
        assert (screen.here.step.kind, screen.here.step.i) == ("contribution", 2)


async def test_a_released_graph_has_no_order_to_ask_for() -> None:
    trace = gs.trace("a*b", a=1.0, b=2.0)
    _ = trace.sweep
    async with make_app(trace).run_test() as pilot:
        trace.backward()
        await press(pilot, "E")
        screen = app_of(pilot).step_screen
        assert not screen.engine_order
        said = [note.message for note in pilot.app._notifications]
        assert len(said) == 1
        assert said[0].startswith("Trying to backward through the graph a second time")
    gc.collect()


async def test_the_command_starts_in_it_and_an_edit_keeps_it() -> None:
    asked = Request(SOURCE.source, SOURCE.assignments, engine_order=True)
    assert asked.words == "--engine-order 'sin(a)*b + c' a=1 b=2 c=3"
    assert "engine_order=True" in asked.python
    app = StepApp(None, request=asked, opener=open_request)
    async with app.run_test(size=(120, 30)) as pilot:
        await opened(pilot, app)
        await until(pilot, lambda: app.step_screen.here.timeline.engine_order)
        first = app.step_screen
        app.open(Request("sin(a)*b + c", ("a=2", "b=2", "c=3")), keeps=True)
        await until(pilot, lambda: app.step_screen is not first)
        await until(pilot, lambda: app.step_screen.here.timeline.engine_order)
        await press(pilot, "E")
        assert not app.step_screen.here.timeline.engine_order


async def test_a_trace_in_that_order_is_shown_in_it() -> None:
    trace = gs.trace("sin(a)*b + c", a=1.0, b=2.0, c=3.0).in_engine_order()
    async with make_app(trace).run_test() as pilot:
        await until(pilot, lambda: app_of(pilot).step_screen.here.timeline.engine_order)
