"""Four ways to one gradient: differences, symbolic, forward mode and reverse mode."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.graph.numbering import Order
from graphstep.lab.differences import StepErrors, largest_error, step_errors
from graphstep.lab.objective import Objective, objective
from graphstep.lab.operations import cost
from graphstep.lab.swell import Swell, swell
from graphstep.lab.symbolic import ClosedForms, NoClosedForm, closed_forms, evaluated
from graphstep.lab.ways import (
    Way,
    by_differences,
    by_formulas,
    by_forward_mode,
    by_reverse_mode,
    flat,
    point,
)
from graphstep.running.inputs import is_numeric, tensor_of
from graphstep.traced.trace import Trace

MOST_PLOTTED = 8


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
    doubled = {name: _in_float64(name, value) for name, value in inputs.items()}
    return compare_objective(objective(what, doubled, moving, seed, order))


def _in_float64(name: str, value: Any) -> Any:
    """Return a number, or a list of numbers, as a tensor of float64; anything else as it is."""
    if isinstance(value, list) and not is_numeric(value):
        return value
    if isinstance(value, bool) or not isinstance(value, (int, float, list)):
        return value
    return tensor_of(name, value, torch.float64)


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
        *by_differences(what, operations, numbers),
        *by_formulas(what, trace, formulas, reason),
        by_forward_mode(what, trace, operations, numbers),
        by_reverse_mode(what, trace, operations),
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
        at = point(trace, formulas)
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
        module=None if what.module is None else copy.deepcopy(what.module).double(),
    )
    again = double.record(double.start, {})
    return flat(what, again.adjoint), "reverse mode in float64"


def _formulas(trace: Trace) -> tuple[ClosedForms | None, str]:
    try:
        return closed_forms(trace.recorded), ""
    except NoClosedForm as error:
        return None, str(error)


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
