from __future__ import annotations

import pytest

from graphstep.api import Trace
from graphstep.tui.cursor import Cursor


@pytest.mark.parametrize(("start", "steps", "end"), [(0, -1, 0), (3, 2, 5), (8, 40, 9), (0, 0, 0)])
def test_moves_stay_inside(lecture: Trace, start: int, steps: int, end: int) -> None:
    assert Cursor(lecture.timeline(), start).by(steps).at == end


def test_halves_start_where_the_timeline_says(lecture: Trace) -> None:
    cursor = Cursor(lecture.timeline(), 3)
    assert cursor.at_half("forward").at == 0
    assert cursor.at_half("reverse").at == 5


def test_a_value_is_found_in_the_present_half(lecture: Trace, no_path: Trace) -> None:
    forward = Cursor(lecture.timeline(), 0).at_value(2)
    assert forward is not None
    assert forward.at == 3
    reverse = Cursor(lecture.timeline(), 5).at_value(2)
    assert reverse is not None
    assert (reverse.step.half, reverse.step.i) == ("reverse", 2)
    assert Cursor(no_path.timeline()).to(99).at_value(-1) is None


def test_every_place_survives_a_change_of_grain(lecture: Trace) -> None:
    adjoints, terms = lecture.timeline("adjoint"), lecture.timeline("contribution")
    for here, there in ((adjoints, terms), (terms, adjoints)):
        for at in range(len(here)):
            before = Cursor(here, at)
            after = before.in_grain(there)
            assert (after.step.i, after.step.half) == (before.step.i, before.step.half)


def test_the_gradient_of_an_input_is_no_term_of_its_sum(lecture: Trace) -> None:
    end = Cursor(lecture.timeline("adjoint")).to(99)
    assert end.in_grain(lecture.timeline("contribution")).step.kind == "contribution"
