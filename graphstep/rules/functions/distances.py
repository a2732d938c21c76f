"""The functions of the rules for distances between vectors."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def pairs(x: Tensor, y: Tensor) -> Tensor:
    """Return the difference of every vector of `x` and every one of `y`."""
    return x.unsqueeze(-2) - y.unsqueeze(-3)


def distance_adjoint(g: float | Tensor, d: Tensor, v: Tensor, p: float) -> Tensor:
    """Return v̄·sign(d)·(|d|/‖d‖ₚ)^(p-1) for each difference d, 0 where the distance is 0.

    p = 0 gives 0 everywhere, and p = inf v̄·sign(d) at each element that reaches it.
    """
    g = g.unsqueeze(-1) if isinstance(g, Tensor) else g
    norm = v.unsqueeze(-1)
    if p == 0:
        return torch.zeros_like(d) * g
    if p == 1:
        return g * _sign(d)
    if math.isinf(p):
        return g * _sign(d) * (d.abs() == norm)
    power = d.sign() * d.abs() ** (p - 1)
    return torch.where((norm == 0) | (d == 0), 0.0, g * power / norm ** (p - 1))


def _sign(d: Tensor) -> Tensor:
    """Return -1, 0 or 1, and nan of nan, as torch's kernels for distances do."""
    return torch.where(d.isnan(), d, d.sign())


def upper_pairs(x: Tensor) -> Tensor:
    """Return x[i] - x[j] for every i < j, row by row of the upper triangle."""
    i, j = torch.triu_indices(len(x), len(x), 1, device=x.device)
    return x[i] - x[j]


def upper_pairs_back(g: Tensor, x: Tensor) -> Tensor:
    """Add `g` at the first vector of each pair and take it from the second."""
    i, j = torch.triu_indices(len(x), len(x), 1, device=x.device)
    return torch.zeros_like(x).index_add(0, i, g).index_add(0, j, -g)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "pairs": pairs,
    "distance_adjoint": distance_adjoint,
    "upper_pairs": upper_pairs,
    "upper_pairs_back": upper_pairs_back,
}
