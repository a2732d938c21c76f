"""Run the recorded operations again on other inputs: the same branch, nothing of the user's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import NoneType
from typing import Any

import torch
from torch import Tensor

from graphstep.graph.application import Application, Slot
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import tensor_positions, written_arguments
from graphstep.recording.operation import Operation, Ref
from graphstep.rules.draws import draws
from graphstep.rules.scope import signature
from graphstep.sweep.intermediates import with_intermediates
from graphstep.sweep.precise import another_form

_BESIDE = (NoneType, int)
"""What a kernel may return among its tensors."""


class NotReplayable(Exception):
    """Say in a few words which recorded operation cannot be run again, and why."""


def as_it_is(constant: Tensor) -> Tensor:
    """Leave a constant as it is."""
    return constant


def replay(
    trace: TraceGraph,
    inputs: Mapping[int, Tensor],
    dtype: torch.dtype | None = None,
    lift: Callable[[Tensor], Tensor] = as_it_is,
) -> dict[int, Tensor]:
    """Return every v_i recomputed from other `inputs`, given by number.

    With `dtype`, floating constants and casts become of that dtype, complex ones of the complex
    dtype of that precision, so that a float32 run can be repeated in float64. `lift` is applied
    to every such constant, and to the numbers that stand for one. Raises NotReplayable for a
    custom Function, a write through a view that nobody saw taken, and an operation that draws
    random numbers.
    """
    values: dict[int, Tensor] = dict(inputs)
    for application in trace.applications:
        # Without an operation there are no slots, and it is not run again.
        operands = {
            slot: values[parent]
            for slot, parent in zip(application.slots, application.parents, strict=False)
            if slot is not None and parent is not None
        }
        results = run_again(application, operands, dtype, lift)
        for number, i in application.by_position.items():
            values[i] = results[number]
    return values


def run_again(
    application: Application,
    operands: Mapping[Slot, Tensor],
    dtype: torch.dtype | None = None,
    lift: Callable[[Tensor], Tensor] = as_it_is,
) -> list[Tensor]:
    """Return the results of one recorded operation on other `operands`; the rest is as there."""

    def constant(tensor: Tensor) -> Tensor:
        if not (tensor.is_floating_point() or tensor.is_complex()):
            return tensor
        return lift(tensor if dtype is None else tensor.to(in_kind(tensor.dtype, dtype)))

    operation = _repeatable(application)
    given = [*zip(signature(operation.function).positional, operation.args, strict=False)]
    args = [_again(item, name, None, operands, constant, dtype) for name, item in given]
    if lift is not as_it_is:
        args = _lifted_numbers(operation, args, constant)
    args = with_intermediates(operation, args)
    kwargs = {n: _again(v, n, None, operands, constant, dtype) for n, v in operation.kwargs.items()}
    if written_arguments(operation.function):
        args[0] = args[0].clone()
    form = another_form(operation.function, precise=dtype is not None)
    if form is not None:
        return list(form(*args, **kwargs))
    out = operation.function(*args, **kwargs)
    # A backward gives None for what nobody asked for, and the record has only tensors.
    results = [out] if isinstance(out, Tensor) else [r for r in out if not isinstance(r, _BESIDE)]
    if len(results) != len(operation.results):
        # In half precision a kernel may make more than it was asked for.
        raise NotReplayable(f"{application.name} has other results in another dtype")
    return results


def _repeatable(application: Application) -> Operation:
    operation = application.operation
    if operation is None:
        raise NotReplayable(f"{application.name} cannot be run again from the record")
    if draws(operation) and another_form(operation.function, precise=False) is None:
        raise NotReplayable(f"{application.name} draws random numbers")
    written = operation.kind.writes
    if written and written != signature(operation.function).positional[:1]:
        raise NotReplayable(f"{application.name} writes to {', '.join(written)}")
    return operation


def _lifted_numbers(
    operation: Operation, args: list[Any], constant: Callable[[Tensor], Tensor]
) -> list[Any]:
    """Turn plain numbers into constants where the schema says Tensor: the 3 of 3·x."""
    takes = tensor_positions(operation.function)
    return [
        constant(torch.tensor(item, dtype=torch.float64))
        if k in takes and isinstance(item, (int, float)) and not isinstance(item, bool)
        else item
        for k, item in enumerate(args)
    ]


def _again(
    item: Any,
    name: str,
    member: int | None,
    numbers: Mapping[Slot, Tensor],
    constant: Callable[[Tensor], Tensor],
    dtype: torch.dtype | None,
) -> Any:
    if type(item) is Ref:
        found = numbers.get(Slot(name, member))
        if found is not None:
            return found
        return constant(item.tensor.detach())
    if isinstance(item, tuple):
        parts: list[Any] = []
        count = 0
        for part in item:
            parts.append(_again(part, name, count, numbers, constant, dtype))
            count += type(part) is Ref
        return parts
    if isinstance(item, torch.dtype) and dtype is not None:
        return in_kind(item, dtype)
    return item


def in_kind(dtype: torch.dtype, precision: torch.dtype) -> torch.dtype:
    """Return a dtype in another precision: complex stays complex, whole numbers whole."""
    if dtype.is_complex:
        return precision.to_complex()
    return precision if dtype.is_floating_point else dtype
