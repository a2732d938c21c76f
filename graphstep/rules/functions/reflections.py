"""The functions of the rules for products of Householder's reflections H = I - τ v vᵀ.

The columns of a matrix hold the v below a diagonal of ones; what stands on and above its diagonal
does not count. ᵀ conjugates too where they are complex.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def reflected(x: Tensor, tau: Tensor, c: Tensor, left: bool, transpose: bool) -> Tensor:
    """Return Q c with Q = H₁ H₂ …, or c Q where not `left`, of Qᵀ where `transpose`."""
    return torch.ormqr(x, tau, c, left, transpose)


def first_columns(x: Tensor) -> Tensor:
    """Return as many columns of the identity as `x` has, which H₁ H₂ … reflects."""
    rows, columns = x.shape[-2:]
    eye = torch.eye(rows, columns, dtype=x.dtype, device=x.device)
    return eye.expand(x.shape)


def reflections_adjoint(
    g: Tensor, x: Tensor, tau: Tensor, c: Tensor, left: bool, transpose: bool
) -> Tensor:
    """Return -conj(τ)·H̄ v - τ·H̄ᵀ v for each v, with H̄ the adjoint of its reflection."""
    return _adjoints(g, x, tau, c, left, transpose)[0]


def factors_adjoint(
    g: Tensor, x: Tensor, tau: Tensor, c: Tensor, left: bool, transpose: bool
) -> Tensor:
    """Return -vᵀ H̄ v for each τ, with H̄ the adjoint of its reflection."""
    return _adjoints(g, x, tau, c, left, transpose)[1]


def _adjoints(
    g: Tensor, x: Tensor, tau: Tensor, c: Tensor, left: bool, transpose: bool
) -> tuple[Tensor, Tensor]:
    """Return the adjoints of the columns and of τ, reflection by reflection from the outermost."""
    if not left:
        g, c, transpose = g.mH, c.mH, not transpose
    order, factors = _order(tau, transpose)
    inner = [c]
    for k in reversed(order[1:]):
        inner.append(_once(_column(x, k), factors[..., k], inner[-1]))
    columns, scales = torch.zeros_like(x), torch.zeros_like(tau)
    for k, behind in zip(order, reversed(inner), strict=bool(order)):
        v, factor = _column(x, k), factors[..., k, None]
        above, below = g.mH @ v.unsqueeze(-1), behind.mH @ v.unsqueeze(-1)
        change = factor.conj() * (g @ below).squeeze(-1) + factor * (behind @ above).squeeze(-1)
        columns[..., k] = -change
        scales[..., k] = -(above.mH @ below).squeeze(-1).squeeze(-1)
        g = _once(v, factor.squeeze(-1).conj(), g)
    return columns.tril(-1), scales.conj() if transpose else scales


def reflected_tangent(
    dx: Tensor,
    dtau: Tensor,
    dc: Tensor,
    x: Tensor,
    tau: Tensor,
    c: Tensor,
    left: bool,
    transpose: bool,
) -> Tensor:
    """Return the tangent of Q c, reflection by reflection from the innermost: H ċ + Ḣ c."""
    if not left:
        return reflected_tangent(dx, dtau, dc.mH, x, tau, c.mH, True, not transpose).mH
    order, factors = _order(tau, transpose)
    changes, dx = _order(dtau, transpose)[1], dx.tril(-1)
    for k in reversed(order):
        v, dv, factor = _column(x, k), dx[..., k], factors[..., k]
        along, turned = _rank_one(v, v, c), _rank_one(dv, v, c) + _rank_one(v, dv, c)
        moved = changes[..., k, None, None] * along + factor[..., None, None] * turned
        c, dc = _once(v, factor, c), _once(v, factor, dc) - moved
    return dc


def _order(tau: Tensor, transpose: bool) -> tuple[list[int], Tensor]:
    """Return the reflections from the outermost to the innermost, and their factors."""
    numbers = list(range(tau.shape[-1]))
    return (numbers[::-1], tau.conj()) if transpose else (numbers, tau)


def _column(x: Tensor, k: int) -> Tensor:
    v = x[..., k].clone()
    v[..., :k] = 0
    v[..., k] = 1
    return v


def _once(v: Tensor, factor: Tensor, c: Tensor) -> Tensor:
    """Return c - τ v vᵀ c."""
    return c - factor[..., None, None] * _rank_one(v, v, c)


def _rank_one(u: Tensor, v: Tensor, c: Tensor) -> Tensor:
    return u.unsqueeze(-1) @ (v.unsqueeze(-1).mH @ c)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "reflected": reflected,
    "first_columns": first_columns,
    "reflections_adjoint": reflections_adjoint,
    "factors_adjoint": factors_adjoint,
    "reflected_tangent": reflected_tangent,
}
