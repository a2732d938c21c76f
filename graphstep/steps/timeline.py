"""Timeline: every step of a trace in order, and the state of every value at any of them."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import overload

from torch import Tensor

from graphstep.check.verdict import Verdict
from graphstep.format.numbers import minus
from graphstep.format.tensors import briefly, gist
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.equation import Equation, equation, value_formula
from graphstep.steps.finite import Flaw, flaw
from graphstep.steps.step import Grain, Half, Kind, State, StateKind, Step
from graphstep.steps.sums import RunningSums
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep

PENDING = "…"
NO_PATH = "no path"
LARGEST = 2**20


class Timeline(Sequence[Step]):
    """Replay a finished trace: forward values, then adjoints; a step is a lookup.

    `grain="adjoint"` takes one adjoint a step, `"contribution"` one term a step (Baydin et al.
    2018, Table 3), in the order of the sweep: that of Table 3, or the engine's. `verdicts` holds,
    by i, what the check against torch said.
    """

    def __init__(
        self,
        trace: TraceGraph,
        sweep: ReverseSweep,
        grain: Grain = "adjoint",
        verdicts: Mapping[int, Verdict] | None = None,
    ) -> None:
        self.trace = trace
        self.sweep = sweep
        self.grain: Grain = grain
        self.verdicts = verdicts or {}
        self.disagreeing = sum(not verdict.ok for verdict in self.verdicts.values())
        """How many adjoints are not what torch computes."""
        self._steps = _cut(trace, sweep, grain)
        self._value_at: dict[int, int] = {}
        self._adjoint_at: dict[int, list[tuple[int, int]]] = {}
        self._terms: dict[tuple[int, int], tuple[Contribution, int]] = {}
        self.reverse_start = len(self._steps)
        for step in self._steps:
            if step.half == "forward":
                self._value_at[step.i] = step.index
            else:
                self.reverse_start = min(self.reverse_start, step.index)
                arrived = step.before + len(step.terms)
                self._adjoint_at.setdefault(step.i, []).append((step.index, arrived))
                for term in step.terms:
                    self._terms[term.application.first, term.position] = term, step.index
        self.engine_order = sweep.order is not None
        """Whether the reverse half is in the order of torch's engine."""
        self._equations: dict[int, Equation] = {}
        self._texts: dict[int, tuple[str, ...]] = {}
        self._formulas: dict[int, str] = {}
        self._flaws: dict[int, Flaw] = {}
        self._values: dict[int, State] = {}
        self._sum_texts: dict[tuple[int, int], str] = {}
        self._sums = RunningSums(sweep)

    def __len__(self) -> int:
        return len(self._steps)

    @overload
    def __getitem__(self, index: int) -> Step: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Step]: ...
    def __getitem__(self, index: int | slice) -> Step | Sequence[Step]:
        return self._steps[index]

    def equation(self, index: int) -> Equation:
        """Return the equation of a step."""
        if index not in self._equations:
            self._equations[index] = equation(
                self.trace, self.sweep, self._steps[index], self._sums
            )
        return self._equations[index]

    def texts(self, index: int) -> tuple[str, ...]:
        """Return the right sides of a step's equation as text, the result last."""
        if index not in self._texts:
            self._texts[index] = self.equation(index).texts()
        return self._texts[index]

    def formula(self, i: int) -> str:
        """Return the formula that computes v_i, or the name of an input."""
        if i not in self._formulas:
            self._formulas[i] = value_formula(self.trace, i).text()
        return self._formulas[i]

    def caption(self, at: int) -> str:
        """Return the equation of a step on one line."""
        return self.equation(at).one_line()

    def brief(self, index: int) -> str:
        """Return the result of a step on little room: of a tensor its entries or its type."""
        step = self._steps[index]
        forward = step.half == "forward"
        found = self.trace.values[step.i].value if forward else self.sum_at(step.i, index)
        return minus(briefly(found))

    def flaw(self, index: int) -> Flaw:
        """Return what is wrong with the result of a step: `nan`, `inf` or nothing.

        It is not asked of more than LARGEST entries, which a row of a table cannot wait for.
        """
        if index not in self._flaws:
            step = self._steps[index]
            forward = step.half == "forward"
            found = self.trace.values[step.i].value if forward else self.sum_at(step.i, index)
            small = found is not None and found.numel() <= LARGEST
            self._flaws[index] = flaw(found) if small else ""
        return self._flaws[index]

    def term(self, child: int, position: int) -> Contribution | None:
        """Return what v_child contributes to its operand number `position`, if anything."""
        found = self._terms.get((self.trace.made_by[child].first, position))
        return None if found is None else found[0]

    def arrives(self, child: int, position: int) -> int | None:
        """Return the step that brings in the contribution of an edge; None where none does."""
        found = self._terms.get((self.trace.made_by[child].first, position))
        return None if found is None else found[1]

    def is_in(self, child: int, position: int, at: int) -> bool:
        """Tell whether the contribution of an edge is in once step `at` is done."""
        arrives = self.arrives(child, position)
        return arrives is not None and arrives <= at

    def arrived(self, i: int, at: int) -> int:
        """Return how many terms of v̄_i are in once step `at` is done, the hooks' own with them."""
        found = self._adjoint_at.get(i, [])
        place = bisect_right(found, at, key=itemgetter(0))
        return found[place - 1][1] if place else 0

    def sum_at(self, i: int, at: int) -> Tensor | None:
        """Return what v̄_i has summed to once step `at` is done; None where no term is in."""
        arrived = self.arrived(i, at)
        return self._sums(i, arrived) if arrived or i in self.sweep.seeds else None

    def sum_states(self, i: int, most: int) -> Iterator[State]:
        """Give the states that v̄_i goes through, after up to `most` steps that add to it."""
        for index, _ in self._adjoint_at.get(i, [])[:most]:
            yield self.adjoint_state(i, index)

    def find(self, i: int, half: Half) -> int:
        """Return the step that finishes v_i (forward) or v̄_i (reverse); -1 where none does."""
        if half == "forward":
            return self._value_at[i]
        found = self._adjoint_at.get(i)
        return found[-1][0] if found else -1

    def changes(self, i: int) -> list[int]:
        """Return the steps, in order, at which the state of v_i or v̄_i may change."""
        found = [index for index, _ in self._adjoint_at.get(i, ())]
        return sorted([self._value_at[i], *(found or [self.reverse_start])])

    def value_state(self, i: int, at: int) -> State:
        """Return the state of v_i once step `at` is done; before step 0 is -1."""
        if self._value_at[i] > at:
            return State("pending", PENDING)
        if i not in self._values:
            self._values[i] = State("final", minus(gist(self.trace.values[i].value)))
        return self._values[i]

    def adjoint_state(self, i: int, at: int) -> State:
        """Return the state of v̄_i once step `at` is done."""
        found = self._adjoint_at.get(i, [])
        place = bisect_right(found, at, key=itemgetter(0))
        if not place:
            if at < self.reverse_start or self.sweep.adjoints[i] is not None:
                return State("pending", PENDING)
            return State("no path", NO_PATH, self.no_path_reason(i))
        arrived = found[place - 1][1]
        kind: StateKind = "final" if place == len(found) or arrived >= self._total(i) else "partial"
        if (i, arrived) not in self._sum_texts:
            self._sum_texts[i, arrived] = minus(gist(self._sums(i, arrived)))
        return State(kind, self._sum_texts[i, arrived])

    def no_path_reason(self, i: int) -> str:
        """Return why v_i has no adjoint."""
        return self.trace.values[i].no_path or "every operation that uses it gives no gradient"

    def _total(self, i: int) -> int:
        """Return how many terms v̄_i has, the user's hooks counted as one."""
        return len(self.sweep.incoming[i]) + (i in self.sweep.unhooked)


def _cut(trace: TraceGraph, sweep: ReverseSweep, grain: Grain) -> tuple[Step, ...]:
    steps = [
        Step(k, "forward", "input" if i <= 0 else "value", i) for k, i in enumerate(trace.values)
    ]

    def add(kind: Kind, i: int, terms: tuple[Contribution, ...] = (), before: int = 0) -> None:
        steps.append(Step(len(steps), "reverse", kind, i, terms, before))

    def add_hooks(numbers: Iterable[int]) -> None:
        for i in numbers:
            if i in sweep.unhooked:
                add("hook", i, before=len(sweep.incoming[i]) + 1)

    for i in sorted(sweep.seeds, reverse=True):
        if grain == "contribution" or not sweep.incoming[i]:
            add("seed", i)
    order = sweep.order or tuple(reversed(trace.values))
    if grain == "adjoint":
        for i in order:
            if sweep.incoming[i]:
                add("adjoint", i, sweep.incoming[i])
            add_hooks([i])
        return tuple(steps)
    arrived = dict.fromkeys(trace.values, 0)
    handed: dict[int, list[Contribution]] = {}
    for term in sweep.terms:
        handed.setdefault(term.application.first, []).append(term)
    for i in order:
        if i <= 0:
            add_hooks([i])
            if sweep.adjoints[i] is not None:
                add("gradient", i, before=len(sweep.incoming[i]) + 1)
            continue
        # An operation of several results hands down once, when the first of them is reached.
        application = trace.made_by[i]
        terms = handed.pop(application.first, ())
        if terms:
            add_hooks(application.results.values())
        for term in terms:
            add("contribution", term.parent, (term,), arrived[term.parent])
            arrived[term.parent] += 1
    return tuple(steps)
