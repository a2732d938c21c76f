"""One entry of a result, written out: a row times a column, a row of a softmax, a window."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from torch import Tensor

from graphstep.textbook.expansion import Expansion, Scope, times
from graphstep.textbook.products import hidden_scores, scale_of
from graphstep.textbook.windows import convolved_element, pooled_element

Place: TypeAlias = Sequence[int]
"""Where an entry of the result is: an index for each of its axes."""


def _mm(scope: Scope, at: Place) -> Expansion:
    return Expansion(f"r = x[{at[0]}]; c = y[:, {at[1]}]; sum(r*c)")


def _bmm(scope: Scope, at: Place) -> Expansion:
    return Expansion(f"r = x[{at[0]}, {at[1]}]; c = y[{at[0]}, :, {at[2]}]; sum(r*c)")


def _mv(scope: Scope, at: Place) -> Expansion:
    return Expansion(f"r = x[{at[0]}]; sum(r*y)")


def _addmm(scope: Scope, at: Place) -> Expansion:
    return Expansion(f"r = y[{at[0]}]; c = z[:, {at[1]}]; {_added(scope, at)}")


def _baddbmm(scope: Scope, at: Place) -> Expansion:
    batch, row, column = at
    return Expansion(f"r = y[{batch}, {row}]; c = z[{batch}, :, {column}]; {_added(scope, at)}")


def _added(scope: Scope, at: Place) -> str:
    """Write r·c, and the entry of x that is added to it, which may be spread over several."""
    x: Tensor = scope["x"]
    places = at[len(at) - x.dim() :]
    kept = [place if size > 1 else 0 for place, size in zip(places, x.shape, strict=True)]
    start = f"x[{_joined(kept)}]" if kept else "x"
    return f"{times(scope['beta'], start)} + {times(scope['alpha'], 'sum(r*c)')}"


def _softmax(scope: Scope, at: Place) -> Expansion:
    row, k = _row(at, scope["dim"])
    return Expansion(f"{row}; e = exp(r - detach(amax(r, 0, keepdim=True))); e[{k}]/sum(e, 0)")


def _log_softmax(scope: Scope, at: Place) -> Expansion:
    row, k = _row(at, scope["dim"])
    return Expansion(
        f"{row}; c = r - detach(amax(r, 0, keepdim=True)); c[{k}] - log(sum(exp(c), 0))"
    )


def _layer_norm(scope: Scope, at: Place) -> Expansion | None:
    if len(scope["normalized_shape"]) != 1:
        return None
    row, k = _row(at, -1)
    scale = "" if scope["weight"] is None else f"*y[{k}]"
    shift = "" if scope["bias"] is None else f" + z[{k}]"
    return Expansion(
        f"{row}; c = r - mean(r, 0, keepdim=True); "
        f"s = sqrt(mean(c*c, 0) + {scope['eps']!r}); c[{k}]/s{scale}{shift}"
    )


def _row(at: Place, dim: int) -> tuple[str, int]:
    """Name the entries of x along `dim` r, and give the place of the entry among them."""
    dim %= len(at)
    kept = [":" if axis == dim else place for axis, place in enumerate(at)]
    return f"r = x[{_joined(kept)}]", at[dim]


def _attention(scope: Scope, at: Place) -> Expansion | None:
    q, k = scope["x"], scope["y"]
    batch, head, row, column = at
    shared = f"{batch}, {head * k.shape[1] // q.shape[1]}"
    hides = hidden_scores(scope)
    constants = {}
    hidden = ""
    if hides is not None:
        seen = hides.expand(*q.shape[:-1], k.shape[-2])[batch, head, row]
        if bool(seen.isneginf().all()):
            return None
        constants["hides"], hidden = seen, " + hides"
    return Expansion(
        f"q = x[{batch}, {head}, {row}]; s = {scale_of(scope)!r}*matmul(y[{shared}], q){hidden}; "
        "e = exp(s - detach(amax(s, 0, keepdim=True))); p = e/sum(e, 0, keepdim=True); "
        f"c = z[{shared}, :, {column}]; sum(p*c)",
        constants,
    )


def _joined(places: Sequence[int | str]) -> str:
    return ", ".join(map(str, places))


ENTRIES: Mapping[str, Callable[[Scope, Place], Expansion | None]] = {
    "mm": _mm,
    "bmm": _bmm,
    "mv": _mv,
    "addmm": _addmm,
    "baddbmm": _baddbmm,
    "_softmax": _softmax,
    "_safe_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "native_layer_norm": _layer_norm,
    "_scaled_dot_product_flash_attention_for_cpu": _attention,
    "convolution": convolved_element,
    "max_pool2d_with_indices": pooled_element,
    "max_pool3d_with_indices": pooled_element,
}
"""What writes one entry of a result, by the operation that made it."""
