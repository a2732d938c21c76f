"""Every elementwise row of the table at zeros, infinities, NaN and ties, in double and in half.

The rows come from the table and the calls from their samples: a new row is here by itself.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor

from graphstep.api import trace
from graphstep.rules.table import FAMILIES
from tests.rules.opened import outputs_of
from tests.rules.samples import Sample
from tests.rules.samples_all import SAMPLES

INF, NAN = float("inf"), float("nan")
POINTS = [0.0, -0.0, 1.0, -1.0, 2.0, -2.0, 0.5, INF, -INF, NAN, 1e300, -1e-300]
HALF_POINTS = [*POINTS[:10], 7.5, -0.125]
SEEDS = (1.0, INF, 0.0, NAN)
FINITE = [x for x in POINTS if math.isfinite(x)]
HALVES = {torch.float16: 4e-3, torch.bfloat16: 3e-2}
_KERNELS = "torch's vectorised kernel and the one for single elements differ at nan"
_ORDER = "torch multiplies by the adjoint before it divides or chooses: inf·0 is nan there"
UNLIKE_AT_INFINITY = {
    "special_log_ndtr": "torch's formula has nan at -inf, where the slope is inf",
    **dict.fromkeys(("hardtanh", "hardshrink", "softshrink"), _KERNELS),
    **{
        f"{name}_backward": _KERNELS
        for name in ("hardtanh", "hardshrink", "softshrink", "hardswish")
    },
    **dict.fromkeys(("copysign", "hypot", "atan2", "softplus_backward", "gelu_backward"), _ORDER),
}
"""Rows that agree with torch where all is finite, and why not beyond."""
LACKING = re.compile("not implemented for|only supported for half, float and double")
"""What torch says of a kernel that it has not in half precision."""
ELEMENT_BY_ELEMENT = ("elementwise", "special functions", "activations")
DRAWS = {row.name for row in FAMILIES["random draws"]}
"""A draw refuses parameters that are not finite."""

ELEMENTWISE = [
    row.name
    for family, rows in FAMILIES.items()
    for row in rows
    if row.name not in DRAWS and (row.tangent is None or family in ELEMENT_BY_ELEMENT)
]


def calls(row: str) -> list[Sample]:
    """Return the samples of a row, of those with several leaves the first two."""
    found = [s for s in SAMPLES if s.row == row and s.dtype == torch.float64]
    several = [s for s in found if len(s.shapes) > 1]
    return [s for s in found if s not in several[2:]]


def filled(sample: Sample, points: Tensor) -> Iterator[list[Tensor]]:
    """Yield leaves filled with points: each of the first leaf's meets each of the others'."""
    several = len(sample.shapes) > 1
    for first in range(0, len(points), 1 if several else 6):
        for others in (0, 6)[: 1 + several]:
            yield [
                points.roll(others + k if k else first)
                .repeat(-(-math.prod(shape) // len(points)))[: math.prod(shape)]
                .reshape(shape)
                for k, shape in enumerate(sample.shapes)
            ]


def agrees(sample: Sample, leaves: list[Tensor], seed: float, close: float, away: float) -> None:
    """Hold every adjoint against torch's, with the same `seed` for all elements."""
    with torch.no_grad():
        outputs = outputs_of(sample.function(*leaves))
    found = trace(sample.function, *leaves, grad_output=[torch.full_like(o, seed) for o in outputs])
    if any(found.value(i).is_complex() for i in found.values):
        return  # complex numbers have tests of their own
    assert {term.rule for term in found.sweep.terms} == {"own"}
    for i, theirs in found.engine.items():
        ours = found.sweep.adjoints[i]
        assert theirs is not None
        assert ours is not None
        torch.testing.assert_close(ours, theirs, rtol=close, atol=away, equal_nan=True)


@pytest.mark.parametrize("row", ELEMENTWISE)
def test_a_row_gives_what_torchs_kernels_give(row: str) -> None:
    finite = row in UNLIKE_AT_INFINITY
    for sample in calls(row):
        seeds = SEEDS if len(sample.shapes) == 1 else SEEDS[:2]
        points = torch.tensor(FINITE if finite else POINTS, dtype=torch.float64)
        for leaves in filled(sample, points):
            for seed in filter(math.isfinite, seeds) if finite else seeds:
                agrees(sample, leaves, seed, 1e-10, 0)


@pytest.mark.filterwarnings("ignore:ComplexHalf support is experimental:UserWarning")
@pytest.mark.parametrize("dtype", HALVES, ids=str)
@pytest.mark.parametrize("row", ELEMENTWISE)
def test_a_row_gives_what_torchs_kernels_give_in_half(row: str, dtype: torch.dtype) -> None:
    sample = calls(row)[0]
    numbers = [n for n in HALF_POINTS if row not in UNLIKE_AT_INFINITY or math.isfinite(n)]
    for leaves in filled(sample, torch.tensor(numbers, dtype=dtype)):
        try:
            agrees(sample, leaves, 1.0, HALVES[dtype], 2 * torch.finfo(dtype).eps)
        except (NotImplementedError, RuntimeError) as error:
            if not LACKING.search(str(error)):
                raise
            return


def test_every_elementwise_row_is_here() -> None:
    assert {"atan2", "gelu", "special_i1e", "tanh_backward", "maximum"} <= set(ELEMENTWISE)
    assert len(ELEMENTWISE) > 100
    assert UNLIKE_AT_INFINITY.keys() <= set(ELEMENTWISE)
