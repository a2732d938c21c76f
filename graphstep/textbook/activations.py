"""Activations, written out."""

from __future__ import annotations

from graphstep.textbook.expansion import Expansion, Scope, Write

LARGE = 30.0
"""Where |x| is larger than this an exponential may overflow, and a choice is written instead."""


def _gelu(scope: Scope) -> Expansion:
    if scope["approximate"] == "tanh":
        return Expansion("0.5*x*(1 + tanh(0.7978845608028654*(x + 0.044715*x**3)))")
    return Expansion("0.5*x*(1 + erf(x/1.4142135623730951))")


def _softplus(scope: Scope) -> Expansion:
    x, beta, threshold = scope["x"], scope["beta"], scope["threshold"]
    factor, divisor = ("", "") if beta == 1 else (f"{beta!r}*", f"/{beta!r}")
    if not bool((beta * x > min(threshold, LARGE)).any()):
        return Expansion(f"log1p(exp({factor}x)){divisor}")
    over = f"{factor}x > {threshold!r}"
    return Expansion(
        f"small = where({over}, 0.0, x); where({over}, x, log1p(exp({factor}small)){divisor})"
    )


def _mish(scope: Scope) -> Expansion:
    inner = "softplus(x)" if _is_large(scope) else "log1p(exp(x))"
    return Expansion(f"x*tanh({inner})")


def _elu(scope: Scope) -> Expansion:
    alpha, scale, inner = scope["alpha"], scope["scale"], scope["input_scale"]
    low = f"{_times(alpha)}(exp({_times(inner)}low) - 1)"
    return Expansion(f"low = where(x > 0, 0.0, x); {_times(scale)}where(x > 0, x, {low})")


def _celu(scope: Scope) -> Expansion:
    alpha = scope["alpha"]
    low = "low" if alpha == 1 else f"low/{alpha!r}"
    return Expansion(
        f"low = where(x > 0, 0.0, x); where(x > 0, x, {_times(alpha)}(exp({low}) - 1))"
    )


def _log_sigmoid(scope: Scope) -> Expansion | None:
    return None if _is_large(scope) else Expansion("-log1p(exp(-x))")


def _glu(scope: Scope) -> Expansion:
    x, dim = scope["x"], scope["dim"]
    half = x.shape[dim] // 2
    return Expansion(
        f"a = narrow(x, {dim}, 0, {half}); b = narrow(x, {dim}, {half}, {half}); a*sigmoid(b)"
    )


def _leaky_relu(scope: Scope) -> Expansion:
    return Expansion(f"where(x > 0, x, {scope['negative_slope']!r}*x)")


def _is_large(scope: Scope) -> bool:
    return bool((scope["x"].abs() > LARGE).any())


def _times(factor: float) -> str:
    return "" if factor == 1 else f"{factor!r}*"


EXPANSIONS: dict[str, Write] = {
    "gelu": _gelu,
    "sigmoid": lambda scope: Expansion("1/(1 + exp(-x))"),
    "tanh": lambda scope: Expansion("2*sigmoid(2*x) - 1"),
    "silu": lambda scope: Expansion("x*sigmoid(x)"),
    "softplus": _softplus,
    "mish": _mish,
    "elu": _elu,
    "celu": _celu,
    "log_sigmoid_forward": _log_sigmoid,
    "glu": _glu,
    "leaky_relu": _leaky_relu,
    "hardswish": lambda scope: Expansion("x*clamp(x + 3, 0, 6)/6"),
    "relu": lambda scope: Expansion("where(x > 0, x, 0.0)"),
}
