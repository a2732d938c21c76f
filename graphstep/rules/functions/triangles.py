"""The functions of the rules for triangular factors, L U and L Lᵀ, and what they solve.

ᵀ conjugates too where they are complex.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.matrices import triangular


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
    change = -(above @ v.mH) if left else -(v.mH @ above)
    change = row_order(lu, pivots).mH @ (change.mH if adjoint else change)
    return packed_lu(change @ upper_factor(lu).mH, lower_factor(lu).mH @ change, lu)


def lu_applied(
    d: Tensor, v: Tensor, lu: Tensor, pivots: Tensor, left: bool, adjoint: bool
) -> Tensor:
    """Return Ȧ v with Ȧ = P(L̇ U + L U̇), or v Ȧ where not `left`, of Ȧᵀ where `adjoint`."""
    change = row_order(lu, pivots) @ (d.tril(-1) @ upper_factor(lu) + lower_factor(lu) @ d.triu())
    change = change.mH if adjoint else change
    return change @ v if left else v @ change


def factor_adjoint(g: Tensor, factor: Tensor, upper: bool) -> Tensor:
    """Return L̄ = (ḡ + ḡᵀ)L from the adjoint ḡ of L Lᵀ; Ū = U(ḡ + ḡᵀ) of UᵀU where `upper`."""
    both = g + g.mH
    return factor @ both if upper else both @ factor


def product_change(d: Tensor, factor: Tensor, upper: bool) -> Tensor:
    """Return what a change `d` of L does to L Lᵀ: d Lᵀ + L dᵀ; of U to UᵀU where `upper`."""
    half = d.mH @ factor if upper else d @ factor.mH
    return half + half.mH


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
    "turned": turned,
    "triangular_operand": triangular_operand,
}
