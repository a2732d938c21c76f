"""Sample calls for the rows of matrices, running sums and reductions with two results."""

from __future__ import annotations

import torch
from torch import Tensor, linalg

from tests.rules.samples import M23, add, add_each

D = torch.float64
EYE = 4 * torch.eye(3, dtype=D)
SQUARE = ((3, 3), (2, 3, 3))


def symmetric(x: Tensor) -> Tensor:
    """Return a matrix with positive eigenvalues."""
    return x + x.mH + 3 * EYE


for sizes in SQUARE:
    add("linalg_inv_ex", lambda x: linalg.inv(x + EYE), sizes)
    add("_linalg_det", linalg.det, sizes)
    add("_linalg_slogdet", lambda x: linalg.slogdet(x + EYE), sizes)
    add("_linalg_solve_ex", lambda x, y: linalg.solve(x + EYE, y), sizes, (*sizes[:-1], 2))
    add("_linalg_solve_ex", lambda x, y: linalg.solve(x + EYE, y, left=False), sizes,
        (*sizes[:-2], 2, 3), of=f"right {len(sizes)}")  # fmt: skip
    add("linalg_cholesky_ex", lambda x: linalg.cholesky(symmetric(x)), sizes)
    add("linalg_cholesky_ex", lambda x: linalg.cholesky(symmetric(x), upper=True), sizes,
        of=f"upper {len(sizes)}")  # fmt: skip
    add("linalg_matrix_exp", linalg.matrix_exp, sizes)
    for upper in (True, False):
        for unit in (True, False):
            add("linalg_solve_triangular", lambda x, y, u=upper, one=unit: linalg.solve_triangular(
                (x + EYE).triu() if u else (x + EYE).tril(), y, upper=u, unitriangular=one),
                sizes, (*sizes[:-1], 2), of=f"{upper} {unit} {len(sizes)}")  # fmt: skip
add("linalg_solve_triangular", lambda x, y: linalg.solve_triangular(
    x.triu() + EYE, y, upper=True, left=False), (3, 3), (2, 3), of="right")  # fmt: skip
add("_linalg_solve_ex", lambda x, y: linalg.solve(x + EYE, y), (3, 3), (3,), of="vector")
add("linalg_cross", linalg.cross, M23, M23)
add("linalg_cross", lambda x, y: linalg.cross(x, y, dim=0), (3, 2), (3, 2), of="columns")

ZERO = torch.tensor([[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]], dtype=D)
NAN = torch.tensor([[0.0, torch.nan, 0.0], [1.0, 2.0, 3.0]], dtype=D)
for row in ("cumprod", "logcumsumexp"):
    f = getattr(torch, row)
    add_each(row, (M23,), rows=lambda x, f=f: f(x, 0), columns=lambda x, f=f: f(x, -1),
        one=lambda x, f=f: f(x[0, 0], 0))  # fmt: skip
add("cumprod", lambda x: torch.cumprod(x * ZERO, 1), M23, of="zeros")
for row in ("cummax", "cummin"):
    f = getattr(torch, row)
    add_each(row, (M23,), rows=lambda x, f=f: f(x, 0)[0], columns=lambda x, f=f: f(x, -1)[0])
add_each("nansum", (M23,), all=lambda x: torch.nansum(x + NAN),
    rows=lambda x: torch.nansum(x + NAN, 1),
    kept=lambda x: torch.nansum(x, 0, keepdim=True))  # fmt: skip
for row in ("var_mean", "std_mean"):
    f = getattr(torch, row)
    add_each(row, (M23,), all=f, rows=lambda x, f=f: f(x, 1),
        kept=lambda x, f=f: f(x, (0, 1), correction=0, keepdim=True),
        first=lambda x, f=f: f(x, 0)[0], mean=lambda x, f=f: f(x, 0)[1])  # fmt: skip
add("std_mean", lambda x: torch.std_mean(x * 0, 1), M23, of="all equal")
add("_linalg_det", lambda x: linalg.det(x * 0), (3, 3), of="zero")
for p in (1, 2, 3.5):
    add("dist", lambda x, y, p=p: torch.dist(x, y, p), M23, M23, of=f"{p}")
add_each("nanmedian", (M23,), all=torch.nanmedian, nan=lambda x: torch.nanmedian(x + NAN))
add_each("nanmedian.dim", (M23,), rows=lambda x: torch.nanmedian(x + NAN, 1)[0],
    kept=lambda x: torch.nanmedian(x, 0, keepdim=True)[0])  # fmt: skip
