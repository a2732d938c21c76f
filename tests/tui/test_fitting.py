"""Which drawing, and which part of a large graph, fits the pane of the graph."""

from __future__ import annotations

import pytest

from graphstep.api import Trace
from graphstep.tui.fitting import Wanted, fitting, next_part, part_around


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
