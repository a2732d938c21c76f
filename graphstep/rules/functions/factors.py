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


def lu_adjoint(gl: Tensor, gu: Tensor, low: Tensor, up: Tensor) -> Tensor:
    """Return L⁻ᵀ(tril₋₁(Lᵀ L̄) + triu(Ū Uᵀ))U⁻ᵀ, the adjoint of L U.

    Rows below a square L and columns beyond a square U are solved for first.
    """
    count = low.shape[-1]
    square_l, square_u = low[..., :count, :], up[..., :, :count]
    wide = triangular(square_l.mT, gu[..., :count, count:], True, True, True)
    tall = triangular(square_u.mT, gl[..., count:, :count], False, False, False)
    gl = gl[..., :count, :count].tril(-1) - (wide @ up[..., count:].mT)
    gu = gu[..., :count, :count].triu() - low[..., count:, :].mT @ tall
    middle = (square_l.mT @ gl).tril(-1) + (gu @ square_u.mT).triu()
    middle = triangular(square_l.mT, middle, True, True, True)
    corner = triangular(square_u.mT, middle, False, False, False)
    found = torch.cat([corner, wide], -1)
    return torch.cat([found, tall], -2) if tall.shape[-2] else found


def lu_tangent(d: Tensor, order: Tensor, low: Tensor, up: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return zeros for the order, L̇ = L tril₋₁(C) and U̇ = triu(C)U with C = L⁻¹ ẋ U⁻¹."""
    count = low.shape[-1]
    square_l, square_u = low[..., :count, :], up[..., :, :count]
    inside = triangular(square_l, d[..., :count, :count], False, True, True)
    inside = triangular(square_u, inside, True, False, False)
    dl, du = square_l @ inside.tril(-1), inside.triu() @ square_u
    wide = d[..., :count, count:] - dl @ up[..., count:]
    tall = d[..., count:, :count] - low[..., count:, :] @ du
    return (
        torch.zeros_like(order),
        torch.cat([dl, triangular(square_u, tall, True, False, False)], -2),
        torch.cat([du, triangular(square_l, wide, False, True, True)], -1),
    )


def row_order(lu: Tensor, pivots: Tensor) -> Tensor:
    """Return the permutation matrix P of A = P L U."""
    found: Tensor = torch.lu_unpack(lu, pivots, unpack_data=False)[0]
    return found


def lower_factor(lu: Tensor) -> Tensor:
    """Return L: the part below the diagonal, with ones on it."""
    count = min(lu.shape[-2:])
    return lu[..., :count].tril(-1) + torch.eye(lu.shape[-2], count, dtype=lu.dtype).to(lu.device)


def upper_factor(lu: Tensor) -> Tensor:
    """Return U: the diagonal and the part above it."""
    return lu[..., : min(lu.shape[-2:]), :].triu()


def lu_factor_tangent(d: Tensor, lu: Tensor, pivots: Tensor) -> Tensor:
    """Return L̇ and U̇ laid into one matrix."""
    order, low, up = row_order(lu, pivots), lower_factor(lu), upper_factor(lu)
    _, dl, du = lu_tangent(order.mT @ d, order, low, up)
    return packed_lu(dl, du, lu)


def packed_lu(gl: Tensor, gu: Tensor, x: Tensor) -> Tensor:
    """Lay what is below the diagonal of `gl` and the rest of `gu` into one matrix like `x`."""
    rows, columns = x.shape[-2:]
    low = torch.nn.functional.pad(gl.tril(-1), (0, columns - gl.shape[-1]))
    return low + torch.nn.functional.pad(gu.triu(), (0, 0, 0, rows - gu.shape[-2]))


def unpacked_lu(d: Tensor, order: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return zeros for the order, what is below the diagonal, and the rest."""
    return torch.zeros_like(order), d[..., : min(d.shape[-2:])].tril(-1), upper_factor(d)


def lu_solve(lu: Tensor, pivots: Tensor, b: Tensor, left: bool, adjoint: bool) -> Tensor:
    """Return A⁻¹ b with A = P L U, or b A⁻¹ where not `left`, of Aᵀ where `adjoint`."""
    found: Tensor = torch.linalg.lu_solve(lu, pivots, b, left=left, adjoint=adjoint)
    return found


def lu_solve_factors(
    g: Tensor, v: Tensor, lu: Tensor, pivots: Tensor, left: bool, adjoint: bool
) -> Tensor:
    """Return L̄ and Ū in one matrix: Ā = -B̄ vᵀ with B̄ = A⁻ᵀ v̄, then L̄ = PᵀĀ Uᵀ, Ū = Lᵀ PᵀĀ."""
    above = lu_solve(lu, pivots, g, left, not adjoint)
    change = -(above @ v.mT) if left else -(v.mT @ above)
    change = row_order(lu, pivots).mT @ (change.mT if adjoint else change)
    return packed_lu(change @ upper_factor(lu).mT, lower_factor(lu).mT @ change, lu)


def lu_applied(
    d: Tensor, v: Tensor, lu: Tensor, pivots: Tensor, left: bool, adjoint: bool
) -> Tensor:
    """Return Ȧ v with Ȧ = P(L̇ U + L U̇), or v Ȧ where not `left`, of Ȧᵀ where `adjoint`."""
    change = row_order(lu, pivots) @ (d.tril(-1) @ upper_factor(lu) + lower_factor(lu) @ d.triu())
    change = change.mT if adjoint else change
    return change @ v if left else v @ change


def factor_adjoint(g: Tensor, factor: Tensor, upper: bool) -> Tensor:
    """Return L̄ = (ḡ + ḡᵀ)L from the adjoint ḡ of L Lᵀ; Ū = U(ḡ + ḡᵀ) of UᵀU where `upper`."""
    both = g + g.mT
    return factor @ both if upper else both @ factor


def product_change(d: Tensor, factor: Tensor, upper: bool) -> Tensor:
    """Return what a change `d` of L does to L Lᵀ: d Lᵀ + L dᵀ; of U to UᵀU where `upper`."""
    half = d.mT @ factor if upper else d @ factor.mT
    return half + half.mT


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


def turned(x: Tensor, transpose: bool) -> Tensor:
    """Return xᵀ where `transpose`, else x."""
    return x.mT if transpose else x


def triangular_operand(
    g: Tensor, g1: Tensor, x: Tensor, v: Tensor, upper: bool, transpose: bool, unitriangular: bool
) -> Tensor:
    """Return the triangle of -Ȳ vᵀ with Ȳ = x⁻ᵀ v̄, or of its transpose, and g1 of x's copy."""
    above = triangular(turned(x, transpose).mT, g, upper == transpose, True, unitriangular)
    change = turned(-(above @ v.mT), transpose)
    return (change.triu(int(unitriangular)) if upper else change.tril(-int(unitriangular))) + g1


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "eigen_adjoint": eigen_adjoint,
    "eigen_tangent": eigen_tangent,
    "svd_adjoint": svd_adjoint,
    "svd_tangent": svd_tangent,
    "qr_adjoint": qr_adjoint,
    "qr_tangent": qr_tangent,
    "lu_adjoint": lu_adjoint,
    "lu_tangent": lu_tangent,
    "row_order": row_order,
    "lower_factor": lower_factor,
    "upper_factor": upper_factor,
    "lu_factor_tangent": lu_factor_tangent,
    "packed_lu": packed_lu,
    "unpacked_lu": unpacked_lu,
    "lu_solve": lu_solve,
    "lu_solve_factors": lu_solve_factors,
    "lu_applied": lu_applied,
    "factor_adjoint": factor_adjoint,
    "product_change": product_change,
    "cholesky_solve": torch.cholesky_solve,
    "rest_change": rest_change,
    "pinv_adjoint": pinv_adjoint,
    "pinv_tangent": pinv_tangent,
    "least_squares_matrix": least_squares_matrix,
    "least_squares_tangent": least_squares_tangent,
    "pinv": torch.linalg.pinv,
    "turned": turned,
    "triangular_operand": triangular_operand,
}
