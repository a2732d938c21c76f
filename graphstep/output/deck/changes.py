"""From which step on a box or arrow of a deck shows what."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

from graphstep.output.group_box import GroupBox
from graphstep.output.labels import visible
from graphstep.output.picture import EdgeKey
from graphstep.output.stages import Stages
from graphstep.steps.timeline import Timeline

Change = list[Any]
"""A step, the classes from it on, and the lines of the box that change at all."""


class Changes:
    """Write the changes of each box and arrow of a timeline; between two nothing changes."""

    def __init__(self, timeline: Timeline) -> None:
        self._timeline = timeline
        self._stages = Stages(timeline)
        self._lit: dict[int, dict[int, str]] = defaultdict(dict)
        self._lit_edges: dict[EdgeKey, list[int]] = defaultdict(list)
        for at in range(len(timeline)):
            lit = self._stages.lit(at)
            for i in lit.operands:
                self._lit[i][at] = "operand"
            self._lit[lit.current][at] = "current"
            for edge in lit.edges:
                self._lit_edges[edge].append(at)

    def of_value(self, i: int) -> list[Change]:
        """Return the changes of the box of v_i: classes, value line, adjoint line."""
        lit = self._lit[i]

        def state(at: int) -> list[str]:
            (_, *lines), classes = self._stages.box(i, at)
            return [_joined(classes, lit.get(at)), *map(visible, lines)]

        return _changes(_around(self._timeline.changes(i), lit), state)

    def of_group(self, box: GroupBox, hidden: Iterable[int]) -> list[Change]:
        """Return the changes of a folded group: classes, what it gives, what has arrived."""
        lit = self._lit_in(hidden)

        def state(at: int) -> list[str]:
            (_, _, *lines), classes = box.state(at)
            return [_joined(classes, lit.get(at)), *map(visible, lines)]

        return _changes(_around(box.changes, lit), state)

    def of_port(self, values: Iterable[int]) -> list[Change]:
        """Return the changes of a port: classes, those of its first value, lit by all of them."""
        first, *_ = values = tuple(values)
        lit = self._lit_in(values)

        def state(at: int) -> list[str]:
            return [_joined(self._stages.box(first, at)[1], lit.get(at))]

        return _changes(_around(self._timeline.changes(first), lit), state)

    def of_arrow(self, uses: Iterable[EdgeKey]) -> list[Change]:
        """Return the changes of the arrow that stands for some uses: `used` once all are in."""
        uses = tuple(uses)
        lit = {at for use in uses for at in self._lit_edges.get(use, ())}
        arrivals = [self._timeline.arrives(child, position) for _, child, position in uses]
        known = [at for at in arrivals if at is not None]
        complete = max(known) if len(known) == len(uses) else len(self._timeline)

        def state(at: int) -> list[str]:
            return ["current" if at in lit else "used" if at >= complete else ""]

        return _changes(_around([complete], lit), state)

    def _lit_in(self, values: Iterable[int]) -> dict[int, str]:
        found: dict[int, str] = {}
        for i in values:
            for at, name in self._lit[i].items():
                if found.get(at) != "current":
                    found[at] = name
        return found


def _joined(classes: Iterable[str], lit: str | None) -> str:
    return " ".join((*classes, lit) if lit else classes)


def _around(steps: Iterable[int], lit: Iterable[int]) -> set[int]:
    """Return the steps at which anything may change: what is lit is so for one step."""
    return {0, *steps, *(k for at in lit for k in (at, at + 1))}


def _changes(steps: Iterable[int], state: Callable[[int], list[str]]) -> list[Change]:
    found: list[Change] = []
    for at in sorted(steps):
        now = state(at)
        if not found or found[-1][1:] != now:
            found.append([at, *now])
    return found
