"""The functions of the rules for factors of matrices.

Giles 2008, "Collected matrix derivative results"; for QR of wide matrices Walter and Lehmann 2012,
"Algorithmic differentiation of linear algebra functions".
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.matrices import triangular


def _reciprocal_gaps(x: Tensor) -> Tensor:
    """Return Fᵢⱼ = 1/(xⱼ - xᵢ), and 0 on the diagonal."""
    gaps = x.unsqueeze(-2) - x.unsqueeze(-1)
    gaps.diagonal(0, -2, -1).fill_(torch.inf)
    return 1 / gaps


def eigen_adjoint(g: Tensor, gv: Tensor, values: Tensor, v: Tensor) -> Tensor:
    """Return V(diag(λ̄) + F·(VᵀV̄ - V̄ᵀV)/2)Vᵀ with Fᵢⱼ = 1/(λⱼ - λᵢ)."""
    turned = v.mT @ gv
    return v @ (torch.diag_embed(g) + _reciprocal_gaps(values) * (turned - turned.mT) / 2) @ v.mT


def eigen_tangent(d: Tensor, values: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the diagonal of Vᵀ ẋ V, and V(F·(Vᵀ ẋ V)) with Fᵢⱼ = 1/(λⱼ - λᵢ)."""
    inside = v.mT @ d @ v
    return inside.diagonal(0, -2, -1), v @ (_reciprocal_gaps(values) * inside)


def svd_adjoint(gs: Sequence[Tensor], u: Tensor, s: Tensor, vh: Tensor) -> Tensor:
    """Return U((F·(UᵀŪ - ŪᵀU))S + S(F·(VᵀV̄ - V̄ᵀV)) + diag(s̄))Vᵀ and what leaves the spans.

    That is (I - UUᵀ)Ū S⁻¹ Vᵀ + U S⁻¹ V̄ᵀ(I - VVᵀ); Fᵢⱼ = 1/(sⱼ² - sᵢ²). Of full matrices only
    the first columns count.
    """
    count = s.shape[-1]
    gu, u = gs[0][..., :count], u[..., :count]
    gv, v = gs[2].mT[..., :count], vh.mT[..., :count]
    gaps = _reciprocal_gaps(s * s)
    left, right = u.mT @ gu, v.mT @ gv
    core = gaps * (left - left.mT) * s.unsqueeze(-2) + s.unsqueeze(-1) * gaps * (right - right.mT)
    found = u @ (core + torch.diag_embed(gs[1])) @ v.mT
    if u.shape[-2] > count:
        found = found + (gu - u @ left) / s.unsqueeze(-2) @ v.mT
    if v.shape[-2] > count:
        found = found + u / s.unsqueeze(-2) @ (gv - v @ right).mT
    return found


def svd_tangent(d: Tensor, u: Tensor, s: Tensor, vh: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the tangents of U, s and Vᵀ; further columns of full matrices turn with the first.

    With P = Uᵀ ẋ V: U̇ = U(F·(P S + S Pᵀ)) + (I - UUᵀ)ẋ V S⁻¹, ṡ the diagonal of P.
    """
    count = s.shape[-1]
    first, v = u[..., :count], vh.mT[..., :count]
    inside, gaps = first.mT @ d @ v, _reciprocal_gaps(s * s)
    by_row, by_column = s.unsqueeze(-1), s.unsqueeze(-2)
    turned = first @ (gaps * (inside * by_column + by_row * inside.mT))
    turned = turned + (d @ v - first @ inside) / by_column
    other = v @ (gaps * (by_row * inside + inside.mT * by_column))
    other = other + (d.mT @ first - v @ inside.mT) / by_column
    return (
        _completed(turned, u, count),
        inside.diagonal(0, -2, -1),
        _completed(other, vh.mT, count).mT,
    )


def _completed(turned: Tensor, u: Tensor, count: int) -> Tensor:
    """Let the columns after the first `count` turn so that all stay orthogonal."""
    first, rest = u[..., :count], u[..., count:]
    return torch.cat([turned, -first @ (turned.mT @ rest)], -1)


def qr_adjoint(gq: Tensor, gr: Tensor, q: Tensor, r: Tensor) -> Tensor:
    """Return (Q̄ + Q·sym(R R̄ᵀ - Q̄ᵀ Q))R⁻ᵀ; sym mirrors the lower triangle, diagonal and all.

    Of a wide R = [U W] it is so for U, after Q̄ has got Q W W̄ᵀ, and Q W̄ for the other columns.
    """
    count = r.shape[-2]
    u, gu, beyond = r[..., :count], gr[..., :count], gr[..., count:]
    gq = gq + q @ r[..., count:] @ beyond.mT
    middle = u @ gu.mT - gq.mT @ q
    mirrored = middle.tril() + middle.tril(-1).mT
    found = triangular(u.mT, gq + q @ mirrored, False, False, False)
    return torch.cat([found, q @ beyond], -1)


def qr_tangent(d: Tensor, q: Tensor, r: Tensor) -> tuple[Tensor, Tensor]:
    """Return Q̇ = (ẋ - Q U̇)U⁻¹ and Ṙ = [U̇ Qᵀ(ẋ₂ - Q̇ W)] with U̇ = (C - skew(C))U, C = Qᵀ ẋ₁ U⁻¹."""
    count = r.shape[-2]
    u, first = r[..., :count], d[..., :count]
    inside = triangular(u, q.mT @ first, True, False, False)
    change = (inside - inside.tril(-1) + inside.tril(-1).mT) @ u
    turned = triangular(u, first - q @ change, True, False, False)
    beyond = q.mT @ (d[..., count:] - turned @ r[..., count:])
    return turned, torch.cat([change, beyond], -1)


def rest_change(g: Tensor, x: Tensor, b: Tensor, v: Tensor) -> Tensor:
    """Return what the adjoint of the squared residuals adds to that of x v: 2(x v - b)ḡ."""
    rest = x @ v - b
    return 2 * rest * g.unsqueeze(-2) if g.numel() else torch.zeros_like(b)


def pinv_adjoint(g: Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return -vᵀ v̄ vᵀ + (I - x v)v̄ᵀ v vᵀ + vᵀ v v̄ᵀ(I - v x) (Golub and Pereyra 1973)."""
    rest = (g.mT - x @ v @ g.mT) @ v @ v.mT + v.mT @ v @ (g.mT - g.mT @ v @ x)
    return rest - v.mT @ g @ v.mT


def pinv_tangent(d: Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return -v ẋ v + v vᵀ ẋᵀ(I - x v) + (I - v x)ẋᵀ vᵀ v."""
    rest = v @ v.mT @ (d.mT - d.mT @ x @ v) + (d.mT - v @ x @ d.mT) @ v.mT @ v
    return rest - v @ d @ v


def least_squares_matrix(gs: Sequence[Tensor], x: Tensor, b: Tensor, v: Tensor) -> Tensor:
    """Return the adjoint of x through x⁺ b and through the squared residuals."""
    through = pinv_adjoint(gs[0] @ b.mT, x, torch.linalg.pinv(x))
    return through + rest_change(gs[1], x, b, v) @ v.mT


def least_squares_tangent(
    dx: Tensor, db: Tensor, x: Tensor, b: Tensor, v: Tensor, rest: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the tangents of x⁺ b and of the squared residuals."""
    inverse: Tensor = torch.linalg.pinv(x)
    moved = pinv_tangent(dx, x, inverse) @ b + inverse @ db
    if not rest.numel():
        return moved, torch.zeros_like(rest)
    return moved, (2 * (x @ v - b) * (dx @ v + x @ moved - db)).sum(-2)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eigen_adjoint": eigen_adjoint,
    "eigen_tangent": eigen_tangent,
    "svd_adjoint": svd_adjoint,
    "svd_tangent": svd_tangent,
    "qr_adjoint": qr_adjoint,
    "qr_tangent": qr_tangent,
    "rest_change": rest_change,
    "pinv_adjoint": pinv_adjoint,
    "pinv_tangent": pinv_tangent,
    "least_squares_matrix": least_squares_matrix,
    "least_squares_tangent": least_squares_tangent,
    "pinv": torch.linalg.pinv,
}
