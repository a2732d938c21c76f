"""The functions of the rules for convolutions and pooling."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Sizes = Sequence[int]


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
    """Return the weight's adjoint: the convolution of x with v̄, samples and channels swapped.

    W̄[o, c, k] = Σₙᵢ v̄[n, o, i]·x[n, c, s·i + d·k - p]; in a transposed one x and v̄ change places.
    """
    wide, narrow = (g, x) if transposed else (x, g)
    none = [0 for _ in stride]
    parts = [
        torch.convolution(
            one.transpose(0, 1), other.transpose(0, 1), None, dilation, padding, stride, False,
            none, 1,
        ).transpose(0, 1)
        for one, other in zip(wide.chunk(groups, 1), narrow.chunk(groups, 1), strict=True)
    ]  # fmt: skip
    return _cut(torch.cat(parts), weight.shape[2:])


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
    tall, wide = _pair(kernel_size)
    down, right = _pair(stride) if stride else (tall, wide)
    above, left = _pair(padding)
    rows, columns = g.shape[-2:]
    height, width = x.shape[-2:]
    in_rows = _counts(rows, tall, down, above, height, count_include_pad, g.device)
    in_columns = _counts(columns, wide, right, left, width, count_include_pad, g.device)
    n: int | Tensor = divisor_override or in_rows.unsqueeze(1) * in_columns
    shares = g / n
    size = (
        max((rows - 1) * down + tall, above + height),
        max((columns - 1) * right + wide, left + width),
    )
    found = torch.zeros((*x.shape[:-2], *size), dtype=g.dtype, device=g.device)
    for i in range(tall):
        for j in range(wide):
            found[
                ..., i : i + rows * down : down, j : j + columns * right : right
            ][..., :rows, :columns] += shares  # fmt: skip
    return found[..., above : above + height, left : left + width]


def _pair(sizes: Sizes) -> tuple[int, int]:
    return sizes[0], sizes[-1]


def _counts(
    windows: int, kernel: int, step: int, pad: int, size: int, padded: bool, device: torch.device
) -> Tensor:
    start = torch.arange(windows, device=device) * step - pad
    if padded:
        return (start + kernel).clamp(max=size + pad) - start
    return (start + kernel).clamp(max=size) - start.clamp(min=0)


def put_pooled(g: Tensor, x: Tensor, index: Tensor) -> Tensor:
    """Add v̄ at the place in its image that each maximum came from."""
    flat = torch.zeros((*x.shape[:-2], x.shape[-2] * x.shape[-1]), dtype=g.dtype, device=g.device)
    return flat.scatter_add(-1, index.flatten(-2), g.flatten(-2)).reshape(x.shape)


def pooled(x: Tensor, index: Tensor) -> Tensor:
    """Take from each image the places that the maxima came from."""
    return x.flatten(-2).gather(-1, index.flatten(-2)).reshape(index.shape)


def unsampled(g: Tensor, x: Tensor, kernel: str, corners: bool, *scales: float | None) -> Tensor:
    """Return Mᵀ v̄ along every axis of an interpolation, M being that of the unit vectors."""
    for axis, scale in zip(range(2, x.dim()), scales, strict=True):
        units = torch.eye(x.shape[axis], dtype=g.dtype, device=g.device)[None, :, :, None]
        run = getattr(torch.ops.aten, f"upsample_{kernel}2d")
        align = () if kernel == "nearest" else (corners,)
        matrix = run(units, (g.shape[axis], 1), *align, scale, None)[0, :, :, 0]
        g = torch.tensordot(g, matrix, ([axis], [1])).movedim(-1, axis)
    return g


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "convolved": convolved,
    "convolution_input": convolution_input,
    "convolution_weight": convolution_weight,
    "unpooled": unpooled,
    "put_pooled": put_pooled,
    "pooled": pooled,
    "unsampled": unsampled,
}
