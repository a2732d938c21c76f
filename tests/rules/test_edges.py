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

CALLS: dict[str, Callable[[Tensor], Tensor]] = {
    "clamp": lambda x: x.clamp(-1, 1),
    "xlogy of 0": lambda x: torch.xlogy(x, 0.0),
    "xlogy from 0": lambda x: torch.xlogy(0.0, x),
    **{f"pow {p}": partial(torch.pow, exponent=p) for p in (0.0, 3, -0.5)},
    **{f"of {b}": partial(torch.pow, b) for b in (0, 1, 2, -2)},
    "where 0": lambda x: torch.where(x == 0, 0.0, 1 / x),
    "where sqrt": lambda x: torch.where(x > 0, x.sqrt(), x),
    "masked_fill": lambda x: x.masked_fill(x.isnan(), 0.0) * x,
    "softmax": lambda x: torch.softmax(x, 0),
}
"""What the samples of the rows do not call: see test_every_edge.py for these."""


def bounds(x: Tensor, y: Tensor) -> Tensor:
    return torch.clamp(y.flip(0), x, y)


def first(function: Callable[..., tuple[Tensor, Tensor]], x: Tensor) -> Tensor:
    return function(x, 0)[0]


SLICES = [
    [1.0, 1.0, -2.0], [0.0, -0.0, 0.0], [INF, 1.0, INF], [-INF, -INF, 2.0], [NAN, 1.0, NAN],
    [-INF, -INF, -INF], [INF, -INF, 0.0], [0.0, 2.0, INF], [0.0, 0.0, 3.0], [5.0, 5.0, 5.0],
]  # fmt: skip
REDUCED: dict[str, Callable[[Tensor], Tensor]] = {
    **{f"{name} all": getattr(torch, name) for name in ("max", "min", "median", "prod")},
    **{
        f"{name} rows": partial(getattr(torch, name), dim=0)
        for name in ("amax", "amin", "prod", "logsumexp", "var", "std", "cumsum")
    },
    **{
        f"{name} chosen": partial(first, getattr(torch, name))
        for name in ("max", "min", "median", "mode", "sort")
    },
    **{
        f"norm {p}": partial(torch.linalg.vector_norm, ord=p)
        for p in (1, 2, 3, 0.5, 1.5, INF, -INF)
    },
    "var of one": lambda x: torch.var(x, 0, correction=3),
    "std of one": lambda x: torch.std(x, 0, correction=4),
    "_safe_softmax": lambda x: torch.ops.aten._safe_softmax(x, 0),
}


@pytest.mark.parametrize("name", REDUCED)
@pytest.mark.filterwarnings("ignore:.*degrees of freedom is <= 0.*:UserWarning")
def test_reduced_edges(name: str) -> None:
    for numbers, seed in itertools.product(SLICES, SEEDS):
        x = torch.tensor(numbers, dtype=torch.float64)
        with torch.no_grad():
            shape = REDUCED[name](x).shape
        agrees(trace(REDUCED[name], x, grad_output=torch.full(shape, seed, dtype=torch.float64)))


def agrees(found: Trace) -> None:
    for i, theirs in found.engine.items():
        ours = found.sweep.adjoints[i]
        assert theirs is not None
        assert ours is not None
        torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=0, equal_nan=True)
    assert {term.rule for term in found.sweep.terms} == {"own"}


@pytest.mark.parametrize("name", CALLS)
def test_edges_of_a_call(name: str) -> None:
    for seed in SEEDS:
        x = torch.tensor(POINTS, dtype=torch.float64)
        agrees(trace(CALLS[name], x, grad_output=torch.full_like(x, seed)))


def test_edges_of_two_bounds() -> None:
    pairs = torch.tensor(list(itertools.product(POINTS, POINTS)), dtype=torch.float64)
    x, y = pairs.T.contiguous()
    for seed in SEEDS:
        agrees(trace(bounds, x, y, grad_output=torch.full_like(x, seed)))


def test_the_moments_of_a_group_norm_have_adjoints_too() -> None:
    x = torch.rand(2, 4, 3, dtype=torch.float64)
    w = torch.rand(4, dtype=torch.float64)
    found = trace(lambda x, w: torch.native_group_norm(x, w, None, 2, 4, 3, 2, 1e-5), x, w)
    assert len(found.recorded.outputs) == 3
    assert found.check().ok
    assert {term.rule for term in found.sweep.terms} == {"own"}


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


@pytest.mark.parametrize(
    "function",
    [
        lambda x: torch.nn.functional.avg_pool2d(x, 2, 1, 1),
        lambda x: torch.nn.functional.adaptive_avg_pool2d(x, 3),
        lambda x: torch.nn.functional.interpolate(x, size=(7, 7), mode="nearest"),
    ],
    ids=["avg_pool2d", "adaptive_avg_pool2d", "nearest"],
)
def test_what_is_not_finite_stays_in_its_window(function: Callable[[Tensor], Tensor]) -> None:
    x = torch.ones(1, 1, 4, 4, dtype=torch.float64)
    for seed in (INF, NAN):
        seeds = torch.ones_like(function(x))
        seeds[0, 0, 0, 0] = seed
        agrees(trace(function, x, grad_output=seeds))
