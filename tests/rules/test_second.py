"""Gradients that are differentiated again go by rows of ours, as the first ones do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

from graphstep.api import trace

NETWORKS: dict[str, tuple[Callable[[], nn.Module], tuple[int, ...]]] = {
    "mlp": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1)), (2, 3)),
    "gelu": (lambda: nn.Sequential(nn.Linear(3, 4), nn.GELU(), nn.Linear(4, 1)), (2, 3)),
    "gates": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Sigmoid(), nn.LeakyReLU()), (2, 3)),
    "softmax": (lambda: nn.Sequential(nn.Linear(3, 4), nn.Softmax(1), nn.Linear(4, 1)), (2, 3)),
    "convolution": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 2, 3), nn.Softplus(), nn.AvgPool2d(2), nn.Flatten(), nn.Linear(8, 1)
        ),
        (2, 1, 6, 6),
    ),
    "layer norm": (
        lambda: nn.Sequential(nn.Linear(3, 4), nn.LayerNorm(4), nn.Tanh(), nn.Linear(4, 1)),
        (2, 3),
    ),
    "batch norm": (
        lambda: nn.Sequential(nn.Conv2d(1, 2, 3), nn.BatchNorm2d(2), nn.ELU(), nn.Flatten()),
        (2, 1, 5, 5),
    ),
    "group norm": (
        lambda: nn.Sequential(
            nn.Conv2d(1, 4, 3), nn.GroupNorm(2, 4), nn.PReLU(), nn.GLU(1), nn.LogSigmoid()
        ),
        (2, 1, 5, 5),
    ),
    "transposed": (
        lambda: nn.Sequential(
            nn.ConvTranspose1d(2, 3, 3, stride=2), nn.Tanh(), nn.AdaptiveAvgPool1d(2)
        ),
        (1, 2, 4),
    ),
}


@pytest.mark.parametrize("name", NETWORKS)
def test_a_gradient_penalty_goes_by_our_rows(name: str) -> None:
    made, shape = NETWORKS[name]
    torch.manual_seed(0)
    network = made().double()

    def penalty(x: Tensor) -> Tensor:
        (slope,) = torch.autograd.grad(network(x).sum(), x, create_graph=True)
        return slope.pow(2).sum()

    found = trace(penalty, torch.rand(shape, dtype=torch.float64))
    by_torch = {term.application.name for term in found.sweep.terms if term.rule == "torch"}
    assert by_torch == set()
    report = found.check()
    assert report.ok, report.text()
