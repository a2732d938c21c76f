"""Normalisations, written out: centre, divide by the deviation, scale and shift."""

from __future__ import annotations

from collections.abc import Sequence

from graphstep.textbook.expansion import Expansion, Scope, Write, dims


def _layer_norm(scope: Scope) -> Expansion:
    axes = dims(tuple(range(-len(scope["normalized_shape"]), 0)), 0)
    return Expansion(_standard(axes, scope["eps"]) + _affine(scope, "y", "z"))


def _batch_norm(scope: Scope) -> Expansion:
    x = scope["x"]
    shape = (1, -1, *[1] * (x.dim() - 2))
    affine = _affine(scope, f"reshape(y, {shape})", f"reshape(z, {shape})")
    if scope["training"]:
        axes = dims((0, *range(2, x.dim())), 0)
        return Expansion(_standard(axes, scope["eps"]) + affine)
    names = ("running_mean", "running_var")
    mean, variance = (f"reshape({name}, {shape})" for name in names)
    text = f"c = x - {mean}; s = sqrt({variance} + {scope['eps']!r}); c/s{affine}"
    return Expansion(text, {name: scope[name] for name in names})


def _group_norm(scope: Scope) -> Expansion:
    x, groups = scope["x"], scope["group"]
    grouped: Sequence[int] = (x.shape[0], groups, -1)
    channels = (1, -1, *[1] * (x.dim() - 2))
    affine = _affine(scope, f"reshape(weight, {channels})", f"reshape(bias, {channels})")
    return Expansion(
        f"r = reshape(x, {grouped}); c = r - mean(r, 2, keepdim=True); "
        f"s = sqrt(mean(c*c, 2, keepdim=True) + {scope['eps']!r}); "
        f"reshape(c/s, {tuple(x.shape)}){affine}"
    )


def _standard(axes: str, eps: float) -> str:
    return (
        f"c = x - mean(x, {axes}, keepdim=True); "
        f"s = sqrt(mean(c*c, {axes}, keepdim=True) + {eps!r}); c/s"
    )


def _affine(scope: Scope, weight: str, bias: str) -> str:
    scale = "" if scope["weight"] is None else f"*{weight}"
    return scale if scope["bias"] is None else f"{scale} + {bias}"


EXPANSIONS: dict[str, Write] = {
    "native_layer_norm": _layer_norm,
    "native_batch_norm": _batch_norm,
    "native_group_norm": _group_norm,
}
