"""A miss: a mistake with a name, the number that it gives, and what to say of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import torch
from torch import Tensor

from graphstep.format.symbols import symbol
from graphstep.steps.answer import close
from graphstep.steps.timeline import Timeline

MOST_OTHERS = 64
"""So many values near the step are tried as ones that were taken by mistake."""


class Miss(NamedTuple):
    """Name a mistake, say it in a sentence; `value` is what it gives, None where it cannot be."""

    kind: str
    says: str
    value: Tensor | None


def attempt(compute: Callable[..., Tensor], *operands: object) -> Tensor | None:
    """Return what a mistaken formula gives, or None where shapes or dtypes do not allow it."""
    try:
        with torch.no_grad():
            return compute(*operands)
    except (RuntimeError, TypeError, ValueError, IndexError):
        return None


def fitted(tensor: Tensor, shape: torch.Size) -> Tensor:
    """Return a tensor summed or spread to a shape. Raises RuntimeError where neither is possible"""
    if tensor.shape == shape:
        return tensor
    if tensor.dim() >= len(shape) and tensor.numel() > shape.numel():
        return tensor.sum_to_size(shape)
    return tensor.expand(shape)


def shape_miss(answer: Tensor, target: Tensor) -> Miss:
    """Return which miss an answer of another shape is."""
    have, want = (f"[{', '.join(map(str, one.shape))}]" for one in (answer, target))
    summed = attempt(answer.sum_to_size, target.shape)
    if summed is not None and close(summed, target):
        says = f"the shape is {have}: sum over the broadcast axes, down to {want}"
        return Miss("forgot to sum", says, summed)
    turned = answer.mT if answer.dim() == 2 else answer
    if turned.shape == target.shape and close(turned, target):
        return Miss("transposed", f"the shape is {have}, it must be {want}: transpose it", turned)
    return Miss("wrong shape", f"the shape is {have}, it must be {want}", None)


def taken_for(timeline: Timeline, i: int, at: int) -> Iterator[Miss]:
    """Give the known values and adjoints near v_i: an answer may be one of them by mistake."""
    numbers = [k for k in timeline.trace.values if k != i]
    for k in sorted(numbers, key=lambda k: abs(k - i))[:MOST_OTHERS]:
        if timeline.value_state(k, at).kind == "final":
            yield Miss("another value", f"that is {symbol(k)}", timeline.trace.values[k].value)
        if timeline.adjoint_state(k, at).kind in ("partial", "final"):
            says = f"that is {symbol(k, 'adjoint')}"
            yield Miss("another value", says, timeline.sum_at(k, at))
