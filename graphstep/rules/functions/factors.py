"""The functions of the rules for factors of matrices; ᵀ conjugates too where they are complex.

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
    turned = v.mH @ gv
    return v @ (torch.diag_embed(g) + _reciprocal_gaps(values) * (turned - turned.mH) / 2) @ v.mH


def eigen_tangent(d: Tensor, values: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the diagonal of Vᵀ ẋ V, and V(F·(Vᵀ ẋ V)) with Fᵢⱼ = 1/(λⱼ - λᵢ)."""
    inside = v.mH @ d @ v
    return torch.real(inside.diagonal(0, -2, -1)), v @ (_reciprocal_gaps(values) * inside)


def eig_adjoint(g: Tensor, gv: Tensor, values: Tensor, v: Tensor) -> Tensor:
    """Return V⁻ᵀ(diag(λ̄) + conj(F)·(VᵀV̄ - VᵀV·Re(diag(VᵀV̄))))Vᵀ with Fᵢⱼ = 1/(λⱼ - λᵢ).

    The columns of V have length 1 (Boeddeker and others 2019, "On the computation of
    complex-valued gradients with application to statistically optimum beamforming").
    """
    turned = v.mH @ gv
    across = turned - v.mH @ v * torch.real(turned.diagonal(0, -2, -1)).unsqueeze(-2)
    middle = torch.diag_embed(g) + _reciprocal_gaps(values).conj() * across
    found: Tensor = torch.linalg.solve(v.mH, middle @ v.mH)
    return found


def eig_tangent(d: Tensor, values: Tensor, v: Tensor) -> tuple[Tensor, Tensor]:
    """Return the diagonal of P = V⁻¹ ẋ V, and V(F·P) less what would change its columns' length."""
    inside = torch.linalg.solve(v, d.to(v.dtype) @ v)
    turned = v @ (_reciprocal_gaps(values) * inside)
    longer = torch.real((v.conj() * turned).sum(-2, keepdim=True))
    return inside.diagonal(0, -2, -1), turned - v * longer


def svd_adjoint(gs: Sequence[Tensor], u: Tensor, s: Tensor, vh: Tensor) -> Tensor:
    """Return U((F·(UᵀŪ - ŪᵀU))S + S(F·(VᵀV̄ - V̄ᵀV)) + diag(s̄))Vᵀ and what leaves the spans.

    That is (I - UUᵀ)Ū S⁻¹ Vᵀ + U S⁻¹ V̄ᵀ(I - VVᵀ); Fᵢⱼ = 1/(sⱼ² - sᵢ²). Of full matrices only
    the first columns count. In complex ones a column of U turns with its phase: i·Im(UᵀŪ)ᵢᵢ/sᵢ.
    """
    count = s.shape[-1]
    gu, u = gs[0][..., :count], u[..., :count]
    gv, v = gs[2].mH[..., :count], vh.mH[..., :count]
    gaps = _reciprocal_gaps(s * s)
    left, right = u.mH @ gu, v.mH @ gv
    core = gaps * (left - left.mH) * s.unsqueeze(-2) + s.unsqueeze(-1) * gaps * (right - right.mH)
    core = core + torch.diag_embed(gs[1] + _phases(left, s))
    found = u @ core @ v.mH
    if u.shape[-2] > count:
        found = found + (gu - u @ left) / s.unsqueeze(-2) @ v.mH
    if v.shape[-2] > count:
        found = found + u / s.unsqueeze(-2) @ (gv - v @ right).mH
    return found


def svd_tangent(d: Tensor, u: Tensor, s: Tensor, vh: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the tangents of U, s and Vᵀ; further columns of full matrices turn with the first.

    With P = Uᵀ ẋ V: U̇ = U(F·(P S + S Pᵀ)) + (I - UUᵀ)ẋ V S⁻¹, ṡ the diagonal of P. A phase of
    that, in complex matrices, turns each column of U and of V by half.
    """
    count = s.shape[-1]
    first, v = u[..., :count], vh.mH[..., :count]
    inside, gaps = first.mH @ d @ v, _reciprocal_gaps(s * s)
    by_row, by_column = s.unsqueeze(-1), s.unsqueeze(-2)
    phase = torch.diag_embed(_phases(inside, 2 * s))
    turned = first @ (gaps * (inside * by_column + by_row * inside.mH) + phase)
    turned = turned + (d @ v - first @ inside) / by_column
    other = v @ (gaps * (by_row * inside + inside.mH * by_column) - phase)
    other = other + (d.mH @ first - v @ inside.mH) / by_column
    return (
        _completed(turned, u, count),
        torch.real(inside.diagonal(0, -2, -1)),
        _completed(other, vh.mH, count).mH,
    )


def _phases(x: Tensor, s: float | Tensor = 1) -> Tensor:
    """Return i times the imaginary part of the diagonal over `s`, 0 where x is real."""
    diagonal = x.diagonal(0, -2, -1)
    return diagonal.imag * 1j / s if x.is_complex() else torch.zeros_like(diagonal)


def _completed(turned: Tensor, u: Tensor, count: int) -> Tensor:
    """Let the columns after the first `count` turn so that all stay orthogonal."""
    first, rest = u[..., :count], u[..., count:]
    return torch.cat([turned, -first @ (turned.mH @ rest)], -1)


def qr_adjoint(gq: Tensor, gr: Tensor, q: Tensor, r: Tensor) -> Tensor:
    """Return (Q̄ + Q·sym(R R̄ᵀ - Q̄ᵀ Q))R⁻ᵀ; sym mirrors the lower triangle, diagonal and all.

    Of a wide R = [U W] it is so for U, after Q̄ has got Q W W̄ᵀ, and Q W̄ for the other columns.
    """
    count = r.shape[-2]
    u, gu, beyond = r[..., :count], gr[..., :count], gr[..., count:]
    gq = gq + q @ r[..., count:] @ beyond.mH
    middle = u @ gu.mH - gq.mH @ q
    mirrored = middle.tril() + middle.tril(-1).mH - torch.diag_embed(_phases(middle))
    found = triangular(u.mH, gq + q @ mirrored, False, False, False)
    return torch.cat([found, q @ beyond], -1)


def qr_tangent(d: Tensor, q: Tensor, r: Tensor) -> tuple[Tensor, Tensor]:
    """Return Q̇ = (ẋ - Q U̇)U⁻¹ and Ṙ = [U̇ Qᵀ(ẋ₂ - Q̇ W)] with U̇ = (C - skew(C))U, C = Qᵀ ẋ₁ U⁻¹."""
    count = r.shape[-2]
    u, first = r[..., :count], d[..., :count]
    inside = triangular(u, q.mH @ first, True, False, False)
    skew = inside.tril(-1) - inside.tril(-1).mH + torch.diag_embed(_phases(inside))
    change = (inside - skew) @ u
    turned = triangular(u, first - q @ change, True, False, False)
    beyond = q.mH @ (d[..., count:] - turned @ r[..., count:])
    return turned, torch.cat([change, beyond], -1)


def rest_change(g: Tensor, x: Tensor, b: Tensor, v: Tensor) -> Tensor:
    """Return what the adjoint of the squared residuals adds to that of x v: 2(x v - b)ḡ."""
    rest = x @ v - b
    return 2 * rest * g.unsqueeze(-2) if g.numel() else torch.zeros_like(b)


def pinv_adjoint(g: Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return -vᵀ v̄ vᵀ + (I - x v)v̄ᵀ v vᵀ + vᵀ v v̄ᵀ(I - v x) (Golub and Pereyra 1973)."""
    rest = (g.mH - x @ v @ g.mH) @ v @ v.mH + v.mH @ v @ (g.mH - g.mH @ v @ x)
    return rest - v.mH @ g @ v.mH


def pinv_tangent(d: Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return -v ẋ v + v vᵀ ẋᵀ(I - x v) + (I - v x)ẋᵀ vᵀ v."""
    rest = v @ v.mH @ (d.mH - d.mH @ x @ v) + (d.mH - v @ x @ d.mH) @ v.mH @ v
    return rest - v @ d @ v


def least_squares_matrix(gs: Sequence[Tensor], x: Tensor, b: Tensor, v: Tensor) -> Tensor:
    """Return the adjoint of x through x⁺ b and through the squared residuals."""
    through = pinv_adjoint(gs[0] @ b.mH, x, torch.linalg.pinv(x))
    return through + rest_change(gs[1], x, b, v) @ v.mH


def least_squares_tangent(
    dx: Tensor, db: Tensor, x: Tensor, b: Tensor, v: Tensor, rest: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the tangents of x⁺ b and of the squared residuals."""
    inverse: Tensor = torch.linalg.pinv(x)
    moved = pinv_tangent(dx, x, inverse) @ b + inverse @ db
    if not rest.numel():
        return moved, torch.zeros_like(rest)
    change = (x @ v - b).conj() * (dx @ v + x @ moved - db)
    return moved, 2 * torch.real(change).sum(-2)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eigen_adjoint": eigen_adjoint,
    "eigen_tangent": eigen_tangent,
    "eig_adjoint": eig_adjoint,
    "eig_tangent": eig_tangent,
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
