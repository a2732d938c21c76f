"""The places that a reader jumped from, to go back to."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.tui.cursor import Cursor

KEPT = 100
"""So many jumps can be taken back."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Hold the places before the present one, the last one last, and those gone back from."""

    before: tuple[Cursor, ...] = ()
    after: tuple[Cursor, ...] = ()

    def jumped(self, here: Cursor, there: Cursor) -> Trail:
        """Return the trail with `here` on it, unless the move is no jump: it leads to the next
        step, or to the same one in another grain.
        """
        if here.timeline is not there.timeline or abs(here.at - there.at) <= 1:
            return self
        return Trail((*self.before, here)[-KEPT:])

    def back(self, here: Cursor) -> tuple[Cursor, Trail]:
        """Return the place of before, in the timeline of `here`, and the trail from there."""
        *before, there = self.before
        return _again(there, here), Trail(tuple(before), (*self.after, here))

    def forward(self, here: Cursor) -> tuple[Cursor, Trail]:
        """Return the place that was gone back from last, and the trail from there."""
        *after, there = self.after
        return _again(there, here), Trail((*self.before, here), tuple(after))


def _again(there: Cursor, here: Cursor) -> Cursor:
    """Return a place in the timeline of `here`, which may have another grain or order."""
    if there.timeline is here.timeline:
        return there
    found = here.timeline.find(there.step.i, there.step.half)
    return here.to(found if found >= 0 else here.at)
