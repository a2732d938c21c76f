"""Change what runs from inside: the place stays, and so does the trace where it cannot run."""

from __future__ import annotations

import pytest
from textual.widgets import Input

import graphstep as gs
from graphstep.api import Trace
from graphstep.source.request import Request
from graphstep.tui import StepApp, make_app
from graphstep.tui.cursor import Cursor
from graphstep.tui.place import nearest
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.step import StepScreen
from tests.tui.opening import LECTURE, live_app, opened, until
from tests.tui.piloting import at, press, static_text, table_text


def put(app: StepApp, name: str, text: str) -> None:
    app.screen.query_one(f"#{name}", Input).value = text


async def test_another_expression_is_stepped_through_at_the_same_place() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await pilot.press("c", "end", "v", "greater_than_sign", "left", "e")
        assert isinstance(app.screen, ChangeScreen)
        before = app.step_screen.here
        put(app, "source", "3*a + a*b + sin(a)")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.step_screen and app.opening is None)
        here = app.step_screen.here
        assert here.timeline.grain == "contribution"
        assert (here.step.i, here.step.half) == (before.step.i, before.step.half)
        assert len(here.timeline) > len(before.timeline)
        assert (app.step_screen.view, app.step_screen.speed) == ("graph", 2)
        assert app.step_screen.has_class("-view-graph")
        assert app.request is not None
        assert app.request.assignments == LECTURE.assignments


async def test_the_seed_of_the_tangents_stays_with_the_input_of_its_name() -> None:
    app = live_app()
    async with app.run_test(size=(160, 40)) as pilot:
        await opened(pilot, app)
        await press(pilot, "end", "t", "t")
        await pilot.press("e")
        put(app, "source", "b*a + c")
        put(app, "values", "a=2 b=3 c=1")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.step_screen and app.opening is None)
        await until(pilot, lambda: app.step_screen.tangents is not None)
        shown = app.step_screen.tangents
        assert shown is not None
        # b is the first input by now, and the derivative for it is a.
        assert app.trace is not None
        assert app.trace.values[shown.seed].label == "b"
        assert shown.texts(app.trace.recorded.outputs[-1])[-1] == "2"
        await press(pilot, "e")
        put(app, "source", "a*a")
        put(app, "values", "a=2")
        await pilot.press("enter")
        await until(pilot, lambda: app.screen is app.step_screen and app.opening is None)
        await pilot.pause()
        screen = app.step_screen
        assert (screen.seed_name, screen.tangents) == (None, None)


async def test_what_is_predicted_stays_hidden_in_the_new_trace() -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await press(pilot, "p")
        assert app.step_screen.predicts
        app.open(Request("3*a + a*b", ("a=11", "b=20")), keeps=True)
        before = app.step_screen
        await until(pilot, lambda: app.step_screen is not before and app.step_screen.predicts)
        assert app.trace is not None
        assert app.trace.value("a").item() == 11
        assert "33" not in table_text(pilot)


@pytest.mark.parametrize(
    ("name", "text", "dtype", "value"),
    [
        ("values", "a=2 b=20", "float32", 2),
        ("dtype", "float64", "float64", 10),
        ("seed", "4", "float32", 10),
    ],
)
async def test_values_dtype_and_seed(name: str, text: str, dtype: str, value: float) -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        first = app.step_screen
        await pilot.press("e")
        put(app, name, text)
        app.screen.query_one(f"#{name}", Input).focus()
        await pilot.press("enter")
        await until(pilot, lambda: app.step_screen is not first and app.opening is None)
        trace = app.step_screen.here.timeline.trace
        assert trace.value(-1).item() == value
        assert str(trace.value(-1).dtype) == f"torch.{dtype}"
        assert app.request is not None
        assert app.request.seed == (4 if name == "seed" else 0)


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("source", "3*a +", "✗ invalid syntax\n  3*a +\n       ^"),
        ("source", "3*a + a*b + c", "✗ no value for 'c': give c=…"),
        ("values", "a=[1, 2] b=[1, 2, 3]", "✗ "),
        ("dtype", "int8", "✗ 'int8' is none of float16, bfloat16, float32, float64"),
        ("seed", "-1", "✗ '-1' is no whole number from 0 up"),
        ("device", "abacus", "✗ unknown device 'abacus': say cpu, cuda or cuda:1"),
    ],
)
async def test_what_is_wrong_is_said_there_and_the_old_trace_stays(
    name: str, text: str, problem: str
) -> None:
    app = live_app()
    async with app.run_test() as pilot:
        await opened(pilot, app)
        first = app.step_screen
        await pilot.press("right", "e")
        put(app, name, text)
        await pilot.pause()
        app.screen.query_one(f"#{name}", Input).focus()
        await pilot.press("enter")
        await until(
            pilot,
            lambda: (
                (app.opening is None and static_text(pilot, "#problem").startswith(problem))
                or "wants values" in static_text(pilot, "#problem")
            ),
        )
        await pilot.press("escape")
        assert app.screen is first
        assert at(pilot) == 1


async def test_a_trace_made_in_python_has_nothing_to_change(lecture: Trace) -> None:
    app = make_app(lecture)
    async with app.run_test() as pilot:
        await pilot.press("e", "ctrl+o")
        assert isinstance(app.screen, StepScreen)


@pytest.mark.parametrize(("index", "there"), [(0, 0), (3, 3), (4, 3), (9, 7), (5, 4)])
def test_the_nearest_step_of_a_shorter_trace(index: int, there: int, lecture: Trace) -> None:
    shorter = gs.trace("3*a*b", a=10.0, b=20.0).timeline()
    assert nearest(shorter, Cursor(lecture.timeline(), index)) == there
