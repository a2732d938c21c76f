"""Cursor: where in a timeline the reader is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from graphstep.steps.step import Half, Step
from graphstep.steps.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Cursor:
    """Point at step `at` of a timeline; moving gives another Cursor, kept inside the timeline."""

    timeline: Timeline
    at: int = 0

    @property
    def step(self) -> Step:
        return self.timeline[self.at]

    @property
    def last(self) -> int:
        return len(self.timeline) - 1

    @property
    def ends(self) -> tuple[bool, bool]:
        """Tell whether this is the first step, and whether it is the last."""
        return self.at <= 0, self.at >= self.last

    def to(self, at: int) -> Cursor:
        """Return the cursor at step `at`, or at the end that lies nearest to it."""
        return replace(self, at=max(0, min(at, self.last)))

    def by(self, steps: int) -> Cursor:
        return self.to(self.at + steps)

    def at_half(self, half: Half) -> Cursor:
        """Return the cursor at the first step of a half."""
        return self.to(0 if half == "forward" else self.timeline.reverse_start)

    def at_value(self, i: int) -> Cursor | None:
        """Return the cursor at v_i in the present half; None where v̄_i has no step."""
        found = self.timeline.find(i, self.step.half)
        return None if found < 0 else self.to(found)

    def in_order(self, timeline: Timeline) -> Cursor:
        """Return the cursor at the same step of a timeline of the same grain, in another order."""
        here = self.step
        if here.half == "forward":
            return Cursor(timeline, self.at)
        term = here.terms[0] if here.terms else None
        found = next(
            step.index
            for step in timeline[timeline.reverse_start :]
            if step.i == here.i
            and step.kind == here.kind
            and (term is None or here.kind == "adjoint" or step.terms[0] is term)
        )
        return Cursor(timeline, found)

    def in_grain(self, timeline: Timeline) -> Cursor:
        """Return the same place in a timeline of the other grain: the same value, the same half.

        From an adjoint it leads to the last term of its sum, from any term to the whole sum.
        """
        here = self.step
        if here.half == "forward":
            return Cursor(timeline, self.at)
        places = [
            step.index
            for step in timeline[timeline.reverse_start :]
            if step.i == here.i and (step.kind != "gradient" or here.kind == "gradient")
        ]
        return Cursor(timeline, places[-1] if places else timeline.reverse_start)
