"""The functions of the rules for convolutions and pooling."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

Sizes = Sequence[int]
MOST_LAID_OUT = 2**24
"""Of windows that overlap at most so many elements are copied at a time, and one sample's."""


def convolved(
    x: Tensor,
    weight: Tensor,
    bias: Tensor | None,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    output_padding: Sizes,
    groups: int,
) -> Tensor:
    """Return the convolution, or the transposed one, of one to three axes."""
    return torch.convolution(
        x, weight, bias, stride, padding, dilation, transposed, output_padding, groups
    )


def convolution_input(
    g: Tensor,
    x: Tensor,
    weight: Tensor,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    groups: int,
) -> Tensor:
    """Return x̄: the transposed convolution of v̄ with the weight, or the plain one of a transposed.

    x̄[n, c, s·i + d·k - p] += Σₒ v̄[n, o, i]·weight[o, c, k].
    """
    ranks = range(x.dim() - 2)
    none = [0 for _ in ranks]
    stride, padding, dilation = (_each(sizes, ranks) for sizes in (stride, padding, dilation))
    if transposed:
        found = torch.convolution(g, weight, None, stride, padding, dilation, False, none, groups)
        return _cut(found, x.shape[2:])
    reached = [
        (g.shape[2 + a] - 1) * stride[a]
        - 2 * padding[a]
        + dilation[a] * (weight.shape[2 + a] - 1)
        + 1
        for a in ranks
    ]
    beyond = [x.shape[2 + a] - reached[a] for a in ranks]
    return torch.convolution(g, weight, None, stride, padding, dilation, True, beyond, groups)


def convolution_weight(
    g: Tensor,
    x: Tensor,
    weight: Tensor,
    stride: Sizes,
    padding: Sizes,
    dilation: Sizes,
    transposed: bool,
    groups: int,
) -> Tensor:
    """Return the weight's adjoint: v̄ times what each tap of the kernel saw, over all places.

    W̄[o, c, k] = Σₙᵢ v̄[n, o, i]·x[n, c, s·i + d·k - p]; in a transposed one x and v̄ change places.
    """
    wide, narrow = (g, x) if transposed else (x, g)
    ranks = range(weight.dim() - 2)
    stride, padding, dilation = (_each(sizes, ranks) for sizes in (stride, padding, dilation))
    seen = F.pad(wide, [padding[a] for a in reversed(ranks) for _ in range(2)])
    for a in ranks:
        reach = dilation[a] * (weight.shape[2 + a] - 1) + 1
        seen = seen.unfold(2 + a, reach, stride[a])[..., :: dilation[a]]
        seen = seen.narrow(2 + a, 0, narrow.shape[2 + a])
    # Both as a matrix for each group, with a column for each sample and place. The windows overlap,
    # so laid out they take a multiple of the room: so few samples at a time.
    places = [3 + a for a in ranks]
    taps = [3 + len(ranks) + a for a in ranks]
    seen = seen.unflatten(1, (groups, -1)).permute(0, 1, 2, *taps, *places)
    above = narrow.unflatten(1, (groups, -1))
    samples = max(1, MOST_LAID_OUT // max(1, math.prod(seen.shape[1:])))
    parts = [
        some.transpose(0, 1).transpose(1, 2).flatten(2)
        @ windows.movedim(0, -1 - len(ranks)).flatten(-1 - len(ranks)).flatten(1, -2).mT
        for some, windows in zip(above.split(samples), seen.split(samples), strict=True)
    ]
    total: Tensor = reduce(torch.add, parts)
    return total.reshape(weight.shape)


def _each(sizes: Sizes, ranks: range) -> list[int]:
    return [sizes[a] if len(sizes) > 1 else sizes[0] for a in ranks]


def _cut(x: Tensor, sizes: Sizes) -> Tensor:
    return x[(slice(None), slice(None), *(slice(size) for size in sizes))]


def unpooled(
    g: Tensor,
    x: Tensor,
    kernel_size: Sizes,
    stride: Sizes,
    padding: Sizes,
    count_include_pad: bool,
    divisor_override: int | None,
) -> Tensor:
    """Give every element of `x` v̄/n of each window of an average pooling that it lay in.

    n is the number of elements in the window: the padding is counted if `count_include_pad`, but
    never what lies beyond it; `divisor_override` replaces n.
    """
    rank = len(kernel_size)
    ranks = range(rank)
    steps = _each(stride, ranks) if stride else list(kernel_size)
    pads = _each(padding, ranks)
    n: Tensor | int = divisor_override or 1
    seen = []
    for a in ranks:
        size, axis = x.shape[a - rank], a - rank
        start = torch.arange(g.shape[axis], device=g.device) * steps[a] - pads[a]
        end = start + kernel_size[a]
        seen.append(_windows(start, end, size, g))
        if not divisor_override:
            if count_include_pad:
                counted = end.clamp(max=size + pads[a]) - start
            else:
                counted = end.clamp(max=size) - start.clamp(min=0)
            n = n * counted.reshape(-1, *[1] * (-axis - 1))
    return _transposed_along(g / n, seen)


def unpooled_evenly(g: Tensor, x: Tensor, output_size: Sizes) -> Tensor:
    """Give every element of `x` v̄/n of each window of an adaptive pooling; n elements lay in it.

    Window i of m reaches from ⌊i·size/m⌋ to ⌈(i + 1)·size/m⌉ along each of the last axes.
    """
    shares = []
    for axis in range(-len(output_size), 0):
        size, count = x.shape[axis], g.shape[axis]
        number = torch.arange(count, device=g.device)
        start, end = number * size // count, -((number + 1) * -size // count)
        shares.append(_windows(start, end, size, g) / (end - start).unsqueeze(1))
    return _transposed_along(g, shares)


def _windows(start: Tensor, end: Tensor, size: int, g: Tensor) -> Tensor:
    """Return a row for each window: 1 at the places that lie in it, else 0."""
    place = torch.arange(size, device=g.device)
    return ((place >= start.unsqueeze(1)) & (place < end.unsqueeze(1))).to(g.dtype)


def _transposed_along(g: Tensor, matrices: Sequence[Tensor]) -> Tensor:
    """Return Mᵀ g along each of the last axes, each with its own M.

    What is 0 in M is left out rather than multiplied by: an inf stays in its own window.
    """
    for axis, matrix in zip(range(g.dim() - len(matrices), g.dim()), matrices, strict=True):
        rows, columns = matrix.nonzero(as_tuple=True)
        weights = matrix[rows, columns].reshape(-1, *[1] * (g.dim() - axis - 1))
        sizes = (*g.shape[:axis], matrix.shape[1], *g.shape[axis + 1 :])
        found = torch.zeros(sizes, dtype=g.dtype, device=g.device)
        g = found.index_add(axis, columns, g.index_select(axis, rows) * weights)
    return g


def put_pooled(g: Tensor, x: Tensor, index: Tensor, rank: int) -> Tensor:
    """Add v̄ at the place in its image, of `rank` axes, that each maximum came from."""
    image = x.shape[x.dim() - rank :]
    flat = torch.zeros(
        (*x.shape[: x.dim() - rank], math.prod(image)), dtype=g.dtype, device=g.device
    )
    return flat.scatter_add(-1, index.flatten(-rank), g.flatten(-rank)).reshape(x.shape)


def pooled(x: Tensor, index: Tensor, rank: int) -> Tensor:
    """Take from each image, of `rank` axes, the places that the maxima came from."""
    return x.flatten(-rank).gather(-1, index.flatten(-rank)).reshape(index.shape)


def folded(g: Tensor, x: Tensor, *shape: Any) -> Tensor:
    """Add every column, a window laid out, at its place in the image."""
    return F.fold(g, tuple(x.shape[-2:]), *shape)


def laid_out(g: Tensor, *shape: Any) -> Tensor:
    """Lay out every window of an image as a column."""
    return F.unfold(g, *shape)


def unsampled(g: Tensor, x: Tensor, kernel: str, corners: bool, *scales: float | None) -> Tensor:
    """Return Mᵀ v̄ along every axis of an interpolation, M being that of the unit vectors."""
    run = getattr(torch.ops.aten, kernel)
    align = () if "nearest" in kernel else (corners,)
    matrices = []
    for axis, scale in zip(range(2, x.dim()), scales, strict=True):
        size = x.shape[axis]
        # Two columns: one column looks as if channels came last, and the antialiasing kernel errs.
        units = torch.eye(size, dtype=g.dtype, device=g.device)[None, :, :, None]
        units = units.expand(1, size, size, 2).contiguous()
        matrices.append(run(units, (g.shape[axis], 2), *align, scale, None)[0, :, :, 0].mT)
    return _transposed_along(g, matrices)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "convolved": convolved,
    "convolution_input": convolution_input,
    "convolution_weight": convolution_weight,
    "unpooled": unpooled,
    "unpooled_evenly": unpooled_evenly,
    "put_pooled": put_pooled,
    "pooled": pooled,
    "folded": folded,
    "laid_out": laid_out,
    "unsampled": unsampled,
}
