"""The sum of the first terms of an adjoint, at any step, without adding them all anew."""

from __future__ import annotations

from torch import Tensor

from graphstep.sweep.reverse import ReverseSweep, running_sum

EVERY = 64
"""A sum is kept after every so many terms: a weight may be used by thousands of operations."""


class RunningSums:
    """Answer as `running_sum` does, to the last bit, and remember some sums on the way."""

    def __init__(self, sweep: ReverseSweep) -> None:
        self._sweep = sweep
        self._kept: dict[int, list[Tensor | None]] = {}

    def __call__(self, i: int, arrived: int) -> Tensor | None:
        """Return v̄_i after its seed, if it has one, and its first `arrived` terms."""
        terms = self._sweep.incoming[i]
        if arrived >= len(terms) or arrived < EVERY:
            return running_sum(self._sweep, i, arrived)
        kept = self._kept.setdefault(i, [self._sweep.seeds.get(i)])
        while len(kept) <= arrived // EVERY:
            start = (len(kept) - 1) * EVERY
            kept.append(self._added(kept[-1], i, start, start + EVERY))
        start = arrived // EVERY * EVERY
        return self._added(kept[arrived // EVERY], i, start, arrived)

    def _added(self, total: Tensor | None, i: int, start: int, stop: int) -> Tensor | None:
        for term in self._sweep.incoming[i][start:stop]:
            if term.value is not None:
                total = term.value if total is None else total + term.value
        return total
