"""What the one box of a folded group shows, step by step."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from graphstep.format.symbols import symbol
from graphstep.output.groups import Group, values_in
from graphstep.output.stages import BoxState
from graphstep.steps.timeline import Timeline


@dataclass(frozen=True, slots=True)
class GroupBox:
    """Hold the name of a group, and the steps at which what it hides arrives.

    Its lines say its name, how many values it hides, the last of them, which is what it gives,
    and how many values and adjoints are in.
    """

    timeline: Timeline
    group: Group
    about: tuple[str, str]
    values: tuple[int, ...]
    adjoints: tuple[int, ...]
    wrong: tuple[int, ...]

    def state(self, at: int) -> BoxState:
        """Return the lines and the classes of the box once step `at` is done."""
        last = self.group.last
        values, adjoints = bisect_right(self.values, at), bisect_right(self.adjoints, at)
        total, finals = len(self.values), len(self.adjoints)
        lines = (
            *self.about,
            f"{symbol(last)} = {self.timeline.value_state(last, at).text}",
            f"v {values}/{total} in, v̄ {adjoints}/{finals} in",
        )
        named = ["value-final" if values == total else "value-pending"]
        if not finals:
            reverse = at >= self.timeline.reverse_start
            named.append("no-path" if reverse else "adjoint-pending")
        elif adjoints == finals:
            named.append("adjoint-final")
        else:
            named.append("adjoint-partial" if adjoints else "adjoint-pending")
        if bisect_right(self.wrong, at):
            named.append("disagrees")
        return lines, tuple(named)

    @property
    def changes(self) -> list[int]:
        """The steps, in order, at which any of it may change."""
        start = () if self.adjoints else (self.timeline.reverse_start,)
        return sorted({*self.values, *self.adjoints, *start})


def group_box(timeline: Timeline, group: Group, inputs: Sequence[int]) -> GroupBox:
    """Return the box of a group that hides `inputs` as well as its own values."""
    numbers = list(values_in(group.parts))
    hidden = (*inputs, *numbers)
    adjoints = {i: timeline.find(i, "reverse") for i in hidden}
    wrong = (
        adjoints[i] for i in hidden
        if (verdict := timeline.verdicts.get(i)) is not None and not verdict.ok
    )  # fmt: skip
    taking = f" and {_counted(len(inputs), 'input')}" if inputs else ""
    return GroupBox(
        timeline,
        group,
        (group.name, f"{_counted(len(numbers), 'value')}{taking}"),
        _sorted(timeline.find(i, "forward") for i in hidden),
        _sorted(at for at in adjoints.values() if at >= 0),
        _sorted(wrong),
    )


def uses_text(count: int) -> str:
    """Return what stands on an arrow that many uses share."""
    return f"{count:,} uses" if count > 1 else ""


def _sorted(steps: Iterable[int]) -> tuple[int, ...]:
    return tuple(sorted(steps))


def _counted(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"
