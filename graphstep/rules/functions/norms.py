"""The functions of the rules for variances, products and normalisations."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.common import axes, count, spread

Dim = int | Sequence[int] | None


def variance_slope(x: Tensor, dim: Dim, correction: float | None) -> Tensor:
    """Return ∂var/∂x = 2(x - mean)/(n - correction).

    `correction` is 1 where it is None.
    """
    freedom = count(x, dim) - (1 if correction is None else correction)
    away = x - x.mean(dim=axes(dim, x.dim()), keepdim=True)
    # In this order numbers near the largest do not overflow.
    return away * (2 / freedom) if freedom else 2 * away / freedom


def where_asked(g: Tensor, slope: Tensor) -> Tensor:
    """Return v̄·slope, and 0 where v̄ is 0, for a result that may not be used: a slope may be nan."""
    return torch.where(g == 0, 0.0, g * slope)


def others(x: Tensor, v: Tensor, dim: int | None, keepdim: bool | None) -> Tensor:
    """Return the product of all other elements of each slice: v/x where no x of all is 0."""
    if x.dim() == 0:
        return torch.ones_like(x)
    flat = x.reshape(-1) if dim is None else x.movedim(dim, -1)
    ones = torch.ones_like(flat[..., :1])
    before = torch.cat([ones, flat[..., :-1]], -1).cumprod(-1)
    after = torch.cat([flat[..., 1:], ones], -1).flip(-1).cumprod(-1).flip(-1)
    both = before * after
    exact = both.reshape(x.shape) if dim is None else both.movedim(-1, dim)
    return torch.where((x == 0).any(), exact, spread(v, x, dim, keepdim) / x)


def product_adjoint(
    g: Tensor, x: Tensor, v: Tensor, dim: int | None, keepdim: bool | None
) -> Tensor:
    """Return v̄ times the product of all other elements: 0 where two elements of all are 0."""
    if dim is None and int((x == 0).sum()) > 1:
        return torch.zeros_like(x)
    return spread(g, x, dim, keepdim) * others(x, v, dim, keepdim)


def scaled(x: Tensor, weight: Tensor | None) -> Tensor:
    """Return x·weight, or `x` where there is no weight."""
    return x if weight is None else x * weight


def _project(d: Tensor, standard: Tensor, inverse: Tensor, dims: list[int]) -> Tensor:
    """Return inverse·(d - mean(d) - x̂·mean(d·x̂)), the means over `dims`."""
    middle = d.mean(dim=dims, keepdim=True)
    tilt = (d * standard).mean(dim=dims, keepdim=True)
    return inverse * torch.addcmul(d - middle, standard, tilt, value=-1)


def centred(d: Tensor, x: Tensor, mean: Tensor, inverse: Tensor, shape: Sequence[int]) -> Tensor:
    """Return what a change `d` does to x̂ of a layer norm: (d - mean(d) - x̂·mean(d·x̂))/deviation.

    The map is its own adjoint. The means are over the last axes, of sizes `shape`.
    """
    dims = list(range(-len(shape), 0))
    return _project(d, (x - mean) * inverse, inverse, dims)


def root_centred(d: Tensor, x: Tensor, inverse: Tensor, shape: Sequence[int]) -> Tensor:
    """Return what a change `d` does to x̂ = x/rms of an RMS norm: (d - x̂·mean(d·x̂))/rms.

    The map is its own adjoint. The means are over the last axes, of sizes `shape`.
    """
    standard = x * inverse
    tilt = (d * standard).mean(dim=list(range(-len(shape), 0)), keepdim=True)
    return inverse * (d - standard * tilt)


def group_standard(x: Tensor, mean: Tensor, inverse: Tensor) -> Tensor:
    """Return x̂ = (x - mean)/deviation with one mean for each sample and group of channels."""
    grouped = _grouped(x, mean)
    return ((grouped - mean.unsqueeze(-1)) * inverse.unsqueeze(-1)).reshape(x.shape)


def group_centred(d: Tensor, x: Tensor, mean: Tensor, inverse: Tensor) -> Tensor:
    """Return what a change `d` does to x̂ of a group norm; the map is its own adjoint."""
    standard = _grouped(group_standard(x, mean, inverse), mean)
    return _project(_grouped(d, mean), standard, inverse.unsqueeze(-1), [-1]).reshape(x.shape)


def _grouped(x: Tensor, mean: Tensor) -> Tensor:
    return x.reshape(*mean.shape, math.prod(x.shape[1:]) // mean.shape[1])


def group_moments(gs: Sequence[Tensor], x: Tensor, mean: Tensor, inverse: Tensor) -> Tensor:
    """Return what the adjoints of a group's mean and of 1/deviation add: (m̄ - s̄·s²·x̂)/n."""
    standard = _grouped(group_standard(x, mean, inverse), mean)
    tilt = (gs[2] * inverse**2).unsqueeze(-1) * standard
    return ((gs[1].unsqueeze(-1) - tilt) / standard.shape[-1]).reshape(x.shape)


def batch_standard(
    x: Tensor,
    mean: Tensor,
    inverse: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    training: bool,
    eps: float,
) -> Tensor:
    """Return x̂ by the batch's statistics in training, else by the running ones."""
    if not training:
        mean, inverse = running_mean, _inverse(running_var, eps)
    return (x - _along(mean, x)) * _along(inverse, x)


def batch_centred(
    d: Tensor,
    x: Tensor,
    mean: Tensor,
    inverse: Tensor,
    running_var: Tensor,
    training: bool,
    eps: float,
) -> Tensor:
    """Return what a change `d` does to x̂ of a batch norm; the map is its own adjoint.

    In training (d - mean(d) - x̂·mean(d·x̂))/deviation over each channel, else d/deviation.
    """
    if not training:
        return d * _along(_inverse(running_var, eps), x)
    dims = [axis for axis in range(x.dim()) if axis != 1]
    standard = (x - _along(mean, x)) * _along(inverse, x)
    return _project(d, standard, _along(inverse, x), dims)


def _inverse(variance: Tensor, eps: float) -> Tensor:
    return 1 / (variance + eps).sqrt()


def but_one(x: Tensor, dim: int) -> Tensor:
    """Sum over all axes but `dim`, keeping them."""
    return x.sum([axis for axis in range(x.dim()) if axis != dim % x.dim()], keepdim=True)


def along(weight: float | Tensor, x: Tensor) -> float | Tensor:
    """Lay one number a channel along axis 1 of `x`; one number for all stays as it is."""
    if not isinstance(weight, Tensor):
        return weight
    return _along(weight, x)


def _along(weight: Tensor, x: Tensor) -> Tensor:
    return weight.reshape(-1, *[1] * (x.dim() - 2))


def channels(x: Tensor, weight: Tensor | None) -> Tensor:
    """Multiply each channel of `x` by its weight, if there is one."""
    return scaled(x, None if weight is None else _along(weight, x))


def per_channel(x: Tensor) -> Tensor:
    """Sum over all axes but the channels'."""
    return x.sum(dim=[axis for axis in range(x.dim()) if axis != 1])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "variance_slope": variance_slope,
    "where_asked": where_asked,
    "others": others,
    "product_adjoint": product_adjoint,
    "scaled": scaled,
    "centred": centred,
    "root_centred": root_centred,
    "group_standard": group_standard,
    "group_centred": group_centred,
    "group_moments": group_moments,
    "batch_standard": batch_standard,
    "batch_centred": batch_centred,
    "but_one": but_one,
    "along": along,
    "channels": channels,
    "per_channel": per_channel,
}
