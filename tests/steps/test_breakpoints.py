from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.errors import InputError
from graphstep.steps.breakpoints import Breakpoint, breakpoint_of, next_stop, stops
from graphstep.steps.timeline import Timeline


@pytest.fixture
def lecture() -> Timeline:
    return gs.trace("3*a + a*b", a=10.0, b=20.0).timeline()


def places(timeline: Timeline, *texts: str) -> tuple[int, ...]:
    return stops(timeline, [breakpoint_of(timeline.trace, text) for text in texts])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("v_2", (3, 6)), ("2", (3, 6)), ("-1", (0, 9)), ("a", (0, 9)), ("value a", (0, 9)),
        ("op mul", (2, 3, 8, 9)), ("op:add", (4, 6, 7)), ("shape []", tuple(range(10))),
        ("nonfinite", ()),
    ],
)  # fmt: skip
def test_a_text_says_where_to_stop(lecture: Timeline, text: str, found: tuple[int, ...]) -> None:
    assert places(lecture, text) == found


def test_several_stop_at_any_of_them(lecture: Timeline) -> None:
    assert places(lecture, "v_2", "b") == (1, 3, 6, 8)


def test_the_next_stop_is_after_here(lecture: Timeline) -> None:
    stopping = places(lecture, "v_2")
    assert [next_stop(stopping, at) for at in (-1, 2, 3, 6, 9)] == [3, 3, 6, None, None]
    assert next_stop((), 0) is None


def test_what_is_not_finite_stops_both_halves() -> None:
    timeline = gs.trace("sqrt(a)*b", a=0.0, b=2.0).timeline()
    found = [(timeline[k].half, timeline[k].i) for k in places(timeline, "nonfinite")]
    assert found == [("reverse", -1)]
    timeline = gs.trace("log(a)*b", a=0.0, b=2.0).timeline("contribution")
    halves = {timeline[k].half for k in places(timeline, "nan")}
    assert halves == {"forward", "reverse"}


def test_a_shape_stops_at_its_values() -> None:
    timeline = gs.trace("(x @ x.T).sum()", x=torch.ones(2, 3)).timeline()
    assert {timeline[k].i for k in places(timeline, "shape 2,3")} == {0}
    assert breakpoint_of(timeline.trace, "shape [2x2]").text == "shape [2, 2]"
    assert Breakpoint("nonfinite").text == "nonfinite"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("c", "no value 'c' in this trace (it has v_-1 to v_3)"),
        ("op sin", "no operation 'sin' in this trace (it has add, mul)"),
        ("shape q", "'q' is no shape: write shape [2, 3], or shape [] for a number"),
        ("shape [7]", "no value of the shape [7] in this trace"),
    ],
)
def test_what_the_trace_does_not_have_is_refused(lecture: Timeline, text: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        breakpoint_of(lecture.trace, text)
    assert str(caught.value) == said
