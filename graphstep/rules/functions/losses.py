"""The functions of the rules for losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import logsigmoid


def share(x: Tensor, reduction: int) -> float:
    """Return what one element weighs in a loss: 1/n for a mean (1), else 1."""
    return 1 / max(x.numel(), 1) if reduction == 1 else 1


def reduced(x: Tensor, reduction: int) -> Tensor:
    """Reduce a loss as torch's number for `reduction` says: 0 none, 1 mean, 2 sum."""
    return (x, x.mean(), x.sum())[reduction] if reduction else x


def onehot(x: Tensor, target: Tensor, ignore_index: int, weight: Tensor | None) -> Tensor:
    """Put 1, or the class's weight, at each target class of zeros shaped like `x`."""
    axis = 1 if x.dim() > 1 else 0
    spot = target.unsqueeze(axis)
    kept = spot != ignore_index
    index = torch.where(kept, spot, 0)
    factor = kept.to(x.dtype) if weight is None else weight[index] * kept
    return torch.zeros_like(x).scatter(axis, index, factor)


def per_sample(g: Tensor, x: Tensor) -> Tensor:
    """Give one adjoint for each sample the class axis of `x`."""
    return g.unsqueeze(1 if x.dim() > 1 else 0)


def logit_slope(x: Tensor, y: Tensor, pos_weight: Tensor | None) -> Tensor:
    """Return σ(x) - y; with a weight p of the positive class (1 + (p - 1)y)σ(x) - p·y."""
    if pos_weight is None:
        return torch.sigmoid(x) - y
    positive = pos_weight * y
    return (positive + 1 - y) * torch.sigmoid(x) - positive


def off_edges(x: Tensor) -> Tensor:
    """Return x(1 - x), kept from 0 as torch keeps it where it differentiates a gradient."""
    return (x + 1e-12) * (1 - x + 1e-12)


def label_slope(x: Tensor, pos_weight: Tensor | None) -> Tensor:
    """Return -x; with a weight p of the positive class log(σ(-x)) - p·log(σ(x))."""
    if pos_weight is None:
        return -x
    return logsigmoid(-x) - pos_weight * logsigmoid(x)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "share": share,
    "reduced": reduced,
    "onehot": onehot,
    "per_sample": per_sample,
    "logit_slope": logit_slope,
    "label_slope": label_slope,
    "off_edges": off_edges,
}
