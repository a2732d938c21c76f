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


def logit_slope_within(x: Tensor, eps: float | None) -> Tensor:
    """Return 1/(x(1 - x)) within [eps, 1 - eps], else 0; without eps nan beyond [0, 1]."""
    low = 0.0 if eps is None else eps
    inside = (x >= low) & (x <= 1 - low)
    return torch.where(inside, 1 / (x * (1 - x)), torch.nan if eps is None else 0.0)


def single(number: float) -> float:
    """Round a number to float32."""
    return float(torch.tensor(number, dtype=torch.float32))


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "tiny": tiny,
    "digamma_sum": digamma_sum,
    "logit_slope_within": logit_slope_within,
    "single": single,
    "polygamma": torch.polygamma,
    "i0": torch.i0,
    "i1": torch.special.i1,
    "i0e": torch.special.i0e,
    "i1e": torch.special.i1e,
    "erfcx": torch.special.erfcx,
    "zeta": torch.special.zeta,
    "xlog1py": torch.special.xlog1py,
}
