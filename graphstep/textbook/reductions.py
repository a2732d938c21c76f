"""Softmax, reductions and look-ups, written out."""

from __future__ import annotations

from math import inf, prod

import torch

from graphstep.textbook.expansion import Expansion, Scope, Write, dims

MOST_ENTRIES = 1_000_000
"""Of a table for which the ones and zeros would be more than this none are written."""


def _softmax(scope: Scope) -> Expansion:
    dim = scope["dim"]
    # The greatest entry is taken off so that no exponential overflows; it cancels, so it is no
    # part of the gradient.
    return Expansion(
        f"e = exp(x - detach(amax(x, {dim}, keepdim=True))); e/sum(e, {dim}, keepdim=True)"
    )


def _log_softmax(scope: Scope) -> Expansion:
    dim = scope["dim"]
    return Expansion(
        f"c = x - detach(amax(x, {dim}, keepdim=True)); c - log(sum(exp(c), {dim}, keepdim=True))"
    )


def _logsumexp(scope: Scope) -> Expansion:
    axes = dims(scope["dim"], scope["x"].dim())
    keep = bool(scope["keepdim"])
    return Expansion(
        f"s = sum(exp(x - detach(amax(x, {axes}, keepdim=True))), {axes}, keepdim={keep}); "
        f"log(s) + detach(amax(x, {axes}, keepdim={keep}))"
    )


def _mean(scope: Scope) -> Expansion:
    x, v = scope["x"], scope["v"]
    axes = dims(scope["dim"], x.dim())
    count = x.numel() // max(v.numel(), 1)
    if not x.dim():
        return Expansion("x/1")
    return Expansion(f"sum(x, {axes}, keepdim={bool(scope['keepdim'])})/{count}")


def _var(scope: Scope) -> Expansion | None:
    x = scope["x"]
    if not x.dim():
        return None
    correction = scope.get("correction", 1)
    given = 1 if correction is None else correction
    axes = dims(scope["dim"], x.dim())
    chosen = scope["dim"] or range(x.dim())
    count = prod(x.shape[axis] for axis in ([chosen] if isinstance(chosen, int) else chosen))
    if count - given <= 0:
        return None
    return Expansion(
        f"c = x - mean(x, {axes}, keepdim=True); "
        f"sum(c*c, {axes}, keepdim={bool(scope['keepdim'])})/{count - given:g}"
    )


def _std(scope: Scope) -> Expansion | None:
    written = None if bool((scope["v"] == 0).any()) else _var(scope)
    if written is None:
        return None
    *before, last = written.text.split("; ")
    return Expansion("; ".join((*before, f"sqrt({last})")))


def _norm(scope: Scope) -> Expansion | None:
    x, p = scope["x"], scope.get("ord", scope.get("p"))
    p = 2.0 if p is None else float(p)
    if p <= 0 or p == inf or x.is_complex() or not x.dim() or bool((scope["v"] == 0).any()):
        return None
    axes, keep = dims(scope["dim"], x.dim()), bool(scope["keepdim"])
    if p == 1:
        return Expansion(f"sum(abs(x), {axes}, keepdim={keep})")
    if p == 2:
        return Expansion(f"sqrt(sum(x*x, {axes}, keepdim={keep}))")
    return Expansion(f"sum(abs(x)**{p!r}, {axes}, keepdim={keep})**{1 / p!r}")


def _embedding(scope: Scope) -> Expansion | None:
    """Write a row looked up as a row of ones and zeros times the table."""
    x, indices = scope["x"], scope["indices"]
    if scope["padding_idx"] >= 0 or scope["scale_grad_by_freq"]:
        return None
    if indices.numel() * x.shape[0] > MOST_ENTRIES:
        return None
    places = indices.reshape(-1, 1)
    onehot = torch.zeros(len(places), x.shape[0], dtype=x.dtype, device=x.device)
    onehot = onehot.scatter(1, places, 1)
    return Expansion(f"reshape(matmul(onehot, x), {tuple(scope['v'].shape)})", {"onehot": onehot})


EXPANSIONS: dict[str, Write] = {
    "_softmax": _softmax,
    "_safe_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "logsumexp": _logsumexp,
    "std": _std,
    "linalg_vector_norm": _norm,
    "norm": _norm,
    "embedding": _embedding,
    "mean": _mean,
    "var": _var,
}
