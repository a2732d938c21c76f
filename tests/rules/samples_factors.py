"""Sample calls for the rows of factors of matrices."""

from __future__ import annotations

import torch
from torch import Tensor, linalg

from tests.rules.samples import Call, add

D = torch.float64
SQUARE, TALL, WIDE = (3, 3), (4, 3), (2, 3)
SHAPES: tuple[tuple[int, ...], ...] = (SQUARE, TALL, WIDE, (2, 3, 3), (2, 4, 2))


def symmetric(x: Tensor) -> Tensor:
    """Return a symmetric matrix whose eigenvalues lie apart."""
    return x + x.mH + torch.diag_embed(torch.arange(0.0, 3 * x.shape[-1], 3, dtype=D))


def steep(x: Tensor) -> Tensor:
    """Return a matrix whose factors are far from degenerate."""
    rows, columns = x.shape[-2:]
    return x + 3 * torch.eye(rows, columns, dtype=D) * torch.arange(1.0, columns + 1, dtype=D)


def triangle(x: Tensor) -> Tensor:
    """Return a lower triangle with a diagonal far from 0."""
    return x.tril(-1) + torch.diag_embed(4 + x.diagonal(0, -2, -1).real)


def weighed(u: Tensor, v: Tensor | None = None) -> Tensor:
    """Return U W Uᵀ or U W Vᵀ with other weights W on each column: no phase of theirs counts."""
    return u * torch.arange(1.0, u.shape[-1] + 1, dtype=D) @ (u if v is None else v).mH


def results(function: Call, *which: int) -> Call:
    """Return a call that gives some of a function's results."""

    def call(*given: Tensor) -> tuple[Tensor, ...]:
        found = function(*given)
        return tuple(found[k] for k in which)

    return call


def factors(x: Tensor) -> tuple[Tensor, Tensor]:
    """Return U and V."""
    u, _, vh = linalg.svd(steep(x), full_matrices=False)
    return u, vh.mH


for shape in (SHAPES[0], SHAPES[3]):
    of = str(shape)
    add("_linalg_eigh", results(lambda x: linalg.eigh(symmetric(x)), 0, 1), shape, of=of)
    add("_linalg_eigh", lambda x: linalg.eigvalsh(symmetric(x), UPLO="U"), shape,
        of=f"values {of}")  # fmt: skip
    add("_linalg_eigh", lambda x: weighed(linalg.eigh(symmetric(x))[1]), shape, of=f"phases {of}")
    add("linalg_eig", lambda x: linalg.eigvals(steep(x)), shape, of=of)
    add("linalg_eig", lambda x: linalg.eig(steep(x))[1].abs(), shape, of=f"vectors {of}")
    for up in (True, False):
        turn = (lambda x: triangle(x).mT) if up else triangle
        of = f"{up} {shape}"
        add("cholesky", lambda x, up=up: torch.cholesky(symmetric(x) + 9 * torch.eye(3), upper=up),
            shape, of=of)  # fmt: skip
        add("cholesky_inverse", lambda x, up=up, t=turn: torch.cholesky_inverse(t(x), upper=up),
            shape, of=of)  # fmt: skip
        add("cholesky_solve", lambda x, y, up=up, t=turn: torch.cholesky_solve(x, t(y), upper=up),
            (*shape[:-1], 2), shape, of=of)  # fmt: skip
    add(
        "linalg_pinv", lambda x: linalg.pinv(symmetric(x), hermitian=True), shape, of=f"{shape} sym"
    )
for shape in SHAPES:
    of = str(shape)
    add("_linalg_svd", results(lambda x: linalg.svd(steep(x), full_matrices=False), 0, 1, 2), shape,
        of=of)  # fmt: skip
    add("_linalg_svd", lambda x: linalg.svdvals(steep(x)), shape, of=f"values {of}")
    add("_linalg_svd", lambda x: weighed(*factors(x)), shape, of=f"phases {of}")
    add("linalg_lu", results(lambda x: linalg.lu(steep(x)), 1, 2), shape, of=of)
    add("linalg_lu", results(lambda x: linalg.lu(x), 1, 2), shape, of=f"{of} rows in order of size")
    add("linalg_lu_factor_ex", lambda x: linalg.lu_factor(x)[0], shape, of=of)
    add("linalg_pinv", lambda x: linalg.pinv(steep(x)), shape, of=of)
    add("linalg_qr", results(lambda x: linalg.qr(steep(x)), 0, 1), shape, of=of)
    add("linalg_qr", results(lambda x: linalg.qr(steep(x)), 1), shape, of=f"R of {of}")
    pivots = torch.tensor([2, 2, 3][: min(shape[-2:])], dtype=torch.int32)
    pivots = pivots.expand(*shape[:-2], -1).contiguous()
    add("lu_unpack", results(lambda x, p=pivots: torch.lu_unpack(x, p), 1, 2), shape, of=of)
CYCLE = 9 * torch.eye(3, dtype=D).roll(1, 0)
add("linalg_lu", results(lambda x: linalg.lu(x + CYCLE), 1, 2), SQUARE, of="a cycle of rows")
add("linalg_lu_factor_ex", lambda x: linalg.lu_factor(x + CYCLE)[0], SQUARE, of="a cycle of rows")
add("linalg_qr", results(lambda x: linalg.qr(steep(x), mode="complete"), 0, 1), WIDE, of="complete")
add("_linalg_svd", lambda x: linalg.svd(steep(x), full_matrices=True)[0][..., :2] ** 2, WIDE,
    of="full")  # fmt: skip
for shape in (TALL, SQUARE, (2, 4, 2)):
    add("linalg_householder_product", linalg.householder_product, shape,
        (*shape[:-2], shape[-1] - 1), of=f"{shape}")  # fmt: skip
for left in (True, False):
    for flip in (True, False):
        add("ormqr", lambda x, y, z, left=left, flip=flip: torch.ormqr(x, y, z, left, flip), TALL,
            (3,), (4, 2) if left else (2, 4), of=f"{left} {flip}")  # fmt: skip
add("ormqr", torch.ormqr, (2, 4, 3), (2, 3), (2, 4, 1), of="batch")
PIVOTS = torch.tensor([2, 3, 3], dtype=torch.int32)
for left in (True, False):
    for adjoint in (True, False):
        add("linalg_lu_solve", lambda x, y, left=left, adjoint=adjoint: linalg.lu_solve(
            x + 4 * torch.eye(3, dtype=D), PIVOTS, y, left=left, adjoint=adjoint), SQUARE,
            (3, 2) if left else (2, 3), of=f"{left} {adjoint}")  # fmt: skip
for up in (True, False):
    for flip in (True, False):
        for unit in (True, False):
            add("triangular_solve", results(lambda x, y, up=up, flip=flip, unit=unit:
                torch.triangular_solve(x, y + 4 * torch.eye(3, dtype=D), up, flip, unit), 0, 1),
                (3, 2), SQUARE, of=f"{up} {flip} {unit}")  # fmt: skip
for shape, right in ((TALL, (4, 2)), (SQUARE, (3, 2)), (WIDE, (2, 2)), ((2, 4, 3), (2, 4, 2))):
    add("linalg_lstsq", lambda x, y: linalg.lstsq(steep(x), y)[0], shape, right, of=f"{shape}")
add("linalg_lstsq", results(lambda x, y: linalg.lstsq(steep(x), y, driver="gels"), 0, 1), TALL,
    (4, 2), of="residuals")  # fmt: skip
