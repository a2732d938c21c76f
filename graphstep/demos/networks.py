"""The demos that are functions of torch code, as their authors write them."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def micrograd(a: Tensor, b: Tensor) -> Tensor:
    """Return the expression of micrograd's README."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


def mazur(w: Tensor, v: Tensor) -> Tensor:
    """Return the squared error of Mazur's network; w holds w1 … w4, v holds w5 … w8."""
    inputs = w.new_tensor([0.05, 0.10])
    targets = w.new_tensor([0.01, 0.99])
    hidden = torch.sigmoid(w @ inputs + 0.35)
    output = torch.sigmoid(v @ hidden + 0.60)
    return (0.5 * (targets - output) ** 2).sum()


class Fit(nn.Module):
    """Give the mean squared error of a small network against sin(3x)."""

    def __init__(self) -> None:
        super().__init__()
        self.net = nn.Sequential(nn.Linear(1, 12), nn.Tanh(), nn.Linear(12, 1))

    def forward(self, x: Tensor) -> Tensor:
        """Return the loss at the points `x`."""
        off: Tensor = self.net(x.reshape(-1, 1)).reshape(-1) - torch.sin(3 * x)
        return (off**2).mean()
