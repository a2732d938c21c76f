"""Activations and reductions, written out."""

from __future__ import annotations

from math import prod

from graphstep.textbook.expansion import Expansion, Scope, Write, dims


def _softmax(scope: Scope) -> Expansion:
    """The greatest entry is taken off so that no exponential overflows; it cancels, so it is
    no part of the gradient.
    """
    dim = scope["dim"]
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


def _gelu(scope: Scope) -> Expansion:
    if scope["approximate"] == "tanh":
        return Expansion("0.5*x*(1 + tanh(0.7978845608028654*(x + 0.044715*x**3)))")
    return Expansion("0.5*x*(1 + erf(x/1.4142135623730951))")


def _mean(scope: Scope) -> Expansion:
    x, v = scope["x"], scope["v"]
    axes = dims(scope["dim"], x.dim())
    count = x.numel() // max(v.numel(), 1)
    if not x.dim():
        return Expansion("x/1")
    return Expansion(f"sum(x, {axes}, keepdim={bool(scope['keepdim'])})/{count}")


def _var(scope: Scope) -> Expansion | None:
    x = scope["x"]
    correction = scope.get("correction", 1)
    given = 1 if correction is None else correction
    axes = dims(scope["dim"], x.dim())
    chosen = scope["dim"] or range(x.dim())
    count = prod(x.shape[axis] for axis in ([chosen] if isinstance(chosen, int) else chosen))
    if not x.dim() or count - given <= 0:
        return None
    return Expansion(
        f"c = x - mean(x, {axes}, keepdim=True); "
        f"sum(c*c, {axes}, keepdim={bool(scope['keepdim'])})/{count - given:g}"
    )


EXPANSIONS: dict[str, Write] = {
    "_softmax": _softmax,
    "_safe_softmax": _softmax,
    "_log_softmax": _log_softmax,
    "logsumexp": _logsumexp,
    "gelu": _gelu,
    "sigmoid": lambda scope: Expansion("1/(1 + exp(-x))"),
    "tanh": lambda scope: Expansion("2*sigmoid(2*x) - 1"),
    "silu": lambda scope: Expansion("x*sigmoid(x)"),
    "mean": _mean,
    "var": _var,
}
