"""The functions of the rules for what is drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def dropped(train: bool | None) -> bool:
    """Tell whether a dropout sets elements to 0 and scales the others: None is training."""
    return train is not False


def gamma_slope(x: Tensor, v: Tensor) -> Tensor:
    """Return -(∂F/∂x)/(∂F/∂v) of the distribution function F(v; x) of Gamma, at the draw v."""
    found: Tensor = torch.ops.aten._standard_gamma_grad(x, v)
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {"dropped": dropped, "gamma_slope": gamma_slope}
