"""The place of a reader, carried from one trace to the next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphstep.tui.predicting import Predicting

if TYPE_CHECKING:
    from graphstep.steps.timeline import Timeline
    from graphstep.tui.cursor import Cursor
    from graphstep.tui.screens.step import StepScreen


def carry(before: StepScreen, after: StepScreen) -> None:
    """Put `after`, not shown yet, where `before` stands: the step, the view, the speed, the
    input whose tangents are shown, and whether the next step is to be predicted.
    """
    screen = type(after)
    place = nearest(after.here.timeline, before.here)
    after.set_reactive(screen.cursor, after.here.to(place))
    after.set_reactive(screen.speed, before.speed)
    after.set_reactive(screen.view, before.view)
    after.watch_view(before.view)
    if before.predicts:
        after.predicting = before.predicting or Predicting()
    after.take_seed(before.seed_name)


def nearest(timeline: Timeline, before: Cursor) -> int:
    """Return the step of `timeline` that is most like the one at `before`.

    It is at the same value in the same half, in the same of its terms; where that value is no
    more, as far from the beginning of the forward half, or from the end of the reverse half.
    """
    here = before.step
    then = _steps_of(before.timeline, here.half, here.i)
    now = _steps_of(timeline, here.half, here.i)
    if now:
        return now[min(then.index(before.at), len(now) - 1)]
    if here.half == "forward":
        return min(before.at, timeline.reverse_start - 1)
    return max(timeline.reverse_start, len(timeline) - (len(before.timeline) - before.at))


def _steps_of(timeline: Timeline, half: str, i: int) -> list[int]:
    return [step.index for step in timeline if step.half == half and step.i == i]
