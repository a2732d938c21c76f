"""The functions of the rules for scaled dot product attention."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor


def attention_weights(
    q: Tensor, k: Tensor, is_causal: bool, mask: Tensor | None, scale: float | None
) -> Tensor:
    """Return P = softmax(scale·q kᵀ + mask), rows that see nothing being 0.

    `scale` is 1/√(width of q) where it is None; `is_causal` hides what comes later. Where `q` has
    more heads than `k`, neighbouring heads share a key.
    """
    scores = q @ shared(k, q).mT * _scale(q, scale)
    if is_causal:
        seen = torch.ones(scores.shape[-2:], dtype=torch.bool, device=q.device).tril()
        scores = scores.masked_fill(~seen, -math.inf)
    if mask is not None:
        scores = scores + mask
    weights: Tensor = torch.ops.aten._safe_softmax(scores, -1)
    return weights


def attention_scores(g: Tensor, weights: Tensor, value: Tensor) -> Tensor:
    """Return the scores' adjoint S̄ = P·(P̄ - Σ P·P̄) with P̄ = v̄ valueᵀ."""
    above = g @ shared(value, g).mT
    return weights * (above - (weights * above).sum(-1, keepdim=True))


def attention_query(
    g: Tensor, q: Tensor, k: Tensor, value: Tensor, weights: Tensor, scale: float | None
) -> Tensor:
    """Return the query's adjoint, scale·S̄ k."""
    return attention_scores(g, weights, value) @ shared(k, q) * _scale(q, scale)


def attention_key(
    g: Tensor, q: Tensor, k: Tensor, value: Tensor, weights: Tensor, scale: float | None
) -> Tensor:
    """Return the key's adjoint, scale·S̄ᵀ q."""
    return unshared(attention_scores(g, weights, value).mT @ q * _scale(q, scale), k)


def attention_tangent(
    dq: Tensor,
    dk: Tensor,
    dvalue: Tensor,
    q: Tensor,
    k: Tensor,
    value: Tensor,
    weights: Tensor,
    scale: float | None,
    dmask: Tensor | float = 0.0,
) -> Tensor:
    """Return Ṗ·value + P·ẇ with Ṗ = P·(Ṡ - Σ P·Ṡ), Ṡ = scale·(q̇ kᵀ + q k̇ᵀ), ẇ the value's.

    `dmask` is the tangent of what was added to the scores.
    """
    scores = (dq @ shared(k, q).mT + q @ shared(dk, q).mT) * _scale(q, scale) + dmask
    change = weights * (scores - (weights * scores).sum(-1, keepdim=True))
    return change @ shared(value, q) + weights @ shared(dvalue, q)


def shared(k: Tensor, q: Tensor) -> Tensor:
    """Give every head of `q` its head of `k`."""
    times = q.shape[1] // k.shape[1]
    return k if times == 1 else k.repeat_interleave(times, 1)


def unshared(g: Tensor, k: Tensor) -> Tensor:
    """Sum over the heads that shared one of `k`'s."""
    return g if g.shape[1] == k.shape[1] else g.unflatten(1, (k.shape[1], -1)).sum(2)


def _scale(q: Tensor, scale: float | None) -> float:
    return 1 / math.sqrt(q.shape[-1]) if scale is None else scale


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "attention_weights": attention_weights,
    "attention_scores": attention_scores,
    "attention_query": attention_query,
    "attention_key": attention_key,
    "attention_tangent": attention_tangent,
    "unshared": unshared,
}
