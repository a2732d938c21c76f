"""The functions of the rules for scattered reductions.

At each place what lies there, if `include_self`, and what the index sends there is reduced:
sum, mean, prod, amax or amin.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def along_slices(index: Tensor, source: Tensor, dim: int) -> Tensor:
    """Give every element of a slice of `source` the place of its slice."""
    if not source.dim():
        return index.reshape(())
    sizes = [1] * source.dim()
    sizes[dim] = -1
    return index.reshape(sizes).expand(source.shape)


def _slopes(
    x: Tensor, source: Tensor, v: Tensor, dim: int, index: Tensor, reduce: str, include_self: bool
) -> tuple[Tensor, Tensor]:
    """Return ∂v/∂x, place by place, and ∂v/∂source, element by element.

    sum 1; mean 1/n; prod the product of all the others; amax and amin 1/n at the n that reach it.
    """
    ones = torch.ones_like(source)
    untouched = _gathered_up(torch.zeros_like(v), dim, index, ones) == 0
    kept = untouched if not include_self else torch.ones_like(untouched)
    if reduce in ("amax", "amin"):
        own = (x == v).to(v.dtype) * kept
        their = (source == v.gather(dim, index)).to(v.dtype)
        count = _gathered_up(own, dim, index, their)
        return own / count, their / count.gather(dim, index)
    if reduce == "prod":
        zeros = _gathered_up(((x == 0) & kept).to(v.dtype), dim, index, (source == 0).to(v.dtype))
        product = torch.where((x == 0) | ~kept, 1.0, x).to(v.dtype)
        filled = torch.where(source == 0, 1.0, source).to(v.dtype)
        product = product.scatter_reduce(dim, index, filled, "prod")
        return (
            kept * _others(x, product, zeros),
            _others(source, product.gather(dim, index), zeros.gather(dim, index)),
        )
    if reduce == "sum":
        return kept.to(v.dtype), ones
    count = _gathered_up(kept.to(v.dtype), dim, index, ones)
    return kept / count, 1 / count.gather(dim, index)


def _gathered_up(start: Tensor, dim: int, index: Tensor, parts: Tensor) -> Tensor:
    return start.scatter_add(dim, index, parts)


def _others(x: Tensor, product: Tensor, zeros: Tensor) -> Tensor:
    """Return the product of all but x from that of all that are not 0, and how many are 0."""
    without = torch.where(x == 0, product, product / x)
    return torch.where(zeros - (x == 0).to(zeros.dtype) > 0, 0.0, without)


def scattered_self(g: Tensor, x: Tensor, source: Tensor, *given: Any) -> Tensor:
    """Return v̄·∂v/∂x."""
    return g * _slopes(x, source, *given)[0]


def scattered_source(
    g: Tensor, x: Tensor, source: Tensor, v: Tensor, dim: int, index: Tensor, *given: Any
) -> Tensor:
    """Return v̄ of the place that each element went to, times ∂v/∂source."""
    return g.gather(dim, index) * _slopes(x, source, v, dim, index, *given)[1]


def scattered_tangent(
    dx: Tensor,
    dsource: Tensor,
    x: Tensor,
    source: Tensor,
    v: Tensor,
    dim: int,
    index: Tensor,
    *given: Any,
) -> Tensor:
    """Return ẋ·∂v/∂x and, added at their places, all ∂v/∂source times the source's tangent."""
    own, their = _slopes(x, source, v, dim, index, *given)
    return _gathered_up(dx * own, dim, index, dsource * their)


def segments_adjoint(g: Tensor, x: Tensor, v: Tensor, reduce: str, *segments: Any) -> Tensor:
    """Return v̄ of the segment that each element lies in, times ∂v/∂x; 0 where it lies in none."""
    axis, place, slope = _segments(x, v, reduce, *segments)
    return _and_beyond(g, axis).gather(axis, place) * slope


def segments_tangent(d: Tensor, x: Tensor, v: Tensor, reduce: str, *segments: Any) -> Tensor:
    """Return, added up in each segment, ∂v/∂x times the tangent."""
    axis, place, slope = _segments(x, v, reduce, *segments)
    found = _gathered_up(torch.zeros_like(_and_beyond(v, axis)), axis, place, d * slope)
    return found.narrow(axis, 0, v.shape[axis])


def _segments(
    x: Tensor,
    v: Tensor,
    reduce: str,
    lengths: Tensor | None,
    offsets: Tensor | None,
    axis: int,
    initial: float | None,
) -> tuple[int, Tensor, Tensor]:
    """Return the axis, the segment of each element, and ∂v/∂x.

    Of max and min that is 1/n at the n that reach it, 0 at all where only the first number does.
    """
    axis %= x.dim()
    if lengths is not None:
        ends, start = lengths.cumsum(-1), torch.zeros_like(lengths[..., :1])
    else:
        assert offsets is not None
        ends, start = offsets[..., 1:].contiguous(), offsets[..., :1]
    numbers = torch.arange(x.shape[axis], device=x.device).expand(x.shape[: axis + 1]).contiguous()
    place = torch.searchsorted(ends, numbers, right=True).where(numbers >= start, ends.shape[-1])
    place = place.reshape(*place.shape, *[1] * (x.dim() - axis - 1)).expand(x.shape)
    v = _and_beyond(v, axis)
    if reduce not in ("max", "min"):
        own = torch.full_like(v, 1.0 if initial is None else initial)
        return axis, place, _slopes(own, x, v, axis, place, reduce, reduce == "prod")[1]
    there = v.gather(axis, place)
    reached = ((x == there) | (x.isnan() & there.isnan())).to(v.dtype)
    count = _gathered_up(torch.zeros_like(v), axis, place, reached)
    return axis, place, reached / count.gather(axis, place).clamp(min=1)


def _and_beyond(v: Tensor, axis: int) -> Tensor:
    """Return `v` with a segment of zeros more, where elements of no segment go."""
    return torch.cat([v, v.new_zeros(*v.shape[:axis], 1, *v.shape[axis + 1 :])], axis)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "along_slices": along_slices,
    "scattered_self": scattered_self,
    "scattered_source": scattered_source,
    "scattered_tangent": scattered_tangent,
    "segments_adjoint": segments_adjoint,
    "segments_tangent": segments_tangent,
}
