"""Differences have the errors that the survey's Figure 3 shows (Baydin et al. 2018)."""

from __future__ import annotations

import math

import pytest

from graphstep.lab.numeric import central_difference, directional_difference, forward_difference

SLOPE = 9.0660864


def shifted(h: float) -> float:
    """Return the truncated logistic map 64x(1-x)(1-2x)²(1-8x+8x²)² at 0.2 + h."""
    x = 0.2 + h
    return 64 * x * (1 - x) * (1 - 2 * x) ** 2 * (1 - 8 * x + 8 * x * x) ** 2


@pytest.mark.parametrize(
    ("h", "forward", "central"),
    [
        (1e-1, 2.01, 5.54),
        (1e-2, 2.72e-1, 6.57e-2),
        (1e-3, 3.30e-2, 6.58e-4),
        (1e-4, 3.36e-3, 6.58e-6),
    ],
)
def test_truncation_rules_the_right_side(h: float, forward: float, central: float) -> None:
    assert abs(forward_difference(shifted, h) - SLOPE) == pytest.approx(forward, rel=0.01)
    assert abs(central_difference(shifted, h) - SLOPE) == pytest.approx(central, rel=0.01)


def test_round_off_rules_the_left_side() -> None:
    errors = {k: abs(forward_difference(shifted, 10.0**-k) - SLOPE) for k in (8, 12, 14)}
    assert errors[8] < 1e-6 < errors[12] < errors[14]
    assert forward_difference(shifted, 1e-17) == 0


def test_the_error_of_a_difference_is_told_within_a_factor() -> None:
    found = directional_difference(shifted)
    assert abs(found.slope - SLOPE) <= found.error <= 1e-7


def test_a_kink_shows_as_a_large_error() -> None:
    assert directional_difference(lambda h: abs(h - 1e-6)).error > 0.01
    assert math.isnan(directional_difference(lambda h: math.nan).slope)
