"""Four ways to one gradient: differences, symbolic, forward mode and reverse mode."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.graph.numbering import Order
from graphstep.lab.differences import StepErrors, gradient, largest_error, step_errors
from graphstep.lab.objective import Objective, objective
from graphstep.lab.operations import Cost, cost
from graphstep.lab.swell import Swell, swell
from graphstep.lab.symbolic import (
    ClosedForms,
    NoClosedForm,
    closed_forms,
    count,
    evaluated,
    exact,
    simplified,
)
from graphstep.sweep.reverse import reverse_sweep
from graphstep.sweep.tangent import tangent_sweep
from graphstep.traced import Trace

FORWARD_STEP, CENTRAL_STEP = 2.0**-27, 2.0**-17
"""Powers of two near ε^(1/2) and ε^(1/3), so that x + h carries h exactly."""
MOST_INPUTS = 64
"""So many numbers may move where each takes runs or a sweep of its own."""
MOST_PLOTTED = 8
REPEATS = 3
SLOW = 0.1
"""What takes so many seconds is timed once."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Way:
    """Hold one way to the gradient; `gradient` is None where it does not apply, `note` says why.

    `error` is the largest distance from the reference, `operations` counts as
    `graphstep.lab.operations` does, `seconds` is the quickest of three.
    """

    name: str
    gradient: tuple[float, ...] | None = None
    error: float | None = None
    operations: int | None = None
    seconds: float | None = None
    note: str = ""


@dataclass(frozen=True)
class Comparison:
    """Hold all ways at one point, the error of differences against h, and the swell of formulas."""

    text: str
    inputs: tuple[str, ...]
    trace: Trace
    reference: str
    ways: tuple[Way, ...]
    errors: StepErrors | None
    errors_note: str
    swell: tuple[Swell, ...]


def compare(
    what: str | Callable[..., Any],
    *,
    moving: Sequence[str] = (),
    seed: int = 0,
    order: Order = "evaluation",
    **inputs: Any,
) -> Comparison:
    """Compute the gradient of an expression, a function or a module in every way that applies.

    Numbers among `inputs` become float64. Of an output that is not a scalar the sum is
    differentiated. Raises InputError for a source that cannot be used.
    """
    doubled = {
        n: torch.tensor(v, dtype=torch.float64) if isinstance(v, (int, float, list)) else v
        for n, v in inputs.items()
    }
    return compare_objective(objective(what, doubled, moving, seed, order))


def compare_objective(what: Objective) -> Comparison:
    """Compare the ways at the start of an objective; see `compare`."""
    trace = what.record(what.start, {})
    graph = trace.recorded
    if len(graph.outputs) > 1:
        raise InputError(f"compare takes one output, and {what.source.text} has several")
    operations = cost(graph)
    formulas, reason = _formulas(trace)
    numbers = sum(t.numel() for t in what.start.values())
    truth, reference = _reference(what, trace, formulas)
    ways = [
        *_differences(what, operations, numbers),
        *_symbolic(what, trace, formulas, reason),
        _forward(what, trace, operations, numbers),
        _reverse(what, trace, operations),
    ]
    errors, errors_note = (
        None,
        f"error against h: {numbers} numbers move, at most {MOST_PLOTTED} do",
    )
    if numbers <= MOST_PLOTTED:
        errors, errors_note = step_errors(what, truth), ""
    return Comparison(
        what.source.text,
        _names(what.start),
        trace,
        reference,
        tuple(_judged(way, truth) for way in ways),
        errors,
        errors_note,
        swell(graph, formulas, next(iter(what.start))) if formulas is not None else (),
    )


def _reference(
    what: Objective, trace: Trace, formulas: ClosedForms | None
) -> tuple[tuple[float, ...], str]:
    if formulas is not None:
        at = _point(trace, formulas)
        output = trace.recorded.outputs[0]
        found = [
            evaluated(formulas.derivative(output, trace.recorded.find(name)), at)
            for name in what.start
        ]
        return tuple(found), "the derivative's formula, computed with 30 digits"
    double = replace(
        what,
        start={n: t.double() for n, t in what.start.items()},
        fixed={n: _double(v) for n, v in what.fixed.items()},
        module=None if what.module is None else what.module.double(),
    )
    again = double.record(double.start, {})
    return _flat(what, again.adjoint), "reverse mode in float64"


def _differences(what: Objective, operations: Cost, numbers: int) -> list[Way]:
    ways = []
    for kind, step in (("forward", FORWARD_STEP), ("central", CENTRAL_STEP)):
        name = f"numerical, {kind}"
        runs = numbers + 1 if kind == "forward" else 2 * numbers
        if numbers > MOST_INPUTS:
            ways.append(Way(name, note=f"{numbers:,} numbers move: it would take {runs:,} runs"))
            continue
        # The step fits the precision: ε is 2^29 times larger in float32.
        narrow = any(t.dtype != torch.float64 for t in what.start.values())
        step = step * (2.0**14 if kind == "forward" else 2.0**10) if narrow else step
        found, seconds = timed(lambda k=kind, h=step: gradient(what, k, h))  # type: ignore[misc]
        note = f"h = {step:.1e}, {runs} runs"
        ways.append(Way(name, found, None, runs * operations.values + 2 * numbers, seconds, note))
    return ways


def _symbolic(
    what: Objective, trace: Trace, formulas: ClosedForms | None, reason: str
) -> list[Way]:
    names = ("symbolic", "symbolic, simplified")
    if formulas is None:
        return [Way(names[0], note=reason)]
    at = _point(trace, formulas)
    output = trace.recorded.outputs[0]
    by = [trace.recorded.find(name) for name in what.start]
    raw = [formulas.derivative(output, i) for i in by]
    short = [simplified(formula) for formula in raw]
    ways = []
    for name, derivatives in zip(names, (raw, short), strict=True):
        if any(formula is None for formula in derivatives):
            ways.append(Way(name, note="the formula is too long to simplify in reasonable time"))
            continue
        found, seconds = timed(lambda d=derivatives: tuple(evaluated(f, at) for f in d))  # type: ignore[misc]
        note = str(derivatives[0]) if len(derivatives) == 1 else f"{len(derivatives)} formulas"
        ways.append(Way(name, found, None, sum(map(count, derivatives)), seconds, note))
    turns = _turns(trace)
    if turns:
        ways[0] = replace(ways[0], note=f"sees no loop: {turns} written out; {ways[0].note}")
    return ways


def _forward(what: Objective, trace: Trace, operations: Cost, numbers: int) -> Way:
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
                seed = torch.zeros_like(start)
                seed.view(-1)[k] = 1
                found.append(float(tangent_sweep(graph, {i: seed}).tangent(output).sum()))
        return tuple(found)

    try:
        found, seconds = timed(sweeps)
    except InputError as error:
        return Way(name, note=str(error))
    total = operations.values + numbers * operations.sweep
    return Way(name, found, None, total, seconds, _sweeps(numbers))


def _reverse(what: Objective, trace: Trace, operations: Cost) -> Way:
    graph = trace.recorded
    _, seconds = timed(lambda: reverse_sweep(graph, None))
    found = _flat(what, trace.adjoint)
    total = operations.values + operations.sweep
    return Way("reverse mode", found, None, total, seconds, _sweeps(1))


def _sweeps(number: int) -> str:
    return f"{number} sweep{'' if number == 1 else 's'}"


def _formulas(trace: Trace) -> tuple[ClosedForms | None, str]:
    try:
        return closed_forms(trace.recorded), ""
    except NoClosedForm as error:
        turns = _turns(trace)
        return None, f"{error} ({turns} of a loop)" if turns else str(error)


def _turns(trace: Trace) -> str:
    """Say how often a loop of the user's function turned; empty where none did."""
    if trace.recorded.values and trace.origin.file == "<expression>":
        return ""
    seen: dict[tuple[str, str], int] = {}
    for value in trace.values.values():
        if value.source is not None and value.i > 0:
            key = (value.op, str(value.source))
            seen[key] = seen.get(key, 0) + 1
    most = max(seen.values(), default=0)
    return f"{most} turns" if most > 1 else ""


def _point(trace: Trace, formulas: ClosedForms) -> Mapping[Any, Any]:
    return {symbol: exact(trace.recorded.value(i)) for i, symbol in formulas.symbols.items()}


def _flat(what: Objective, of: Callable[[str], Tensor | None]) -> tuple[float, ...]:
    found: list[float] = []
    for name, start in what.start.items():
        part = of(name)
        found += (torch.zeros_like(start) if part is None else part).reshape(-1).tolist()
    return tuple(found)


def _names(start: Mapping[str, Tensor]) -> tuple[str, ...]:
    return tuple(
        name if t.dim() == 0 else f"{name}[{k}]"
        for name, t in start.items()
        for k in range(t.numel())
    )


def _judged(way: Way, truth: Sequence[float]) -> Way:
    if way.gradient is None:
        return way
    return replace(way, error=largest_error(way.gradient, truth))


def _double(value: Any) -> Any:
    floating = isinstance(value, Tensor) and value.is_floating_point()
    return value.double() if floating else value


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
