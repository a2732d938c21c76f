"""The functions of the rules for samples of an image at the points of a grid.

Along every axis a point takes a few neighbours, each with a weight that depends on where between
them it lies: 1 (nearest), 2 (bilinear) or 4 (bicubic). The value is the sum over all combinations.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

_BILINEAR, _NEAREST = 0, 1
_BORDER, _REFLECTION = 1, 2
_BEND = -0.75
"""What bends the cubic of torch's bicubic interpolation."""


class _Axis(NamedTuple):
    """The neighbours of every point along one axis: places, weights, and their slopes."""

    places: list[Tensor]
    weights: list[Tensor]
    slopes: list[Tensor]


def _axes(x: Tensor, grid: Tensor, mode: int, padding: int, corners: bool) -> list[_Axis]:
    """Return the axes of an image in its own order; the grid names the last one first."""
    found = []
    for k in range(grid.shape[-1]):
        size = x.shape[-1 - k]
        scale = (size - 1) / 2 if corners else size / 2
        point = (grid[..., k] + 1) * scale - (0.0 if corners else 0.5)
        slope = torch.full_like(point, scale)
        if mode in (_BILINEAR, _NEAREST):
            point, sign = _padded(point, size, padding, corners)
            slope = slope * sign
        found.append(_neighbours(point, slope, size, mode, padding, corners))
    return found[::-1]


def _neighbours(
    point: Tensor, slope: Tensor, size: int, mode: int, padding: int, corners: bool
) -> _Axis:
    if mode == _NEAREST:
        return _Axis([point.round()], [torch.ones_like(point)], [torch.zeros_like(point)])
    low = point.floor()
    t = point - low
    if mode == _BILINEAR:
        return _Axis([low, low + 1], [1 - t, t], [-slope, slope])
    near = [_cubic_near, _cubic_far]
    places, weights, slopes = [], [], []
    for k in (-1, 0, 1, 2):
        away = (t - k).abs()
        weight, change = near[k in (-1, 2)](away)
        places.append(_padded(low + k, size, padding, corners)[0].round())
        weights.append(weight)
        slopes.append(change * torch.sign(t - k) * slope)
    return _Axis(places, weights, slopes)


def _cubic_near(d: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weight of a neighbour less than 1 away, and its slope in the distance."""
    a = _BEND
    return ((a + 2) * d - (a + 3)) * d * d + 1, (3 * (a + 2) * d - 2 * (a + 3)) * d


def _cubic_far(d: Tensor) -> tuple[Tensor, Tensor]:
    """Return the weight of a neighbour between 1 and 2 away, and its slope in the distance."""
    a = _BEND
    return ((d - 5) * d + 8) * d * a - 4 * a, (3 * d - 10) * d * a + 8 * a


def _padded(point: Tensor, size: int, padding: int, corners: bool) -> tuple[Tensor, Tensor]:
    """Return where a point beyond the image is looked for, and the sign of that map's slope."""
    sign = torch.ones_like(point)
    if padding == _REFLECTION:
        low, high = (0.0, size - 1.0) if corners else (-0.5, size - 0.5)
        span = high - low
        if span == 0:
            return torch.zeros_like(point), torch.zeros_like(point)
        away = point - low
        sign = torch.where(away < 0, -sign, sign)
        away = away.abs()
        turns = (away / span).floor()
        rest = away - turns * span
        back = turns % 2 == 1
        point = torch.where(back, span - rest, rest) + low
        sign = torch.where(back, -sign, sign)
    if padding in (_BORDER, _REFLECTION):
        sign = torch.where((point <= 0) | (point >= size - 1), 0.0, sign)
        point = point.clamp(0, size - 1)
    return point, sign


def _combinations(x: Tensor, axes: list[_Axis]) -> Iterator[tuple[tuple[int, ...], Tensor, Tensor]]:
    """Yield for every combination of neighbours its numbers, places in the flat image, presence."""
    sizes = x.shape[2:]
    for numbers in itertools.product(*(range(len(axis.places)) for axis in axes)):
        place = torch.zeros_like(axes[0].places[0], dtype=torch.int64)
        there = torch.ones_like(place, dtype=torch.bool)
        for axis, number, size in zip(axes, numbers, sizes, strict=True):
            spot = axis.places[number]
            there &= (spot >= 0) & (spot <= size - 1)
            place = place * size + spot.clamp(0, size - 1).long()
        yield numbers, place, there


def _product(factors: list[Tensor]) -> Tensor:
    return math.prod(factors[1:], start=factors[0])


def grid_image(
    g: Tensor, x: Tensor, grid: Tensor, mode: int, padding: int, corners: bool
) -> Tensor:
    """Add v̄·weight at every neighbour of every point."""
    axes = _axes(x, grid, mode, padding, corners)
    flat = torch.zeros(x.flatten(2).shape, dtype=g.dtype, device=g.device)
    above = g.flatten(2)
    for numbers, place, there in _combinations(x, axes):
        weight = _product([axis.weights[n] for axis, n in zip(axes, numbers, strict=True)]) * there
        spots = place.flatten(1).unsqueeze(1).expand(above.shape)
        flat = flat.scatter_add(2, spots, above * weight.flatten(1).unsqueeze(1))
    return flat.reshape(x.shape)


def grid_points(
    g: Tensor, x: Tensor, grid: Tensor, mode: int, padding: int, corners: bool
) -> Tensor:
    """Return Σ v̄·neighbour·(slope of its weight along the coordinate), over channels too."""
    axes = _axes(x, grid, mode, padding, corners)
    found = [torch.zeros_like(grid[..., 0]) for _ in axes]
    for numbers, place, there in _combinations(x, axes):
        spots = place.flatten(1).unsqueeze(1).expand(-1, x.shape[1], -1)
        seen = x.flatten(2).gather(2, spots).reshape(g.shape) * there.unsqueeze(1)
        share = (g * seen).sum(1)
        for k in range(len(axes)):
            factors = [
                (axis.slopes if a == k else axis.weights)[n]
                for a, (axis, n) in enumerate(zip(axes, numbers, strict=True))
            ]
            found[k] = found[k] + share * _product(factors)
    return torch.stack(found[::-1], -1)


def grid_moved(
    d: Tensor, x: Tensor, grid: Tensor, v: Tensor, mode: int, padding: int, corners: bool
) -> Tensor:
    """Return what moving the points by `d` does to every value."""
    found = [
        (grid_points(torch.ones_like(v[:, :1]), x[:, c : c + 1], grid, mode, padding, corners) * d)
        for c in range(x.shape[1])
    ]
    return torch.stack([change.sum(-1) for change in found], 1)


def affine_matrix(g: Tensor, x: Tensor, size: Sequence[int], align_corners: bool) -> Tensor:
    """Return Σ ḡ (p, 1)ᵀ over the points p of a grid, each of which went to x (p, 1)."""
    rank = x.shape[-2]
    identity = torch.eye(rank, rank + 1, dtype=x.dtype, device=x.device).expand(x.shape)
    points = torch.ops.aten.affine_grid_generator(identity, list(size), align_corners)
    points = points.reshape(len(x), -1, rank)
    extended = torch.cat([points, torch.ones_like(points[..., :1])], -1)
    found: Tensor = g.reshape(len(x), -1, rank).mT @ extended
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "affine_matrix": affine_matrix,
    "grid_image": grid_image,
    "grid_points": grid_points,
    "grid_moved": grid_moved,
    "grid_sampler": torch.grid_sampler,
}
