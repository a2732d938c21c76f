"""Numerical differentiation: differences, with an estimate of how far they can be trusted."""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass

EPSILON = sys.float_info.epsilon


@dataclass(frozen=True, slots=True)
class Difference:
    """Hold a slope and the size of its truncation and round-off together."""

    slope: float
    error: float


def directional_difference(output: Callable[[float], float], scale: float = 1.0) -> Difference:
    """Return the central difference of `output` at 0, with its error estimated from a second step.

    The step is ε^(1/3)·`scale`, where truncation, c·h², and round-off, ε/h, are of one size
    (Baydin et al. 2018, §2.1 and Figure 3). A step twice as long has four times the truncation,
    so that the two slopes differ by three times the truncation of the shorter.
    """
    step = best_step(scale)
    above, below = output(step), output(-step)
    short = (above - below) / (2 * step)
    long = central_difference(output, 2 * step)
    size = max(abs(above), abs(below))
    return Difference(short, abs(long - short) / 3 + EPSILON * size / step)


def best_step(scale: float = 1.0) -> float:
    """Return the step of a central difference whose truncation and round-off are of one size."""
    return float(EPSILON ** (1 / 3)) * scale


def central_difference(output: Callable[[float], float], step: float) -> float:
    """Return (f(h) − f(−h)) / 2h."""
    return (output(step) - output(-step)) / (2 * step)


def forward_difference(output: Callable[[float], float], step: float) -> float:
    """Return (f(h) − f(0)) / h."""
    return (output(step) - output(0.0)) / step
