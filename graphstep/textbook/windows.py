"""Convolutions and pooling, written out: what the window sees, and what becomes of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from graphstep.textbook.expansion import Expansion, Scope, Write

MOST_PLACES = 200_000
"""Of a convolution that looks at more places than this no patches are laid out."""


class _Axis(NamedTuple):
    """One axis of a window's way over an image."""

    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    transposed: bool
    made: int

    def places(self) -> list[list[int]]:
        """Return which place of the image each result sees at each of the kernel; -1 is none."""
        return [[self._place(i, k) for k in range(self.kernel)] for i in range(self.made)]

    def _place(self, i: int, k: int) -> int:
        if not self.transposed:
            place = i * self.stride + k * self.dilation - self.padding
        else:
            place, left = divmod(i + self.padding - k * self.dilation, self.stride)
            place = -1 if left else place
        return place if 0 <= place < self.size else -1


def _axes(scope: Scope, kernel: Sequence[int]) -> list[_Axis]:
    x, v = scope["x"], scope["v"]
    rank = len(kernel)
    stride = scope.get("stride") or kernel
    dilation = scope.get("dilation") or (1,)
    transposed = bool(scope.get("transposed"))
    return [
        _Axis(
            x.shape[-rank + a], kernel[a], _at(stride, a), _at(scope["padding"], a),
            _at(dilation, a), transposed, v.shape[-rank + a],
        )
        for a in range(rank)
    ]  # fmt: skip


def _at(sizes: Sequence[int], axis: int) -> int:
    return sizes[axis] if len(sizes) > 1 else sizes[0]


def _seen(axes: Sequence[_Axis]) -> Tensor:
    """Return which flat place of the image each result sees at each place of the window.

    The shape is (places in the window, results); the place behind the last one stands for none.
    """
    nowhere = math.prod(axis.size for axis in axes)
    flat = torch.zeros(1, 1, dtype=torch.long)
    inside = torch.ones(1, 1, dtype=torch.bool)
    for axis in axes:
        own = torch.tensor(axis.places(), dtype=torch.long).reshape(axis.made, axis.kernel).T
        flat = (flat[:, None, :, None] * axis.size + own[None, :, None, :]).flatten(2).flatten(0, 1)
        inside = (inside[:, None, :, None] & (own >= 0)[None, :, None, :]).flatten(2).flatten(0, 1)
    return torch.where(inside, flat, nowhere)


def _convolution(scope: Scope) -> Expansion | None:
    """Lay the patches out as columns; the convolution is the kernels times that matrix."""
    x, weight, v = scope["x"], scope["y"], scope["v"]
    if x.is_complex() or x.dim() != weight.dim():
        return None
    groups, rank = scope["groups"], x.dim() - 2
    axes = _axes(scope, weight.shape[2:])
    seen = _seen(axes)
    if seen.numel() * x.shape[1] * x.shape[0] > MOST_PLACES:
        return None
    samples, channels, out = x.shape[0], x.shape[1] // groups, v.shape[1] // groups
    window, made = seen.shape
    beyond = bool((seen == math.prod(axis.size for axis in axes)).any())
    image = "x" if rank == 1 else f"reshape(x, {(samples, x.shape[1], -1)})"
    image = f"cat([{image}, zeros], 2)" if beyond else image
    # One image and one group need no axes for them, and give a plain product of two matrices.
    plain = samples == groups == 1
    many, most = ((), ()) if plain else ((samples, groups), (groups,))
    kernels = f"reshape(y, {(*most, out, channels * window)})"
    if scope["transposed"]:
        kernels = (
            f"reshape(transpose(reshape(y, ({groups}, {channels}, {out}, {window})), 1, 2), "
            f"{(*most, out, channels * window)})"
        )
    bias = "" if scope["z"] is None else f" + reshape(z, {(1, -1, *[1] * rank)})"
    return Expansion(
        f"{'' if image == 'x' else f'image = {image}; '}"
        f"patches = reshape({'x' if image == 'x' else 'image'}[:, :, seen], "
        f"{(*many, channels * window, made)}); kernels = {kernels}; "
        f"reshape(matmul(kernels, patches), {tuple(v.shape)}){bias}",
        {"zeros": _beyond(x, 0.0), "seen": seen.to(x.device)},
    )


def _max_pool(scope: Scope) -> Expansion | None:
    x, v = scope["x"], scope["v"]
    seen = _seen(_axes(scope, _kernel(scope)))
    if seen.numel() * _images(x) > MOST_PLACES:
        return None
    return Expansion(
        f"{_patches(x, v)}; reshape(max(windows, 2).values, {tuple(v.shape)})",
        {"beyond": _beyond(_as_images(x), -math.inf), "seen": seen.T.to(x.device)},
    )


def _avg_pool(scope: Scope) -> Expansion | None:
    x, v = scope["x"], scope["v"]
    axes = _axes(scope, _kernel(scope))
    seen = _seen(axes)
    if seen.numel() * _images(x) > MOST_PLACES:
        return None
    n: float | Tensor | None = scope["divisor_override"]
    if n is None:
        n = _counts(axes, seen, padded=scope["count_include_pad"])
    constants = {"beyond": _beyond(_as_images(x), 0.0), "seen": seen.T.to(x.device)}
    count = repr(n)
    if isinstance(n, Tensor):
        constants["n"], count = n.to(x.device, x.dtype), "n"
    return Expansion(
        f"{_patches(x, v)}; reshape(sum(windows, 2)/{count}, {tuple(v.shape)})", constants
    )


def _counts(axes: Sequence[_Axis], seen: Tensor, *, padded: bool) -> Tensor:
    """Return of how many places each window takes the mean; none lies beyond the padding."""
    if not padded:
        return (seen < math.prod(axis.size for axis in axes)).sum(0)
    counts = torch.ones(1, dtype=torch.long)
    for axis in axes:
        starts = torch.arange(axis.made) * axis.stride - axis.padding
        own = (starts + axis.kernel).clamp(max=axis.size + axis.padding) - starts
        counts = (counts[:, None] * own).flatten()
    return counts


def _patches(x: Tensor, v: Tensor) -> str:
    return f"image = cat([reshape(x, {(_images(x), -1)}), beyond], 1); windows = image[:, seen]"


def _kernel(scope: Scope) -> list[int]:
    rank = 3 if len(scope["kernel_size"]) == 3 else 2
    return [_at(scope["kernel_size"], a) for a in range(rank)]


def _images(x: Tensor) -> int:
    rank = x.dim() - 1 if x.dim() == 3 else x.dim() - 2
    return math.prod(x.shape[: x.dim() - rank])


def _as_images(x: Tensor) -> Tensor:
    return x.detach().reshape(_images(x), -1)


def _beyond(x: Tensor, value: float) -> Tensor:
    """Return what lies beyond an image: one more place along its last axis."""
    shape = (*x.shape[: 2 if x.dim() > 2 else 1], 1)
    return torch.full(shape, value, dtype=x.dtype, device=x.device)


def convolved_element(scope: Scope, index: Sequence[int]) -> Expansion | None:
    """Write one entry of a convolution out: a patch times a kernel, summed."""
    weight, v = scope["y"], scope["v"]
    if scope["transposed"] or scope["x"].dim() != weight.dim():
        return None
    sample, channel, *place = index
    channels = weight.shape[1]
    first = channel // (v.shape[1] // scope["groups"]) * channels
    image, kernel = [str(sample), f"{first}:{first + channels}"], [str(channel), ":"]
    for axis, i in zip(_axes(scope, weight.shape[2:]), place, strict=True):
        row = axis.places()[i]
        inside = [k for k, seen in enumerate(row) if seen >= 0]
        if not inside:
            return None
        step = "" if axis.dilation == 1 else f":{axis.dilation}"
        image.append(f"{row[inside[0]]}:{row[inside[-1]] + 1}{step}")
        kernel.append(f"{inside[0]}:{inside[-1] + 1}")
    bias = "" if scope["z"] is None else f" + z[{channel}]"
    return Expansion(
        f"patch = x[{', '.join(image)}]; kernel = y[{', '.join(kernel)}]; sum(patch*kernel){bias}"
    )


def pooled_element(scope: Scope, index: Sequence[int]) -> Expansion | None:
    """Write one entry of a max pooling out: the greatest of a window."""
    axes = _axes(scope, _kernel(scope))
    image = [str(i) for i in index[: -len(axes)]]
    for axis, i in zip(axes, index[-len(axes) :], strict=True):
        seen = [place for place in axis.places()[i] if place >= 0]
        step = "" if axis.dilation == 1 else f":{axis.dilation}"
        image.append(f"{seen[0]}:{seen[-1] + 1}{step}")
    return Expansion(f"window = x[{', '.join(image)}]; max(flatten(window), 0).values")


EXPANSIONS: dict[str, Write] = {
    "convolution": _convolution,
    "max_pool2d_with_indices": _max_pool,
    "max_pool3d_with_indices": _max_pool,
    "avg_pool2d": _avg_pool,
    "avg_pool3d": _avg_pool,
}
