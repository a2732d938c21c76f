"""The ways to a gradient, each with its cost: differences, formulas, forward and reverse mode."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, TypeVar

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.lab.differences import Kind, gradient
from graphstep.lab.objective import Objective
from graphstep.lab.operations import Cost
from graphstep.lab.symbolic import ClosedForms, count, evaluated, exact, simplified
from graphstep.sweep.reverse import reverse_sweep
from graphstep.sweep.tangent import tangent_sweep
from graphstep.traced.trace import Trace

FORWARD_STEP, CENTRAL_STEP = 2.0**-27, 2.0**-17
"""Powers of two near ε^(1/2) and ε^(1/3), so that x + h carries h exactly."""
MOST_INPUTS = 64
"""So many numbers may move where each takes runs or a sweep of its own."""
REPEATS = 3
SLOW = 0.1
"""What takes so many seconds is timed once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """Hold one way to the gradient; `gradient` is None where it does not apply, `note` says why.

    `error` is the largest distance from the reference, `operations` counts as
    `graphstep.lab.operations` does, `seconds` is the quickest of a few calls.
    """

    name: str
    gradient: tuple[float, ...] | None = None
    error: float | None = None
    operations: int | None = None
    seconds: float | None = None
    note: str = ""


def by_differences(what: Objective, operations: Cost, numbers: int) -> list[Way]:
    """Return the gradient by differences of both kinds, one or two runs for each number."""
    # ε is 2^29 times larger in float32, and the best steps grow with its root.
    narrow = any(t.dtype != torch.float64 for t in what.start.values())
    steps: Mapping[Kind, float] = {
        "forward": FORWARD_STEP * (2.0**14 if narrow else 1.0),
        "central": CENTRAL_STEP * (2.0**10 if narrow else 1.0),
    }
    ways = []
    for kind, step in steps.items():
        name = f"numerical, {kind}"
        runs = numbers + 1 if kind == "forward" else 2 * numbers
        if numbers > MOST_INPUTS:
            ways.append(Way(name, note=f"{numbers:,} numbers move: it would take {runs:,} runs"))
            continue
        found, seconds = timed(partial(gradient, what, kind, step))
        note = f"h = {step:.1e}, {runs} runs"
        ways.append(Way(name, found, None, runs * operations.values + 2 * numbers, seconds, note))
    return ways


def by_formulas(
    what: Objective, trace: Trace, formulas: ClosedForms | None, reason: str
) -> list[Way]:
    """Return the gradient by formulas, as the rules leave them and simplified."""
    names = ("symbolic", "symbolic, simplified")
    if formulas is None:
        return [Way(names[0], note=reason)]
    at = point(trace, formulas)
    output = trace.recorded.outputs[0]
    by = [trace.recorded.find(name) for name in what.start]
    raw = [formulas.derivative(output, i) for i in by]
    short = [simplified(formula) for formula in raw]
    ways = []
    for name, derivatives in zip(names, (raw, short), strict=True):
        if any(formula is None for formula in derivatives):
            ways.append(Way(name, note="the formula is too long to simplify in reasonable time"))
            continue
        found, seconds = timed(partial(_evaluated, derivatives, at))
        note = str(derivatives[0]) if len(derivatives) == 1 else f"{len(derivatives)} formulas"
        ways.append(Way(name, found, None, sum(map(count, derivatives)), seconds, note))
    turns = _turns(trace)
    if turns > 1:
        said = f"sees no loop: a line that ran {turns} times is written out; {ways[0].note}"
        ways[0] = replace(ways[0], note=said)
    return ways


def _evaluated(formulas: Sequence[Any], at: Mapping[Any, Any]) -> tuple[float, ...]:
    return tuple(evaluated(formula, at) for formula in formulas)


def by_forward_mode(what: Objective, trace: Trace, operations: Cost, numbers: int) -> Way:
    """Return the gradient by forward mode: a sweep of tangents for each number."""
    name = "forward mode"
    if numbers > MOST_INPUTS:
        return Way(name, note=f"{numbers:,} numbers move: it would take as many sweeps")
    graph = trace.recorded
    output = graph.outputs[0]

    def sweeps() -> tuple[float, ...]:
        found = []
        for label, start in what.start.items():
            i = graph.find(label)
            for k in range(start.numel()):
                seed = torch.zeros(start.shape, dtype=start.dtype, device=start.device)
                seed.view(-1)[k] = 1
                found.append(float(tangent_sweep(graph, {i: seed}).tangent(output).sum()))
        return tuple(found)

    try:
        found, seconds = timed(sweeps)
    except InputError as error:
        return Way(name, note=str(error))
    total = operations.values + numbers * operations.sweep
    return Way(name, found, None, total, seconds, _sweeps(numbers))


def by_reverse_mode(what: Objective, trace: Trace, operations: Cost) -> Way:
    """Return the gradient by reverse mode: one sweep of adjoints for all numbers."""
    graph = trace.recorded
    _, seconds = timed(lambda: reverse_sweep(graph, None, trace.engine_pass.user_code))
    found = flat(what, trace.adjoint)
    total = operations.values + operations.sweep
    return Way("reverse mode", found, None, total, seconds, _sweeps(1))


def _sweeps(number: int) -> str:
    return f"{number} sweep{'' if number == 1 else 's'}"


def _turns(trace: Trace) -> int:
    """Return how often the busiest operation of the user's text ran."""
    seen: dict[tuple[str, str], int] = {}
    for value in trace.values.values():
        if value.source is not None and value.i > 0:
            key = (value.op, str(value.source))
            seen[key] = seen.get(key, 0) + 1
    return max(seen.values(), default=0)


def point(trace: Trace, formulas: ClosedForms) -> Mapping[Any, Any]:
    """Return the value of every symbol, exactly as the trace has it."""
    return {symbol: exact(trace.recorded.value(i)) for i, symbol in formulas.symbols.items()}


def flat(what: Objective, of: Callable[[str], Tensor | None]) -> tuple[float, ...]:
    """Return what `of` gives for every moving tensor as one row of numbers, 0 for None."""
    found: list[float] = []
    for name, start in what.start.items():
        part = of(name)
        found += (torch.zeros_like(start) if part is None else part).reshape(-1).tolist()
    return tuple(found)


def timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what `work` returns, and the seconds of the quickest of a few calls."""
    start = time.perf_counter()
    found = work()
    best = time.perf_counter() - start
    for _ in range(REPEATS if best < SLOW else 0):
        start = time.perf_counter()
        found = work()
        best = min(best, time.perf_counter() - start)
    return found, best
