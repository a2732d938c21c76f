"""The functions of the rules for losses by margins and of connectionist temporal classification."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor


def above_samples(g: Tensor, x: Tensor, reduction: int) -> Tensor:
    """Return the adjoint above each sample's loss, along the classes of `x`: of a mean (1) g/n."""
    samples = len(x) if x.dim() > 1 else 1
    if reduction == 0:
        return g.unsqueeze(1) if x.dim() > 1 else g
    return g / samples if reduction == 1 else g


def _samples(x: Tensor) -> Tensor:
    return x.reshape(-1, x.shape[-1] if x.dim() else 1)


def margin_slope(
    x: Tensor, target: Tensor, p: float, margin: float, weight: Tensor | None
) -> Tensor:
    """Return the slope of Σⱼ max(0, margin - x_t + xⱼ)ᵖ·w_t/n over all classes j but the target."""
    rows, spot = _samples(x), target.reshape(-1, 1)
    short = margin - rows.gather(1, spot) + rows
    slope = torch.where(short > 0, p * short.clamp(min=0) ** (p - 1), 0.0) / rows.shape[1]
    if weight is not None:
        slope = slope * weight[spot]
    slope = slope.scatter(1, spot, 0.0)
    return slope.scatter(1, spot, -slope.sum(1, keepdim=True)).reshape(x.shape)


def labels_margin_slope(x: Tensor, target: Tensor) -> Tensor:
    """Return the slope of Σₜⱼ max(0, 1 - xₜ + xⱼ)/n over targets t and all other classes j.

    A sample's targets end at the first that is below 0.
    """
    rows, spots = _samples(x), _samples(target)
    given = (spots >= 0).long().cumprod(1)
    named = torch.zeros_like(rows).scatter_add(1, spots.clamp(min=0), given.to(rows.dtype))
    short = 1 - rows.unsqueeze(2) + rows.unsqueeze(1) > 0
    active = short * named.unsqueeze(2) * (named == 0).unsqueeze(1) / rows.shape[1]
    return (active.sum(1) - active.sum(2)).reshape(x.shape)


def _occupancy(
    x: Tensor,
    loss: Tensor,
    before: Tensor,
    targets: Tensor,
    input_lengths: Sequence[int] | Tensor,
    target_lengths: Sequence[int] | Tensor,
    blank: int,
) -> Tensor:
    """Return the share of the paths that are at each class at each moment, shaped like `x`.

    exp(αₜ(s) + βₜ(s) + loss) summed over the states s of a class; `before` is α, the logarithm of
    what leads to a state, and β the same of what leads on from it (Graves et al. 2006).
    """
    lengths = torch.as_tensor(input_lengths, device=x.device).tolist()
    sizes = torch.as_tensor(target_lengths, device=x.device).tolist()
    starts = [sum(sizes[:n]) for n in range(len(sizes))]
    found = torch.zeros_like(x)
    for n, (length, size, start) in enumerate(zip(lengths, sizes, starts, strict=True)):
        labels = targets[n, :size] if targets.dim() > 1 else targets[start : start + size]
        states = torch.full((2 * size + 1,), blank, dtype=torch.int64, device=x.device)
        states[1::2] = labels
        skips = torch.zeros(len(states), dtype=torch.bool, device=x.device)
        skips[:-2] = (states[:-2] != states[2:]) & (states[2:] != blank)
        after = torch.full((len(states),), -math.inf, dtype=x.dtype, device=x.device)
        after[-2:] = 0.0
        for t in range(length - 1, -1, -1):
            share = torch.exp(before[n, t, : len(states)] + after + loss[n])
            found[t, n] = found[t, n].index_add(0, states, share)
            after = _earlier(after + x[t, n, states], skips)
    return found


def _earlier(onward: Tensor, skips: Tensor) -> Tensor:
    """Return β a moment earlier: stay, go one state on, or skip a blank between two labels."""
    nothing = onward.new_full((2,), -math.inf)
    padded = torch.cat([onward, nothing])
    skipped = torch.where(skips, padded[2:], -math.inf)
    return torch.logsumexp(torch.stack([onward, padded[1:-1], skipped]), 0)


def ctc_adjoint(g: Tensor, x: Tensor, loss: Tensor, before: Tensor, *given: Any) -> Tensor:
    """Return v̄·(exp(x) - occupancy): the gradient to what x is the log-softmax of, as torch has it.

    What lies beyond an input's length has none; with `zero_infinity` neither has an infinite loss.
    """
    *shape, zero_infinity = given
    length = torch.as_tensor(shape[1], device=x.device)
    inside = (torch.arange(len(x), device=x.device).unsqueeze(1) < length).unsqueeze(2)
    if zero_infinity:
        inside = inside & loss.isfinite().unsqueeze(1)
    change = x.exp() - _occupancy(x, loss, before, *shape)
    return torch.where(inside, g.unsqueeze(1) * change, 0.0)


def ctc_tangent(d: Tensor, x: Tensor, *given: Any) -> Tensor:
    """Return Σ ẋ·(exp(x) - occupancy) of each sample."""
    ones = torch.ones_like(x[0, :, 0])
    return (d * ctc_adjoint(ones, x, *given)).sum((0, 2))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "above_samples": above_samples,
    "margin_slope": margin_slope,
    "labels_margin_slope": labels_margin_slope,
    "ctc_adjoint": ctc_adjoint,
    "ctc_tangent": ctc_tangent,
}
