"""Zeros, infinities, NaN and ties: a row gives what torch's own kernels give there."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from functools import partial

import pytest
import torch
from torch import Tensor

from graphstep.api import Trace, trace

INF, NAN = float("inf"), float("nan")
POINTS = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, INF, -INF, NAN, 1e300, -1e-300]
SEEDS = [1.0, 0.0, INF, NAN]

UNARY: dict[str, Callable[[Tensor], Tensor]] = {
    name: getattr(torch, name)
    for name in (
        "neg", "reciprocal", "sqrt", "rsqrt", "exp", "exp2", "expm1", "log", "log2", "log10",
        "log1p", "sin", "cos", "tan", "asin", "acos", "atan", "sinh", "cosh", "tanh", "sigmoid",
        "relu", "abs",
    )
} | {
    "leaky_relu": torch.nn.functional.leaky_relu,
    "silu": torch.nn.functional.silu,
    **{f"pow {p}": partial(torch.pow, exponent=p) for p in (0, 0.0, 1, 2, 3, -1, 0.5, -0.5)},
    **{f"of {b}": partial(torch.pow, b) for b in (0, 1, 2, -2)},
    "where 0": lambda x: torch.where(x == 0, 0.0, 1 / x),
    "where sqrt": lambda x: torch.where(x > 0, x.sqrt(), x),
    "masked_fill": lambda x: x.masked_fill(x.isnan(), 0.0) * x,
    "softmax": lambda x: torch.softmax(x, 0),
}  # fmt: skip


def agrees(found: Trace) -> None:
    for i, theirs in found.engine.items():
        ours = found.sweep.adjoints[i]
        assert theirs is not None
        assert ours is not None
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=0, equal_nan=True)
    assert {term.rule for term in found.sweep.terms} == {"own"}


@pytest.mark.parametrize("name", UNARY)
def test_unary_edges(name: str) -> None:
    for seed in SEEDS:
        x = torch.tensor(POINTS, dtype=torch.float64)
        agrees(trace(UNARY[name], x, grad_output=torch.full_like(x, seed)))


@pytest.mark.parametrize(
    "function",
    [torch.add, torch.sub, torch.mul, torch.div, torch.pow],
    ids=["add", "sub", "mul", "div", "pow"],
)
def test_binary_edges(function: Callable[[Tensor, Tensor], Tensor]) -> None:
    pairs = torch.tensor(list(itertools.product(POINTS, POINTS)), dtype=torch.float64)
    x, y = pairs.T.contiguous()
    for seed in SEEDS:
        agrees(trace(lambda x, y: function(x, y), x, y, grad_output=torch.full_like(x, seed)))


def test_the_where_trap_is_torchs_truth() -> None:
    x = torch.tensor([0.0, 4.0], dtype=torch.float64)
    found = trace(lambda x: torch.where(x > 0, torch.sqrt(x), torch.zeros_like(x)).sum(), x)
    gradient = found.adjoint("x")
    assert gradient is not None
    assert gradient.isnan().tolist() == [True, False]
    assert found.check().ok


def test_sqrt_of_zero_is_infinite() -> None:
    gradient = trace("sqrt(x)", x=0.0).adjoint("x")
    assert gradient is not None
    assert gradient.item() == INF


def test_relu_and_abs_have_no_slope_at_zero() -> None:
    for text in ("relu(x)", "abs(x)"):
        gradient = trace(text, x=0.0).adjoint("x")
        assert gradient is not None
        assert gradient.item() == 0.0


@pytest.mark.parametrize(
    "function",
    [
        lambda x: x.max(),
        lambda x: x.amax(),
        lambda x: torch.maximum(x, x.flip(0)).sum(),
        lambda x: x.median(),
        lambda x: x.max(0).values,
        lambda x: torch.fmax(x, x.flip(0)).sum(),
        lambda x: x.clamp(-1.0, 3.0).sum(),
        lambda x: torch.nn.functional.hardtanh(x, -1.0, 3.0).sum(),
        lambda x: torch.hypot(x, x - x).sum(),
        lambda x: (x * 0).norm(),
        lambda x: torch.atan2(x * 0, x * 0).sum(),
    ],
    ids=["max", "amax", "maximum", "median", "max_dim", "fmax", "clamp", "hardtanh", "hypot",
         "norm", "atan2"],
)  # fmt: skip
def test_ties_and_corners_are_torchs_own(function: Callable[[Tensor], Tensor]) -> None:
    x = torch.tensor([3.0, -1.0, 3.0, 0.0], dtype=torch.float64)
    found = trace(function, x)
    for i, theirs in found.engine.items():
        ours = found.sweep.adjoints[i]
        assert (ours is None) == (theirs is None)
        if ours is not None:
            torch.testing.assert_close(ours, theirs, rtol=0, atol=0, equal_nan=True)
    report = found.check()
    assert all(node.verdict.ok for node in report.nodes)
    assert report.by_torch
