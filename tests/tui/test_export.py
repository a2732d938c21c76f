"""Files from inside the app: of the trace on the screen, or of an operation opened from it."""

from __future__ import annotations

import json
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input

import graphstep as gs
from graphstep.api import Trace
from graphstep.tui import make_app
from tests.tui.piloting import app_of, press


async def export(pilot: Pilot[None], path: Path) -> None:
    await press(pilot, "ctrl+s")
    pilot.app.screen.query_one(Input).value = str(path)
    await press(pilot, "enter")


async def test_the_trace_is_saved_with_the_engine_s_order(lecture: Trace, tmp_path: Path) -> None:
    async with make_app(lecture).run_test() as pilot:
        await press(pilot, "end", "E")
        await export(pilot, tmp_path / "x.graphstep")
        assert pilot.app.screen is app_of(pilot).step_screen
    again = gs.load(tmp_path / "x.graphstep")
    assert again.table() == lecture.table()
    assert again.in_engine_order().table() == lecture.in_engine_order().table()


async def test_what_is_opened_is_what_is_exported_and_copied(tmp_path: Path) -> None:
    trace = gs.trace("softmax(x, 0)[0]", x=[1.0, 2.0])
    opened = trace.open("v_1")
    async with make_app(trace).run_test() as pilot:
        await press(pilot, "right", "o", "right", "right", "y")
        await export(pilot, tmp_path / "softmax.json")
        assert pilot.app.clipboard == opened.trace.timeline().equation(2).one_line("latex")
        await press(pilot, "C")
        expected = opened.trace.values[2].value
        assert expected is not None
        assert json.loads(pilot.app.clipboard) == expected.tolist()
    opened.trace.export(tmp_path / "known.json")
    assert (tmp_path / "softmax.json").read_text() == (tmp_path / "known.json").read_text()
