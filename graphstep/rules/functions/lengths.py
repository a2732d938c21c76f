"""The functions of the rules for norms of vectors, and slices made as long as a norm allows."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.common import axes, spread, total

Dim = int | Sequence[int] | None


def norm_adjoint(
    g: Tensor, x: Tensor, v: Tensor, p: float | None, dim: Dim, keepdim: bool | None
) -> Tensor | None:
    """Return v̄·sign(x)·(|x|/‖x‖ₚ)^(p-1), 0 where the norm is 0, and for p = 0 no gradient.

    p = 1 has v̄·sign(x), p = 2 has v̄·x/‖x‖, and p = ±inf shares v̄·sign(x) evenly among the
    elements that reach it.
    """
    p = 2.0 if p is None else float(p)
    g, norm = spread(g, x, dim, keepdim), spread(v, x, dim, keepdim)
    if p == 0:
        return None
    if p == 1:
        return g * x.sgn()
    if math.isinf(p):
        reached = (x.abs() == norm) | (x.isnan() & norm.isnan())
        return x.sgn() * (g / total(reached.to(norm.dtype), dim) * reached)
    if p == 2:
        return g * _over(x, norm)
    if p < 1:
        power = torch.where(x == 0, 0.0, x.sgn() * x.abs() ** (p - 1))
        return power * (g * norm ** (1 - p))
    power = x.sgn() * x.abs() ** (p - 1) if p < 2 else x * x.abs() ** (p - 2)
    return power * _over(g, norm ** (p - 1))


def _over(x: Tensor, norm: Tensor) -> Tensor:
    return torch.where(norm == 0, 0.0, x / norm)


def norm_tangent(
    d: Tensor, x: Tensor, v: Tensor, p: float | None, dim: Dim, keepdim: bool | None
) -> Tensor:
    """Return the tangent of a norm: Σ d·sign(x)·(|x|/‖x‖ₚ)^(p-1) over each slice."""
    slope = norm_adjoint(torch.ones_like(v), x, v, p, dim, keepdim)
    if slope is None:
        return torch.zeros_like(v)
    along = (d * slope.conj()).real if x.is_complex() else d * slope
    return along.sum(dim=axes(dim, x.dim()), keepdim=bool(keepdim)) if x.dim() else along


def renorm_adjoint(g: Tensor, x: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Return c(v̄ - ⟨v̄, x⟩·n'/n) with c = maxnorm/n where a slice's norm n is above that, else v̄.

    n' is ∂n/∂x, and torch adds 1e-7 to the n that it divides by.
    """
    norm, dims = _slice_norms(x, p, dim)
    inner_part = (torch.real(x.conj() * g)).sum(dims, keepdim=True)
    tilt = norm_adjoint(inner_part, x, norm, p, dims, True)
    tilt = torch.zeros_like(x) if tilt is None else tilt
    return torch.where(norm > maxnorm, maxnorm / (norm + 1e-7) * (g - tilt / (norm + 1e-7)), g)


def renorm_tangent(d: Tensor, x: Tensor, p: float, dim: int, maxnorm: float) -> Tensor:
    """Return c(ẋ - x·ṅ/n) where a slice's norm n is above `maxnorm`, else ẋ."""
    norm, dims = _slice_norms(x, p, dim)
    tilt = x * norm_tangent(d, x, norm, p, dims, True)
    return torch.where(norm > maxnorm, maxnorm / (norm + 1e-7) * (d - tilt / (norm + 1e-7)), d)


def _slice_norms(x: Tensor, p: float, dim: int) -> tuple[Tensor, list[int]]:
    """Return the norm of each slice across `dim`, and the axes of a slice."""
    dims = [axis for axis in range(x.dim()) if axis != dim % x.dim()]
    return torch.linalg.vector_norm(x, p, dims, keepdim=True), dims


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "norm_adjoint": norm_adjoint,
    "norm_tangent": norm_tangent,
    "renorm_adjoint": renorm_adjoint,
    "renorm_tangent": renorm_tangent,
}
