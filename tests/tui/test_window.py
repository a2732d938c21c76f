"""The window on a drawing: what fits, what is too large, nearer, farther, and to the sides."""

from __future__ import annotations

import pytest

from graphstep.tui.window import LARGEST, SMALLEST, Plan, Window, followed, panned, seen, zoomed

SIZE = (300, 200)


def plan(x: float = 0.775, y: float = 0.5) -> Plan:
    """Return a drawing of 4,000 by 1,000 pixels with the current box at a place."""
    return Plan((4000, 1000), (x, y))


def test_what_is_too_large_is_shown_around_the_current_box() -> None:
    scale, middle = seen(plan(), SIZE, Window())
    assert scale == SMALLEST
    assert middle == pytest.approx((0.775, 0.5))
    # At the edge nothing is shown beyond it: half a window of the 2,000 by 500 that are left.
    corner = seen(plan(1.0, 0.0), SIZE, Window())[1]
    assert corner == pytest.approx((1 - 150 / 2000, 100 / 500))


def test_what_fits_is_shown_whole_and_not_enlarged() -> None:
    assert seen(plan(), (5000, 3000), Window()) == (1.0, (0.5, 0.5))
    assert seen(plan(), (3000, 3000), Window()) == (0.75, (0.5, 0.5))


def test_farther_ends_with_the_whole_drawing_and_nearer_with_its_double() -> None:
    window = Window()
    for _ in range(20):
        window = zoomed(plan(), SIZE, window, -1)
    scale, middle = seen(plan(), SIZE, window)
    assert scale == pytest.approx(300 / 4000)
    assert middle == (0.5, 0.5)
    for _ in range(20):
        window = zoomed(plan(), SIZE, window, 1)
    assert window.scale == LARGEST


def test_the_window_moves_as_far_as_there_is_something() -> None:
    start = followed(plan(), SIZE, Window())
    moved = panned(plan(), SIZE, start, -60, 0)
    assert moved.middle == pytest.approx((0.775 - 60 / 2000, 0.5))
    far = panned(plan(), SIZE, start, -100_000, 100_000)
    assert far.middle == pytest.approx((150 / 2000, 1 - 100 / 500))
    assert panned(plan(), SIZE, far, -1, 1).middle == pytest.approx(far.middle)


def test_the_window_follows_only_what_leaves_it() -> None:
    start = followed(plan(), SIZE, Window())
    assert start.middle == pytest.approx((0.775, 0.5))
    near = plan(0.775 + 100 / 2000)
    assert followed(near, SIZE, start) == start
    gone = plan(0.775 + 140 / 2000)
    assert followed(gone, SIZE, start).middle == gone.current
