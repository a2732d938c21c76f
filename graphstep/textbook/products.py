"""Matrix products and attention, written out."""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from graphstep.textbook.expansion import Expansion, Scope, Write
from graphstep.textbook.windows import convolved_element, pooled_element


def _mm(scope: Scope) -> Expansion:
    return Expansion("sum(unsqueeze(x, 2)*unsqueeze(y, 0), 1)")


def _bmm(scope: Scope) -> Expansion:
    return Expansion("sum(unsqueeze(x, 3)*unsqueeze(y, 1), 2)")


def _addmm(scope: Scope) -> Expansion:
    product = _times(scope["alpha"], "sum(unsqueeze(y, 2)*unsqueeze(z, 0), 1)")
    return Expansion(f"{_times(scope['beta'], 'x')} + {product}")


def _baddbmm(scope: Scope) -> Expansion:
    product = _times(scope["alpha"], "sum(unsqueeze(y, 3)*unsqueeze(z, 1), 2)")
    return Expansion(f"{_times(scope['beta'], 'x')} + {product}")


def _addmv(scope: Scope) -> Expansion:
    product = _times(scope["alpha"], "sum(y*z, 1)")
    return Expansion(f"{_times(scope['beta'], 'x')} + {product}")


def _times(factor: float, text: str) -> str:
    return text if factor == 1 else f"{factor!r}*{text}"


def _attention(scope: Scope) -> Expansion | None:
    q, k, mask = scope["x"], scope["y"], scope["attn_mask"]
    keys, values, spread = "y", "z", ""
    if q.shape[1] != k.shape[1]:
        spread = f"k = {_shared('y', k, q)}; u = {_shared('z', scope['z'], q)}; "
        keys, values = "k", "u"
    scale = 1 / math.sqrt(q.shape[-1]) if scope["scale"] is None else scope["scale"]
    constants = {}
    hidden = ""
    if scope["is_causal"] or mask is not None:
        hides = torch.zeros(q.shape[-2], k.shape[-2], dtype=q.dtype, device=q.device)
        if scope["is_causal"]:
            later = torch.ones_like(hides, dtype=torch.bool).triu(1)
            hides = hides.masked_fill(later, -math.inf)
        constants["hides"] = hides if mask is None else hides + mask
        hidden = " + hides"
    if constants and bool((constants["hides"] == -math.inf).all(-1).any()):
        return None
    return Expansion(
        f"{spread}s = {scale!r}*matmul(x, transpose({keys}, -2, -1)){hidden}; "
        "e = exp(s - detach(amax(s, -1, keepdim=True))); "
        f"p = e/sum(e, -1, keepdim=True); matmul(p, {values})",
        constants,
    )


def _shared(name: str, k: Tensor, q: Tensor) -> str:
    """Give every head of the queries its head of the keys: neighbouring heads share one."""
    batch, heads, length, width = k.shape
    times = q.shape[1] // heads
    wide = f"unsqueeze({name}, 2).expand({batch}, {heads}, {times}, {length}, {width})"
    return f"reshape({wide}, {(batch, heads * times, length, width)})"


def element(name: str, scope: Scope, index: Sequence[int]) -> Expansion | None:
    """Write one entry of a result out: of a matrix product a row times a column, of a convolution
    a patch times a kernel, of a max pooling the greatest of a window; None for other operations.
    """
    row, column = index[-2:] if len(index) > 1 else (0, 0)
    if name == "mm":
        return Expansion(f"r = x[{row}]; c = y[:, {column}]; sum(r*c)")
    if name == "bmm":
        return Expansion(f"r = x[{index[0]}, {row}]; c = y[{index[0]}, :, {column}]; sum(r*c)")
    if name == "mv":
        return Expansion(f"r = x[{index[0]}]; sum(r*y)")
    if name == "convolution":
        return convolved_element(scope, index)
    if name in ("max_pool2d_with_indices", "max_pool3d_with_indices"):
        return pooled_element(scope, index)
    if name != "addmm":
        return None
    added = scope["x"]
    places = [row, column][2 - added.dim() :]
    kept = [place if size > 1 else 0 for place, size in zip(places, added.shape, strict=True)]
    start = f"x[{', '.join(map(str, kept))}]" if kept else "x"
    product = _times(scope["alpha"], "sum(r*c)")
    return Expansion(
        f"r = y[{row}]; c = z[:, {column}]; {_times(scope['beta'], start)} + {product}"
    )


ELEMENTS = "mm, bmm, addmm, mv, convolution and max_pool"
"""What one entry is written out of."""

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
