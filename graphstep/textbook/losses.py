"""Losses, written out as a mean or a sum over samples."""

from __future__ import annotations

import torch

from graphstep.textbook.expansion import Expansion, Scope, Write

_NONE, _MEAN = 0, 1
"""Torch's numbers for reduction='none' and 'mean'; 2 is 'sum'."""


def _reduced(inner: str, reduction: int) -> str:
    if reduction == _NONE:
        return inner
    return f"{'mean' if reduction == _MEAN else 'sum'}({inner})"


def _mse(scope: Scope) -> Expansion:
    return Expansion(_reduced("(x - y)**2", scope["reduction"]))


def _binary_cross_entropy(scope: Scope) -> Expansion:
    weight = "" if scope["weight"] is None else "weight*"
    return Expansion(_reduced(f"-{weight}(y*log(x) + (1 - y)*log(1 - x))", scope["reduction"]))


def _with_logits(scope: Scope) -> Expansion:
    weight = "" if scope["weight"] is None else "weight*"
    positive = "" if scope["pos_weight"] is None else "pos_weight*"
    inner = f"-{weight}({positive}y*log(p) + (1 - y)*log(1 - p))"
    return Expansion(f"p = sigmoid(x); {_reduced(inner, scope['reduction'])}")


def _smooth_l1(scope: Scope) -> Expansion:
    beta = scope["beta"]
    inner = f"where(abs(d) < {beta!r}, 0.5*d*d/{beta!r}, abs(d) - {beta / 2!r})"
    return Expansion(f"d = x - y; {_reduced(inner if beta else 'abs(d)', scope['reduction'])}")


def _huber(scope: Scope) -> Expansion:
    delta = scope["delta"]
    inner = f"where(abs(d) <= {delta!r}, 0.5*d*d, {delta!r}*(abs(d) - {delta / 2!r}))"
    return Expansion(f"d = x - y; {_reduced(inner, scope['reduction'])}")


def _soft_margin(scope: Scope) -> Expansion:
    return Expansion(_reduced("log1p(exp(-y*x))", scope["reduction"]))


def _nll(scope: Scope) -> Expansion:
    """Pick the true class of each sample; `share` weighs it, with 0 where it is to be ignored."""
    x, target, weight = scope["x"], scope["target"], scope["weight"]
    dim = 1 if x.dim() > 1 else 0
    ignored = target == scope["ignore_index"]
    index = target.masked_fill(ignored, 0)
    share = torch.ones_like(index, dtype=x.dtype) if weight is None else weight[index]
    share = share.masked_fill(ignored, 0)
    constants = {"index": index.unsqueeze(dim)}
    picked = f"gather(x, {dim}, index)"
    if not bool((share == 1).all()):
        constants["share"] = share.unsqueeze(dim)
        picked = f"share*{picked}"
    if scope["reduction"] == _NONE:
        return Expansion(f"-squeeze({picked}, {dim})", constants)
    if scope["reduction"] == _MEAN:
        return Expansion(f"-sum({picked})/{float(share.sum())!r}", constants)
    return Expansion(f"-sum({picked})", constants)


EXPANSIONS: dict[str, Write] = {
    "mse_loss": _mse,
    "binary_cross_entropy": _binary_cross_entropy,
    "binary_cross_entropy_with_logits": _with_logits,
    "smooth_l1_loss": _smooth_l1,
    "huber_loss": _huber,
    "soft_margin_loss": _soft_margin,
    "nll_loss_forward": _nll,
    "nll_loss2d_forward": _nll,
}
