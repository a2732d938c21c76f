"""The programs that the benchmarks run, from one expression to a small language model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from workloads.models import Chain, Expression, Gpt, Perceptron, ResNet, Unrolled


@dataclass(frozen=True)
class Workload:
    """Name one program, and build its module and arguments afresh."""

    name: str
    build: Callable[[], tuple[nn.Module, tuple[Tensor, ...]]]
    in_quick: bool = True


def _expression() -> tuple[nn.Module, tuple[Tensor, ...]]:
    return Expression(), tuple(torch.tensor(v, requires_grad=True) for v in (10.0, 20.0))


def _chain(length: int) -> Callable[[], tuple[nn.Module, tuple[Tensor, ...]]]:
    return lambda: (Chain(length), (torch.linspace(0, 1, 4).requires_grad_(),))


WORKLOADS = (
    Workload("3a + ab", _expression),
    Workload("chain of 10", _chain(10)),
    Workload("chain of 100", _chain(100)),
    Workload("chain of 1,000", _chain(1_000)),
    Workload("chain of 10,000", _chain(10_000), in_quick=False),
    Workload(
        "3-layer MLP, 32 rows",
        lambda: (Perceptron(), (torch.randn(32, 64), torch.randint(10, (32,)))),
    ),
    Workload(
        "ResNet-18-like, 2 × 64²",
        lambda: (ResNet(), (torch.randn(2, 3, 64, 64), torch.randint(10, (2,)))),
        in_quick=False,
    ),
    Workload("GPT-2-like, 4 × 256", lambda: (Gpt(), (torch.randint(1000, (2, 64)),))),
    Workload("LSTMCell × 200", lambda: (Unrolled(), (torch.randn(200, 4, 16),)), in_quick=False),
)
