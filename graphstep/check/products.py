"""Inner products of adjoints and tangents, in float64."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

PIECE = 2**17
"""Of tensors with more elements than this, so many are multiplied at a time."""


def precise(tensor: Tensor) -> Tensor:
    """Return a tensor in float64, a complex one in complex128."""
    return tensor.to(torch.complex128 if tensor.is_complex() else torch.float64)


def inner(left: Tensor | None, right: Tensor) -> tuple[float, float]:
    """Return ⟨left, right⟩ and the sum of the sizes of its products, in float64.

    Of complex tensors it is the real part of the sum of conj(left)·right: how much a real output
    changes along `right`, by torch's convention.
    """
    if left is None:
        return 0.0, 0.0
    total = size = 0.0
    for one, other in zip(_pieces(left.detach()), _pieces(right), strict=True):
        products = precise(one).conj() * precise(other)
        total += float(products.sum().real)
        size += float(products.abs().sum())
    return total, size


def _pieces(tensor: Tensor) -> Sequence[Tensor]:
    """Return a tensor in pieces that a processor's cache holds, cut along its longest axis."""
    if tensor.numel() <= PIECE:
        return (tensor,)
    longest = max(tensor.shape)
    size = max(1, PIECE * longest // tensor.numel())
    pieces: Sequence[Tensor] = tensor.split(size, tensor.shape.index(longest))
    return pieces
