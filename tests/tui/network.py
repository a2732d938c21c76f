"""The code that the snapshots show: its lines are in them."""

import torch
from torch.nn import functional as F


def network(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    hidden = torch.tanh(x @ w + b)
    return F.cross_entropy(hidden, torch.tensor([0, 2]))
