"""The functions of the rules for extremes, orders and bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.common import axes, spread, total

Bound = Any
"""A number, a tensor, or None for no bound."""


def even_share(g: float | Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return g/n at the n elements of `x` that equal `v` (that are nan, where `v` is), else 0."""
    equal = x.isnan() if bool(v.isnan()) else x == v
    share = torch.as_tensor(g, dtype=x.dtype, device=x.device) / equal.sum()
    return torch.where(equal, share, torch.zeros_like(share))


def ties(x: Tensor, v: Tensor, dim: int | Sequence[int] | None, keepdim: bool) -> Tensor:
    """Return 1/n at the n elements of `x` that equal the extreme `v` of their slice, else 0."""
    equal = (x == spread(v, x, dim, keepdim)).to(x.dtype)
    return equal / total(equal, dim)


def summed(x: Tensor, dim: int | Sequence[int] | None, keepdim: bool | None) -> Tensor:
    """Sum over `dim`, over all axes where it is None or empty."""
    return x.sum(dim=axes(dim, x.dim()), keepdim=bool(keepdim)) if x.dim() else x


def put_chosen(g: Tensor, x: Tensor, dim: int, index: Tensor, keepdim: bool | None) -> Tensor:
    """Put `g` at the chosen places along `dim` of zeros shaped like `x`."""
    if x.dim() and not keepdim:
        g, index = g.unsqueeze(dim), index.unsqueeze(dim)
    return torch.zeros(x.shape, dtype=g.dtype, device=g.device).scatter(dim, index, g)


def chosen(x: Tensor, dim: int, index: Tensor, keepdim: bool | None) -> Tensor:
    """Take the chosen places of `x` along `dim`."""
    if x.dim() and not keepdim:
        return x.gather(dim, index.unsqueeze(dim)).squeeze(dim)
    return x.gather(dim, index)


def within(x: Tensor, low: Bound, high: Bound) -> Any:
    """Tell where low ≤ x ≤ high; None is no bound."""
    if low is None or high is None:
        return x <= high if high is not None else x >= low
    return (x >= low) & (x <= high)


def below(x: Tensor, low: Bound, high: Bound) -> Any:
    """Tell where the lower bound is what `clamp` gives: x < low, and low < high."""
    return x < low if high is None else (x < low) & (low < high)


def above(x: Tensor, low: Bound, high: Bound) -> Any:
    """Tell where the upper bound is what `clamp` gives: x > high, or high < low."""
    return x > high if low is None else (x > high) | (high < low)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "even_share": even_share,
    "ties": ties,
    "summed": summed,
    "put_chosen": put_chosen,
    "chosen": chosen,
    "within": within,
    "below": below,
    "above": above,
    "clip": torch.clamp,
}
