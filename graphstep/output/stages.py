"""What the boxes and arrows of a timeline show at each step; what does not change is kept."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection
from dataclasses import dataclass

from graphstep.format.symbols import symbol
from graphstep.output.drawing import box_lines, edges_between, headline, sum_text
from graphstep.output.picture import EdgeKey, Frame
from graphstep.steps.timeline import Timeline

BoxState = tuple[tuple[str, ...], tuple[str, ...]]
"""The lines of a box, and its classes apart from those of the step that is under way."""


@dataclass(frozen=True, slots=True)
class Lit:
    """Name what a step is about: its value, the values that it takes, and the arrows between."""

    current: int
    operands: frozenset[int]
    edges: frozenset[EdgeKey]


class Stages:
    """Tell what each box and arrow of a timeline shows once a step is done.

    A box changes at few of the steps: each of its states is written once, and then looked up.
    """

    def __init__(self, timeline: Timeline) -> None:
        self.timeline = timeline
        self._changes: dict[int, list[int]] = {}
        self._states: dict[tuple[int, int], BoxState] = {}
        self._headlines: dict[int, str] = {}
        self._arrivals: list[tuple[EdgeKey, int]] | None = None

    def frame(self, at: int, plain: bool = False, only: Collection[int] | None = None) -> Frame:
        """Return what the picture shows once step `at` is done; `plain` lights no current step.

        `only` keeps a part of the values, as in `picture_of`.
        """
        chosen = self.timeline.trace.values.keys() if only is None else only
        lines: dict[int, tuple[str, ...]] = {}
        classes: dict[int, tuple[str, ...]] = {}
        for i in chosen:
            lines[i], classes[i] = self.box(i, at)
        edges = dict.fromkeys((e for e, arrives in self._arrows(only) if arrives <= at), ("used",))
        if not plain:
            lit = self.lit(at)
            for i in lit.operands & lines.keys():
                classes[i] += ("operand",)
            if lit.current in lines:
                classes[lit.current] += ("current",)
            edges |= dict.fromkeys(lit.edges, ("current",))
        return Frame(lines, classes, edges, self.timeline.caption(at))

    def box(self, i: int, at: int) -> BoxState:
        """Return what the box of v_i shows once step `at` is done, whoever is current."""
        changes = self._changes.get(i)
        if changes is None:
            changes = self._changes[i] = self.timeline.changes(i)
        key = i, bisect_right(changes, at)
        state = self._states.get(key)
        if state is None:
            state = self._states[key] = self._state(i, at)
        return state

    def lit(self, at: int) -> Lit:
        """Return what step `at` is about."""
        timeline = self.timeline
        step = timeline[at]
        made = timeline.trace.made_by.get(step.i)
        if step.half == "forward":
            parents = () if made is None else made.parents
            used = {(p, step.i, k) for k, p in enumerate(parents) if p is not None}
            return Lit(step.i, frozenset(parent for parent, _, _ in used), frozenset(used))
        givers = [(term, i) for term in step.terms for i in term.application.results.values()]
        return Lit(
            step.i,
            frozenset(i for _, i in givers),
            frozenset((term.parent, i, term.position) for term, i in givers),
        )

    def _state(self, i: int, at: int) -> BoxState:
        timeline = self.timeline
        value, adjoint = timeline.value_state(i, at), timeline.adjoint_state(i, at)
        named = [f"value-{value.kind}"]
        named.append("no-path" if adjoint.kind == "no path" else f"adjoint-{adjoint.kind}")
        verdict = timeline.verdicts.get(i)
        if adjoint.kind == "final" and verdict is not None and not verdict.ok:
            named.append("disagrees")
        if i not in self._headlines:
            self._headlines[i] = headline(timeline, i)
        text = f"{adjoint.text} ({adjoint.reason})" if adjoint.reason else sum_text(adjoint)
        lines = box_lines(
            self._headlines[i],
            f"{symbol(i)} = {value.text}",
            f"{symbol(i, 'adjoint')} = {text}",
        )
        return lines, tuple(named)

    def _arrows(self, only: Collection[int] | None) -> list[tuple[EdgeKey, int]]:
        """Return the arrows that a contribution comes along, and the step that brings it."""
        if only is None and self._arrivals is not None:
            return self._arrivals
        timeline = self.timeline
        chosen = timeline.trace.values.keys() if only is None else only
        found = [
            (edge, arrives)
            for edge in edges_between(timeline.trace, chosen)
            if (arrives := timeline.arrives(edge[1], edge[2])) is not None
        ]
        if only is None:
            self._arrivals = found
        return found
