"""The functions of the rules for inverses, solutions, determinants and factors of matrices."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def each_matrix(g: Tensor) -> Tensor:
    """Give one number for each matrix two axes of size 1."""
    return g[..., None, None]


def inner(x: Tensor, y: Tensor) -> Tensor:
    """Return Σᵢⱼ xᵢⱼ yᵢⱼ of each pair of matrices."""
    return (x * y).sum((-2, -1))


def cofactors(x: Tensor) -> Tensor:
    """Return det(x)·x⁻ᵀ = det(U Vᵀ)·U diag(Π_{j≠i} sⱼ) Vᵀ, also where x has no inverse."""
    u, s, vh = torch.linalg.svd(x)
    ones = torch.ones_like(s[..., :1])
    before = torch.cat([ones, s[..., :-1]], -1).cumprod(-1)
    after = torch.cat([s[..., 1:], ones], -1).flip(-1).cumprod(-1).flip(-1)
    turned: Tensor = torch.linalg.det(u @ vh)
    inner_part = (u * (before * after).unsqueeze(-2)) @ vh
    found: Tensor = each_matrix(turned) * inner_part.conj()
    return found


def both(first: Any, second: Any) -> tuple[Any, Any]:
    """Return the tangents of two results."""
    return first, second


def _is_vector(x: Tensor, v: Tensor) -> bool:
    return v.dim() == 1 or (x.dim() - 1 == v.dim() and x.shape[:-1] == v.shape)


def solve(x: Tensor, y: Tensor, left: bool) -> Tensor:
    """Return x⁻¹ y, or y x⁻¹ where not `left`."""
    found: Tensor = torch.linalg.solve(x, y, left=left)
    return found


def applied(x: Tensor, v: Tensor, left: bool) -> Tensor:
    """Return x v, or v x where not `left`; v may hold vectors."""
    if _is_vector(x, v):
        return (x @ v.unsqueeze(-1)).squeeze(-1)
    return x @ v if left else v @ x


def solve_matrix(g: Tensor, x: Tensor, v: Tensor, left: bool) -> Tensor:
    """Return -Ȳ vᵀ with Ȳ = x⁻ᵀ v̄; where not `left`, -vᵀ Ȳ."""
    above = solve(x.mT, g, left)
    if _is_vector(x, v):
        return -above.unsqueeze(-1) @ v.unsqueeze(-2)
    return -(above @ v.mT) if left else -(v.mT @ above)


def triangular(x: Tensor, y: Tensor, upper: bool, left: bool, unitriangular: bool) -> Tensor:
    """Return x⁻¹ y, or y x⁻¹, of a triangular x."""
    run = torch.linalg.solve_triangular
    found: Tensor = run(x, y, upper=upper, left=left, unitriangular=unitriangular)
    return found


def not_(condition: bool) -> bool:
    """Return the opposite: the transpose of an upper triangle is a lower one."""
    return not condition


def triangle(x: Tensor, upper: bool, unitriangular: bool) -> Tensor:
    """Keep the triangle of `x`, its diagonal too unless that is fixed at 1."""
    return x.triu(int(unitriangular)) if upper else x.tril(-int(unitriangular))


def triangular_matrix(
    g: Tensor, x: Tensor, v: Tensor, upper: bool, left: bool, unitriangular: bool
) -> Tensor:
    """Return -Ȳ vᵀ with Ȳ = x⁻ᵀ v̄ of a triangular x; where not `left`, -vᵀ Ȳ."""
    above = triangular(x.mT, g, not upper, left, unitriangular)
    return -(above @ v.mT) if left else -(v.mT @ above)


def _half_diagonal(x: Tensor) -> Tensor:
    return x.tril() - torch.diag_embed(x.diagonal(0, -2, -1)) / 2


def cholesky_adjoint(g: Tensor, v: Tensor, upper: bool) -> Tensor:
    """Return L⁻ᵀ Φ(Lᵀ L̄) L⁻¹; Φ mirrors the lower triangle and halves all.

    ᵀ conjugates too where they are complex (Murray 2016, "Differentiation of the Cholesky
    decomposition").
    """
    low, above = (v.mH, g.mH) if upper else (v, g)
    middle = (low.mH @ above).tril()
    middle = (middle + middle.tril(-1).mH) / 2
    middle = triangular(low.mH, middle, True, True, False)
    return triangular(low, middle, False, False, False)


def cholesky_tangent(d: Tensor, v: Tensor, upper: bool) -> Tensor:
    """Return L Φ(L⁻¹ ẋ L⁻ᵀ); Φ keeps the lower triangle and half its diagonal."""
    low = v.mH if upper else v
    inside = triangular(low, (d + d.mH) / 2, False, True, False)
    inside = triangular(low.mH, inside, True, False, False)
    found = low @ _half_diagonal(inside)
    return found.mH if upper else found


def exp_change(x: Tensor, d: Tensor) -> Tensor:
    """Return what a change `d` of x does to exp(x): a block of exp([[x, d], [0, x]])."""
    size = x.shape[-1]
    upper = torch.cat([x, d], -1)
    lower = torch.cat([torch.zeros_like(x), x], -1)
    found: Tensor = torch.linalg.matrix_exp(torch.cat([upper, lower], -2))
    return found[..., :size, size:]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "each_matrix": each_matrix,
    "inner": inner,
    "zeros_like": torch.zeros_like,
    "cofactors": cofactors,
    "both": both,
    "inverse": torch.linalg.inv,
    "solve": solve,
    "applied": applied,
    "solve_matrix": solve_matrix,
    "triangular": triangular,
    "not_": not_,
    "triangle": triangle,
    "triangular_matrix": triangular_matrix,
    "cholesky_adjoint": cholesky_adjoint,
    "cholesky_tangent": cholesky_tangent,
    "exp_change": exp_change,
    "cross": lambda x, y, dim: torch.linalg.cross(x, y, dim=dim),
}
