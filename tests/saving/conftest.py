"""A file of a small network that is not damaged."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs


def _layers(x: torch.Tensor, w: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    hidden = torch.relu(x @ w + b)
    return hidden.log_softmax(-1).sum() + torch.cat([b, b]).max()


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    torch.manual_seed(0)
    trace = gs.trace(_layers, torch.randn(2, 3), torch.randn(3, 4), torch.randn(4))
    return trace.save(tmp_path_factory.mktemp("good") / "x.graphstep").read_bytes()
