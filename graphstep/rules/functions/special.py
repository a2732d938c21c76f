"""The special functions that rules call, and what belongs to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def tiny(x: Tensor) -> float:
    """Return the smallest step at 1 of the dtype of `x`: below it a quotient by x says nothing."""
    return torch.finfo(x.dtype).eps


def digamma_sum(x: Tensor, p: int) -> Tensor:
    """Return Σ ψ(x - k/2) for k from 0 to p - 1: the slope of the multivariate log Gamma."""
    halves = torch.arange(p, dtype=x.dtype, device=x.device) / 2
    return torch.digamma(x.unsqueeze(-1) - halves).sum(-1)


def clipped(x: Tensor, eps: float | None) -> Tensor | bool:
    """Tell where x lies beyond [eps, 1 - eps]; nowhere without eps."""
    return False if eps is None else (x < eps) | (x > 1 - eps)


def odds_slope(x: Tensor) -> Tensor:
    """Return 1/(x(1 - x)), inf at 0 and at 1, nan beyond."""
    slope = torch.where((x == 0) | (x == 1), torch.inf, 1 / (x * (1 - x)))
    return torch.where((x < 0) | (x > 1), torch.nan, slope)


def single(number: float) -> float:
    """Round a number to float32."""
    return float(torch.tensor(number, dtype=torch.float32))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tiny": tiny,
    "digamma_sum": digamma_sum,
    "clipped": clipped,
    "odds_slope": odds_slope,
    "single": single,
    "polygamma": torch.polygamma,
    "lgamma": torch.lgamma,
    "i0": torch.i0,
    "i1": torch.special.i1,
    "i0e": torch.special.i0e,
    "i1e": torch.special.i1e,
    "erfcx": torch.special.erfcx,
    "zeta": torch.special.zeta,
    "xlog1py": torch.special.xlog1py,
}
