"""The functions of the rules for elements replaced, laid around and seen through strides."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

Indices = Sequence[Tensor | None]


def index_put(
    x: Tensor, indices: Indices, values: float | Tensor, accumulate: bool = False
) -> Tensor:
    """Put `values` at the indexed places of `x`, or add them there."""
    values = torch.as_tensor(values, dtype=x.dtype, device=x.device)
    found: Tensor = torch.ops.aten.index_put(x, list(indices), values, accumulate)
    return found


def taken(g: Tensor, indices: Indices) -> Tensor:
    """Take the indexed places of `g`."""
    found: Tensor = torch.ops.aten.index(g, list(indices))
    return found


def put(x: Tensor, index: Tensor, source: float | Tensor, accumulate: bool = False) -> Tensor:
    """Put `source` at the places of the flattened `x`, or add it there."""
    values = torch.as_tensor(source, dtype=x.dtype, device=x.device).expand(index.shape)
    return x.put(index, values, accumulate)


def masked_part(g: Tensor, mask: Tensor, source: Tensor) -> Tensor:
    """Return `g` where the mask is true, in order, then zeros: shaped like `source`."""
    part = g.masked_select(mask)
    return F.pad(part, (0, source.numel() - part.numel())).reshape(source.shape)


def without_diagonal(g: Tensor, offset: int, dim1: int, dim2: int) -> Tensor:
    """Put 0 on a diagonal."""
    zeros = torch.zeros_like(g.diagonal(offset, dim1, dim2))
    return torch.diagonal_scatter(g, zeros, offset, dim1, dim2)


def unlaid(g: Tensor, x: Tensor, pad: Sequence[int], mode: str) -> Tensor:
    """Add what was laid around at the elements that it repeats, axis by axis."""
    for number in range(len(pad) // 2):
        axis = x.dim() - 1 - number
        places = torch.arange(x.shape[axis], dtype=torch.float64, device=x.device)
        before, after = pad[2 * number], pad[2 * number + 1]
        index = F.pad(places[None], (before, after), mode)[0].long()
        shape = (*g.shape[:axis], x.shape[axis], *g.shape[axis + 1 :])
        zeros = torch.zeros(shape, dtype=g.dtype, device=g.device)
        g = zeros.index_add(axis, index, g)
    return g


def unstrided(
    g: Tensor, x: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None
) -> Tensor:
    """Give each element of `x` the sum of all that was seen of its place in memory."""
    if not x.numel():
        return torch.zeros(x.shape, dtype=g.dtype, device=g.device)
    own, seen, memory = _memory(g, x, size, stride, storage_offset)
    return memory.index_add(0, seen.reshape(-1), g.reshape(-1))[own]


def strided(
    d: Tensor, x: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None
) -> Tensor:
    """See `d` through the strides as if it lay in memory where `x` does."""
    own, seen, memory = _memory(d, x, size, stride, storage_offset)
    memory[own] = d
    return memory[seen]


def seen(
    g: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None
) -> Tensor:
    """Take what is seen of `g` through the strides."""
    return g.contiguous().as_strided(tuple(size), tuple(stride), storage_offset)


def only_seen(
    g: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None
) -> Tensor:
    """Put 0 at what is not seen of `g` through the strides."""
    zeros = torch.zeros(g.shape, dtype=g.dtype, device=g.device)
    shown = seen(g, size, stride, storage_offset)
    return zeros.as_strided_scatter(shown, tuple(size), tuple(stride), storage_offset)


def _memory(
    g: Tensor, x: Tensor, size: Sequence[int], stride: Sequence[int], storage_offset: int | None
) -> tuple[Tensor, Tensor, Tensor]:
    """Return where each element of `x` and each seen one lies, and zeros of that length."""
    offset = int(x.storage_offset()) if storage_offset is None else storage_offset
    own = _places(x.shape, x.stride(), int(x.storage_offset()), x.device)
    seen = _places(size, stride, offset, x.device)
    length = int(torch.cat([seen.reshape(-1), own.reshape(-1)]).max()) + 1
    return own, seen, torch.zeros(length, dtype=g.dtype, device=g.device)


def _places(
    size: Sequence[int], stride: Sequence[int], offset: int, device: torch.device
) -> Tensor:
    places = torch.full(tuple(size), offset, device=device)
    for axis, (length, step) in enumerate(zip(size, stride, strict=True)):
        steps = torch.arange(length, device=device) * step
        ones = itertools.repeat(1, len(size) - axis - 1)
        places = places + steps.reshape(-1, *ones)
    return places


def block(g: Tensor, xs: Sequence[Tensor], k: int) -> Tensor:
    """Cut block `k` of the diagonal; a vector is a block of one row, a number of one element."""
    shapes = [(1,) * (2 - x.dim()) + tuple(x.shape) for x in xs]
    row, column = (sum(shape[axis] for shape in shapes[:k]) for axis in (0, 1))
    height, width = shapes[k]
    return g[row : row + height, column : column + width].reshape(xs[k].shape)


def shuffled_back(g: Tensor, groups: int) -> Tensor:
    """Deal the channels back to their groups: a shuffle with as many groups as each had members."""
    return torch.channel_shuffle(g, g.shape[1] // groups) if g.numel() else g


def masked_index(x: Tensor, mask: Tensor, indices: Indices) -> Tensor:
    """Take the indexed places of `x` where the mask is true, elsewhere 0."""
    found: Tensor = torch.ops.aten._unsafe_masked_index(x, mask, list(indices), 0)
    return found


def add_masked_index(x: Tensor, mask: Tensor, indices: Indices, values: Tensor) -> Tensor:
    """Add `values` where the mask is true at the indexed places of `x`."""
    run = torch.ops.aten._unsafe_masked_index_put_accumulate
    found: Tensor = run(x, mask, list(indices), values)
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "index_put": index_put,
    "taken": taken,
    "put": put,
    "take": torch.take,
    "unique": torch.unique,
    "index_select": torch.index_select,
    "index_add": torch.index_add,
    "index_copy": torch.index_copy,
    "index_fill": torch.index_fill,
    "masked_part": masked_part,
    "masked_scatter": torch.masked_scatter,
    "without_diagonal": without_diagonal,
    "diagonal": torch.diagonal,
    "unlaid": unlaid,
    "unstrided": unstrided,
    "block": block,
    "shuffled_back": shuffled_back,
    "masked_index": masked_index,
    "add_masked_index": add_masked_index,
    "strided": strided,
    "seen": seen,
    "only_seen": only_seen,
    "pixel_shuffle": torch.pixel_shuffle,
}
