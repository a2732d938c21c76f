"""Sequences that repeat: which stretch of a list is the same block over and over again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

FEWEST_TIMES = 3
FEWEST_ITEMS = 6
MOST_COMPARISONS = 2_000_000
LONGEST_BLOCK = 256


class Repeat(NamedTuple):
    """Say that the `period` items from `start` on come `times` times, one after another."""

    start: int
    period: int
    times: int

    @property
    def stop(self) -> int:
        return self.start + self.period * self.times


def repeats(codes: Sequence[int]) -> tuple[Repeat, ...]:
    """Return the repeats in `codes` that do not overlap, those that cover most chosen first.

    Of repeats that cover the same, the shortest block counts; a block comes three times at
    least. The answer is in order of `start`.
    """
    count = len(codes)
    longest = min(count // FEWEST_TIMES, LONGEST_BLOCK, MOST_COMPARISONS // max(1, count) + 1)
    found: list[Repeat] = []
    for period in range(1, longest + 1):
        of_period = _of_period(codes, period)
        found += of_period
        # Longer blocks can hardly cover more.
        if any(repeat.stop - repeat.start > 0.9 * count for repeat in of_period):
            break
    found.sort(key=lambda r: (r.start - r.stop, r.period, r.start))
    chosen: list[Repeat] = []
    for repeat in found:
        if all(repeat.stop <= other.start or other.stop <= repeat.start for other in chosen):
            chosen.append(repeat)
    return tuple(sorted(chosen))


def _of_period(codes: Sequence[int], period: int) -> list[Repeat]:
    found, same = [], 0
    for at in range(len(codes) - period + 1):
        if at < len(codes) - period and codes[at] == codes[at + period]:
            same += 1
            continue
        times = same // period + 1
        if times >= FEWEST_TIMES and times * period >= FEWEST_ITEMS:
            found.append(Repeat(at - same, period, times))
        same = 0
    return found
