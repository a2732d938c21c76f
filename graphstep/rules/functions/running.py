"""The functions of the rules for running products and running logarithms of sums."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def products_adjoint(g: Tensor, x: Tensor, dim: int) -> Tensor:
    """Return pᵢ sᵢ with pᵢ = Π_{k<i} xₖ and sᵢ = v̄ᵢ + xᵢ₊₁ sᵢ₊₁: no division, so right at 0 too."""
    if not x.dim() or not x.numel():
        return g
    before = _before(x.movedim(dim, 0))
    factors, above = x.movedim(dim, 0), g.movedim(dim, 0)
    sums = [above[-1]]
    for k in range(len(factors) - 1, 0, -1):
        sums.append(above[k - 1] + factors[k] * sums[-1])
    return (before * torch.stack(sums[::-1])).movedim(0, dim)


def products_tangent(d: Tensor, x: Tensor, dim: int) -> Tensor:
    """Return ẏᵢ = ẏᵢ₋₁ xᵢ + yᵢ₋₁ ẋᵢ."""
    if not x.dim() or not x.numel():
        return d
    factors, changes = x.movedim(dim, 0), d.movedim(dim, 0)
    found = [changes[0]]
    for k, before in enumerate(_before(factors)[1:], 1):
        found.append(found[-1] * factors[k] + before * changes[k])
    return torch.stack(found).movedim(0, dim)


def _before(factors: Tensor) -> Tensor:
    return torch.cat([torch.ones_like(factors[:1]), factors[:-1]]).cumprod(0)


def logs_adjoint(g: Tensor, x: Tensor, v: Tensor, dim: int) -> Tensor:
    """Return exp(xᵢ - vᵢ) rᵢ with rᵢ = v̄ᵢ + exp(vᵢ - vᵢ₊₁) rᵢ₊₁: no exponent is above 0."""
    if not x.dim() or not x.numel():
        return g
    logs, above = v.movedim(dim, 0), g.movedim(dim, 0)
    sums = [above[-1]]
    for k in range(len(logs) - 1, 0, -1):
        sums.append(above[k - 1] + torch.exp(logs[k - 1] - logs[k]) * sums[-1])
    return (torch.exp(x.movedim(dim, 0) - logs) * torch.stack(sums[::-1])).movedim(0, dim)


def logs_tangent(d: Tensor, x: Tensor, v: Tensor, dim: int) -> Tensor:
    """Return v̇ᵢ = exp(vᵢ₋₁ - vᵢ) v̇ᵢ₋₁ + exp(xᵢ - vᵢ) ẋᵢ."""
    if not x.dim() or not x.numel():
        return d
    logs = v.movedim(dim, 0)
    own = torch.exp(x.movedim(dim, 0) - logs) * d.movedim(dim, 0)
    found = [own[0]]
    for k in range(1, len(logs)):
        found.append(torch.exp(logs[k - 1] - logs[k]) * found[-1] + own[k])
    return torch.stack(found).movedim(0, dim)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "products_adjoint": products_adjoint,
    "products_tangent": products_tangent,
    "logs_adjoint": logs_adjoint,
    "logs_tangent": logs_tangent,
}
