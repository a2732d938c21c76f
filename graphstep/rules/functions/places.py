"""The functions of the rules that put adjoints back where elements were taken from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F


def embedding_rows(
    g: Tensor, x: Tensor, indices: Tensor, padding_idx: int, scale_grad_by_freq: bool
) -> Tensor:
    """Add v̄ at the looked-up rows of zeros shaped like `x`; the padding's row has none.

    With `scale_grad_by_freq` every row is divided by how often it was looked up.
    """
    places = indices.reshape(-1)
    rows = g.reshape(-1, x.shape[-1])
    if padding_idx >= 0:
        rows = torch.where((places == padding_idx).unsqueeze(1), 0, rows)
    if scale_grad_by_freq:
        rows = rows / torch.bincount(places, minlength=x.shape[0])[places].unsqueeze(1)
    return _zeros(g, x).index_add(0, places, rows)


def add_at(g: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    """Add `g` at the gathered places along `dim` of zeros shaped like `x`."""
    return _zeros(g, x).scatter_add(dim, index, g)


def scatter(x: Tensor, dim: int, index: Tensor, source: float | Tensor) -> Tensor:
    """Put `source` at the places `index` along `dim` of `x`."""
    return torch.scatter(x, dim, index, source)


def add_slices(g: Tensor, x: Tensor, dim: int, index: Tensor) -> Tensor:
    """Add the slices of `g` at the slices `index` along `dim` of zeros shaped like `x`."""
    return _zeros(g, x).index_add(dim, index, g)


def put_masked(g: Tensor, x: Tensor, mask: Tensor) -> Tensor:
    """Put `g` in order where the mask is true, in zeros."""
    shape = torch.broadcast_shapes(x.shape, mask.shape)
    zeros = torch.zeros(shape, dtype=g.dtype, device=g.device)
    return zeros.masked_scatter(mask.expand(shape), g)


def put_taken(g: Tensor, x: Tensor, index: Tensor) -> Tensor:
    """Add `g` at the places of the flattened zeros like `x`."""
    return _zeros(g, x).put(index, g, accumulate=True)


def padded(x: Tensor, pad: Sequence[int]) -> Tensor:
    """Lay zeros around `x`; `pad` counts from the last axis, before and after."""
    return F.pad(x, list(pad))


def unpadded(g: Tensor, pad: Sequence[int]) -> Tensor:
    """Cut off what was padded; what was cut off is padded with zeros."""
    return F.pad(g, [-size for size in pad])


def put_diagonal(g: Tensor, x: Tensor, offset: int, dim1: int, dim2: int) -> Tensor:
    """Put `g` on a diagonal of zeros shaped like `x`."""
    return torch.diagonal_scatter(_zeros(g, x), g, offset, dim1, dim2)


def identity(x: Tensor) -> Tensor:
    """Return 1 on the main diagonal and 0 elsewhere, shaped like the matrix `x`."""
    return torch.eye(*x.shape, dtype=x.dtype, device=x.device)


def unrepeat(g: Tensor, x: Tensor, repeats: Sequence[int]) -> Tensor:
    """Sum over the copies that `repeat` made."""
    sizes = (1,) * (len(repeats) - x.dim()) + tuple(x.shape)
    if not sizes:
        return g
    g = g.reshape([n for pair in zip(repeats, sizes, strict=True) for n in pair])
    return g.sum(dim=list(range(0, g.dim(), 2))).reshape(x.shape)


def roll_back(g: Tensor, shifts: Sequence[int], dims: Sequence[int]) -> Tensor:
    """Roll the other way."""
    return torch.roll(g, [-shift for shift in shifts], list(dims))


def sum_from_end(g: Tensor, dim: int) -> Tensor:
    """Return Σ_{j ≥ i} v̄ⱼ along `dim`."""
    return g.flip(dim).cumsum(dim).flip(dim)


def unfold_back(g: Tensor, x: Tensor, dimension: int, size: int, step: int) -> Tensor:
    """Add each window's adjoint at the places of `x` that it showed."""
    places = torch.arange(x.numel(), device=x.device).reshape(x.shape)
    shown = places.unfold(dimension, size, step)
    flat = torch.zeros(x.numel(), dtype=g.dtype, device=g.device)
    return flat.index_add(0, shown.reshape(-1), g.reshape(-1)).reshape(x.shape)


def without_select(g: Tensor, dim: int, index: int) -> Tensor:
    """Put 0 at `index` along `dim`."""
    return torch.select_scatter(g, torch.zeros_like(g.select(dim, index)), dim, index)


def without_slice(g: Tensor, dim: int, start: int | None, end: int | None, step: int) -> Tensor:
    """Put 0 at `start:end:step` along `dim`."""
    return torch.slice_scatter(g, torch.zeros_like(slice_of(g, dim, start, end, step)), dim,
                               start, end, step)  # fmt: skip


def slice_of(g: Tensor, dim: int, start: int | None, end: int | None, step: int) -> Tensor:
    """Take `start:end:step` along `dim`."""
    found: Tensor = torch.ops.aten.slice(g, dim, start, end, step)
    return found


def glu_adjoint(g: Tensor, x: Tensor, dim: int) -> Tensor:
    """Return v̄·σ(b) and v̄·a·σ(b)(1 - σ(b)) side by side, `a` and `b` being the halves of `x`."""
    a, b = x.chunk(2, dim)
    gate = b.sigmoid()
    return torch.cat([g * gate, g * a * gate * (1 - gate)], dim)


def glu_tangent(d: Tensor, x: Tensor, dim: int) -> Tensor:
    """Return ȧ·σ(b) + ḃ·a·σ(b)(1 - σ(b)), `a` and `b` being the halves of `x`."""
    (a, b), (da, db) = x.chunk(2, dim), d.chunk(2, dim)
    gate = b.sigmoid()
    return da * gate + db * a * gate * (1 - gate)


def glu_curve(x: Tensor, d: Tensor, y: Tensor, dim: int) -> Tensor:
    """Return what a change `d` of y does to `glu_adjoint(x, y)`; the map is its own adjoint."""
    (a, b), (da, db) = y.chunk(2, dim), d.chunk(2, dim)
    gate = b.sigmoid()
    slope = x * gate * (1 - gate)
    return torch.cat([slope * db, slope * (da + a * (1 - 2 * gate) * db)], dim)


def _zeros(g: Tensor, x: Tensor) -> Tensor:
    return torch.zeros(x.shape, dtype=g.dtype, device=g.device)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "embedding_rows": embedding_rows,
    "add_at": add_at,
    "scatter": scatter,
    "scatter_add": torch.scatter_add,
    "gather": torch.gather,
    "add_slices": add_slices,
    "put_masked": put_masked,
    "put_taken": put_taken,
    "padded": padded,
    "unpadded": unpadded,
    "put_diagonal": put_diagonal,
    "identity": identity,
    "unrepeat": unrepeat,
    "roll_back": roll_back,
    "sum_from_end": sum_from_end,
    "unfold_back": unfold_back,
    "without_select": without_select,
    "without_slice": without_slice,
    "slice_of": slice_of,
    "glu_adjoint": glu_adjoint,
    "glu_tangent": glu_tangent,
    "glu_curve": glu_curve,
    "flip": torch.flip,
    "tril": torch.tril,
    "triu": torch.triu,
    "rot90": torch.rot90,
    "pixel_unshuffle": torch.pixel_unshuffle,
}
