"""Back to where a jump was made from, back before an edit, and numbers taken along."""

from __future__ import annotations

import json

import torch

import graphstep as gs
from graphstep.api import Trace
from graphstep.source.request import Request
from graphstep.tui import make_app
from tests.tui.opening import live_app, opened, until
from tests.tui.piloting import app_of, at, press


async def test_jumps_lead_back_and_forward_again(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        places = []
        for key in ("right", "r", "right", "end", "home"):
            await press(pilot, key)
            places.append(at(pilot))
        assert places == [1, 5, 6, 9, 0]
        # A step is no jump: what it left is one key away.
        for there in (9, 6, 1):
            await press(pilot, "left_square_bracket")
            assert at(pilot) == there
        await press(pilot, "left_square_bracket")
        assert at(pilot) == 1
        for there in (6, 9):
            await press(pilot, "alt+right")
            assert at(pilot) == there
        await press(pilot, "alt+left", "left", "f")
        assert at(pilot) == 0
        await press(pilot, "right_square_bracket")
        assert at(pilot) == 0
        said = [note.message for note in app_of(pilot)._notifications]
        assert said == ["no jump to go back from", "no jump to go forward from"]


async def test_a_jump_leads_back_in_another_grain_and_from_a_search(lecture: Trace) -> None:
    async with make_app(lecture).run_test() as pilot:
        await press(pilot, "r", "right", "slash", "a", "enter")
        screen = app_of(pilot).step_screen
        assert screen.here.step.i == -1
        await press(pilot, "c", "left_square_bracket")
        assert (screen.here.step.i, screen.here.step.half) == (2, "reverse")
        assert screen.here.timeline.grain == "contribution"


async def test_edits_are_undone_one_by_one() -> None:
    app = live_app(Request("3*a", ("a=1",)))
    async with app.run_test() as pilot:
        await opened(pilot, app)
        await press(pilot, "U")
        assert app.request == Request("3*a", ("a=1",))
        for number in (2, 3):
            app.open(Request("3*a", (f"a={number}",)), keeps=True)
            await until(pilot, lambda: app.opening is None)
        for number in (2, 1):
            await pilot.press("U")
            await until(pilot, lambda: app.opening is None)
            assert app.request == Request("3*a", (f"a={number}",))
        assert not app.has_edits
        # Another source is no edit of this one.
        app.open(Request("4*a", ("a=1",)))
        await until(pilot, lambda: app.request == Request("4*a", ("a=1",)))
        assert not app.has_edits


async def test_a_value_or_an_adjoint_is_copied_with_all_its_digits() -> None:
    trace = gs.trace("sin(x)*y", x=[1.0, 2.0], y=3.0)
    async with make_app(trace).run_test() as pilot:
        await press(pilot, "right", "right", "C")
        assert json.loads(pilot.app.clipboard) == torch.tensor([1.0, 2.0]).sin().tolist()
        await press(pilot, "end", "C")
        expected = trace.adjoint("x")
        assert expected is not None
        assert json.loads(pilot.app.clipboard) == expected.tolist()


async def test_what_is_too_large_to_paste_is_not_copied() -> None:
    trace = gs.trace(lambda x: x.sum(), torch.ones(101, 100))
    async with make_app(trace).run_test() as pilot:
        await press(pilot, "C")
        assert pilot.app.clipboard == ""
        said = [note.message for note in pilot.app._notifications]
        assert said == ["v₀ has 10,100 entries; up to 10,000 are copied"]
