"""A block with attention is checked by every oracle: its kernel draws nothing without dropout.

Its result lies in memory as a transposed one, which its tangent does not, and is then viewed.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs


class Block(nn.Module):
    """Causal self-attention of two heads, as GPT-2 has it."""

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.qkv, self.out = nn.Linear(8, 24), nn.Linear(8, 8)
        self.dropout = dropout

    def forward(self, x: Tensor) -> Tensor:
        shape = (*x.shape[:2], 2, 4)
        q, k, v = (part.view(shape).transpose(1, 2) for part in self.qkv(x).split(8, dim=2))
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True, dropout_p=self.dropout)
        result: Tensor = self.out(mixed.transpose(1, 2).reshape(x.shape)).square().sum()
        return result


def test_every_oracle_answers_for_attention_without_dropout() -> None:
    torch.manual_seed(0)
    report = gs.trace(Block(), torch.randn(2, 5, 8)).check()
    assert report.ok, report.text()
    assert set(report.oracles().values()) == {"ok"}
