"""The misses of a forward step: sign, operands, operation."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

import torch
from torch import Tensor

from graphstep.format.symbols import symbol
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import written_arguments
from graphstep.recording.operation import Operation, Ref
from graphstep.rules.scope import unwrap
from graphstep.steps.miss import MOST_OTHERS, Miss, attempt, taken_for
from graphstep.steps.timeline import Timeline

Binary = Callable[[Tensor, Tensor], Tensor]
OPERATIONS: Mapping[str, Binary] = MappingProxyType(
    {"+": torch.add, "−": torch.sub, "·": torch.mul, "/": torch.div, "@": torch.matmul}
)

NO_NAMED: Mapping[str, Any] = MappingProxyType({})


def forward_misses(timeline: Timeline, i: int, at: int) -> Iterator[Miss]:
    """Give what a student may have computed in place of v_i, the likeliest first.

    `at` is the step before the one that is asked.
    """
    trace = timeline.trace
    target = trace.values[i].value
    assert target is not None
    application = trace.made_by[i]
    yield Miss("wrong sign", "the sign is the other one", attempt(torch.neg, target))
    for k in dict.fromkeys(p for p in application.parents if p is not None):
        says = f"that is the operand {symbol(k)} itself: {application.name.strip('_')} is missing"
        yield Miss("forgot the operation", says, trace.values[k].value)
    yield from _other_operations(application)
    yield from _other_operands(trace, application, i)
    yield from taken_for(timeline, i, at)


def _other_operations(application: Application) -> Iterator[Miss]:
    found = _two_operands(application)
    if found is None:
        return
    left, right = found
    name = application.name.strip("_")
    if name in ("sub", "div", "mm", "matmul", "pow", "rsub"):
        function = application.operation.function if application.operation is not None else None
        if function is not None:
            swapped = attempt(_first, function, [right, left])
            yield Miss("wrong operand", "the operands are the wrong way round", swapped)
    for sign, operate in OPERATIONS.items():
        says = f"the operands are joined by {sign}, the operation is {name}"
        yield Miss("wrong operation", says, attempt(operate, left, right))


def _two_operands(application: Application) -> tuple[Tensor, Tensor] | None:
    operation = application.operation
    if operation is None or len(operation.args) < 2:
        return None
    first, second = (_tensor(item) for item in operation.args[:2])
    return None if first is None or second is None else (first, second)


def _tensor(item: object) -> Tensor | None:
    if type(item) is Ref:
        return item.tensor.detach()
    if isinstance(item, (int, float)) and not isinstance(item, bool):
        return torch.tensor(item)
    return None


def _other_operands(trace: TraceGraph, application: Application, i: int) -> Iterator[Miss]:
    """Give the same operation on other values of the operand's shape."""
    operation = application.operation
    if operation is None or not _is_plain(operation):
        return
    nearest = sorted((k for k in trace.values if k < i), key=lambda k: i - k)[:MOST_OTHERS]
    for position, item in enumerate(operation.args):
        if type(item) is not Ref:
            continue
        for k in nearest:
            other = trace.values[k].value
            if other is None or other.shape != item.tensor.shape:
                continue
            args = [unwrap(one) for one in operation.args]
            args[position] = other
            kwargs = {name: unwrap(one) for name, one in operation.kwargs.items()}
            value = attempt(_first, operation.function, args, kwargs)
            says = f"{symbol(k)} stands where another operand belongs"
            yield Miss("wrong operand", says, value)


def _is_plain(operation: Operation) -> bool:
    """Tell whether an operation may be run again: it writes to nothing and draws nothing."""
    function = operation.function
    random = torch.Tag.nondeterministic_seeded in function.tags
    return not random and not written_arguments(function)


def _first(
    function: Callable[..., object], args: Sequence[Any], kwargs: Mapping[str, Any] = NO_NAMED
) -> Tensor:
    result = function(*args, **kwargs)
    found = result[0] if isinstance(result, (tuple, list)) else result
    if not isinstance(found, Tensor):
        raise TypeError("no tensor")
    return found
