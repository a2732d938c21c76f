"""The functions of the rules for bags of embeddings: rows looked up and reduced, bag by bag."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.places import embedding_rows

_MEAN, _MAX = 1, 2


def _bags(indices: Tensor, offsets: Tensor) -> Tensor:
    """Return the number of the bag that each looked-up row lies in."""
    place = torch.arange(len(indices), device=indices.device, dtype=offsets.dtype)
    return torch.searchsorted(offsets.contiguous(), place, right=True) - 1


def _weighed(
    rows: Tensor, bags: Tensor, sizes: Tensor, mode: int, weights: Tensor | None
) -> Tensor:
    if mode == _MEAN:
        rows = rows / sizes[bags].unsqueeze(1)
    return rows if weights is None else rows * weights.unsqueeze(1)


def bag_rows(
    g: Tensor,
    x: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int,
    weights: Tensor | None,
    sizes: Tensor,
    places: Tensor,
    padding_idx: int,
    scale_grad_by_freq: bool,
) -> Tensor:
    """Give each row that a bag looked up its share of the bag's adjoint.

    A sum (mode 0) hands on v̄, a mean (1) v̄/n, times the row's weight if there is one; a maximum
    (2) hands v̄ to the row that each element came from.
    """
    if mode == _MAX:
        above = torch.where((sizes > 0).unsqueeze(1), g, 0.0)
        return torch.zeros(x.shape, dtype=g.dtype, device=g.device).scatter_add(0, places, above)
    bags = _bags(indices, offsets)
    rows = _weighed(g[bags], bags, sizes, mode, weights)
    return embedding_rows(rows, x, indices, padding_idx, scale_grad_by_freq)


def bag_weights(g: Tensor, x: Tensor, indices: Tensor, offsets: Tensor, padding_idx: int) -> Tensor:
    """Return v̄·row of each weight, 0 for the padding's row."""
    found = (g[_bags(indices, offsets)] * x[indices]).sum(1)
    return torch.where(indices == padding_idx, 0.0, found)


def bag_tangent(
    d: Tensor,
    dweights: float | Tensor,
    x: Tensor,
    indices: Tensor,
    offsets: Tensor,
    mode: int,
    weights: Tensor | None,
    sizes: Tensor,
    places: Tensor,
    padding_idx: int,
) -> Tensor:
    """Return the tangent of every bag: that of its rows, reduced as they were."""
    if mode == _MAX:
        return torch.where((sizes > 0).unsqueeze(1), d.gather(0, places), 0.0)
    bags = _bags(indices, offsets)
    rows = _weighed(d[indices], bags, sizes, mode, weights)
    if isinstance(dweights, Tensor):
        rows = rows + x[indices] * dweights.unsqueeze(1)
    rows = torch.where((indices == padding_idx).unsqueeze(1), 0.0, rows)
    return torch.zeros_like(rows[:1]).expand(len(sizes), -1).index_add(0, bags, rows)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "bag_rows": bag_rows,
    "bag_weights": bag_weights,
    "bag_tangent": bag_tangent,
}
