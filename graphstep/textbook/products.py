"""Matrix products and attention, written out."""

from __future__ import annotations

import math

import torch
from torch import Tensor

from graphstep.textbook.expansion import Expansion, Scope, Write, times


def _mm(scope: Scope) -> Expansion:
    return Expansion("sum(unsqueeze(x, 2)*unsqueeze(y, 0), 1)")


def _bmm(scope: Scope) -> Expansion:
    return Expansion("sum(unsqueeze(x, 3)*unsqueeze(y, 1), 2)")


def _addmm(scope: Scope) -> Expansion:
    product = times(scope["alpha"], "sum(unsqueeze(y, 2)*unsqueeze(z, 0), 1)")
    return Expansion(f"{times(scope['beta'], 'x')} + {product}")


def _baddbmm(scope: Scope) -> Expansion:
    product = times(scope["alpha"], "sum(unsqueeze(y, 3)*unsqueeze(z, 1), 2)")
    return Expansion(f"{times(scope['beta'], 'x')} + {product}")


def _addmv(scope: Scope) -> Expansion:
    product = times(scope["alpha"], "sum(y*z, 1)")
    return Expansion(f"{times(scope['beta'], 'x')} + {product}")


def _attention(scope: Scope) -> Expansion | None:
    q, k = scope["x"], scope["y"]
    keys, values, spread = "y", "z", ""
    if q.shape[1] != k.shape[1]:
        spread = f"k = {_shared('y', k, q)}; u = {_shared('z', scope['z'], q)}; "
        keys, values = "k", "u"
    hides = hidden_scores(scope)
    constants, hidden = ({}, "") if hides is None else ({"hides": hides}, " + hides")
    if hides is not None and bool(hides.isneginf().all(-1).any()):
        return None
    return Expansion(
        f"{spread}s = {scale_of(scope)!r}*matmul(x, transpose({keys}, -2, -1)){hidden}; "
        "e = exp(s - detach(amax(s, -1, keepdim=True))); "
        f"p = e/sum(e, -1, keepdim=True); matmul(p, {values})",
        constants,
    )


def scale_of(scope: Scope) -> float:
    """Return by what the scores of an attention are multiplied."""
    given: float | None = scope["scale"]
    return 1 / math.sqrt(scope["x"].shape[-1]) if given is None else given


def hidden_scores(scope: Scope) -> Tensor | None:
    """Return what an attention adds to its scores, −inf where one is hidden; None if nothing."""
    q, k, mask = scope["x"], scope["y"], scope["attn_mask"]
    if not scope["is_causal"] and mask is None:
        return None
    hides = torch.zeros(q.shape[-2], k.shape[-2], dtype=q.dtype, device=q.device)
    if scope["is_causal"]:
        later = torch.ones_like(hides, dtype=torch.bool).triu(1)
        hides = hides.masked_fill(later, -math.inf)
    return hides if mask is None else hides + mask


def _shared(name: str, k: Tensor, q: Tensor) -> str:
    """Give every head of the queries its head of the keys: neighbouring heads share one."""
    batch, heads, length, width = k.shape
    share = q.shape[1] // heads
    wide = f"unsqueeze({name}, 2).expand({batch}, {heads}, {share}, {length}, {width})"
    return f"reshape({wide}, {(batch, heads * share, length, width)})"


EXPANSIONS: dict[str, Write] = {
    "mm": _mm,
    "bmm": _bmm,
    "addmm": _addmm,
    "baddbmm": _baddbmm,
    "addmv": _addmv,
    "mv": lambda scope: Expansion("sum(x*y, 1)"),
    "dot": lambda scope: Expansion("sum(x*y)"),
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
}
