"""Every elementwise row far from 1 and next to 0, and every reduction at infinities, NaN and ties.

The rows come from the table and the calls from their samples: a new row is here by itself.
"""

from __future__ import annotations

import math

import pytest
import torch

from graphstep.rules.table import FAMILIES
from tests.rules.test_edges import SLICES
from tests.rules.test_every_edge import ELEMENTWISE, UNLIKE_AT_INFINITY, agrees, calls, filled

INF, NAN = float("inf"), float("nan")
FAR = {
    torch.float64: [
        5e-324, -5e-324, 2.2e-308, 1e-300, -1e-160, 1e-17, -1e-17, 1e-9, 0.999999999, 1.0000001,
        3.0, -3.0, 20.5, -20.0, 36.8, -88.8, 709.9, -745.2, 1e8, -1e8, 1e155, -1e155, 1.7e308,
    ],
    torch.float32: [
        1e-45, -1e-45, 1.2e-38, -1e-30, 1e-20, 1e-9, -1e-9, 1e-4, 0.9999999, 1.0000001, 3.0, -3.0,
        9.1, -9.1, 16.7, 20.5, 88.8, -104.0, 1e8, -1e8, 1e19, 3.3e38, -3.3e38, 0.0, -0.0, INF, -INF,
        NAN,
    ],
}  # fmt: skip
CLOSE = {torch.float64: 1e-10, torch.float32: 2e-5}
APART = {
    "atan2": "torch divides 1 by x² + y² first: inf where that is subnormal",
    "special_log_ndtr": "torch's formula loses all digits below -20, where the slope is -x",
    "tanh_backward": "a product of three overflows in another order, of what no tanh gives",
    "gelu": "torch's 1 + erf(x) has no digits left below -6; these are the same in float64",
}
"""Rows that part from torch's kernels out there, and why."""

REDUCTIONS = [
    row.name
    for family in ("reductions", "running and twofold reductions", "extremes")
    for row in FAMILIES[family]
]
AT_INFINITY = {
    "cumprod": "torch divides by the elements, and has nan where ours is inf",
    "logcumsumexp": "torch takes inf - inf for no path",
}


@pytest.mark.full
@pytest.mark.parametrize("dtype", FAR, ids=str)
@pytest.mark.parametrize("row", [row for row in ELEMENTWISE if row not in APART])
def test_a_row_gives_what_torchs_kernels_give_far_out(row: str, dtype: torch.dtype) -> None:
    numbers = [x for x in FAR[dtype] if row not in UNLIKE_AT_INFINITY or math.isfinite(x)]
    for leaves in filled(calls(row)[0], torch.tensor(numbers, dtype=dtype)):
        agrees(calls(row)[0], leaves, 1.0, CLOSE[dtype], 4 * torch.finfo(dtype).tiny)


@pytest.mark.parametrize("row", REDUCTIONS)
@pytest.mark.filterwarnings("ignore:.*degrees of freedom is <= 0.*:UserWarning")
def test_a_reduction_gives_what_torchs_kernels_give(row: str) -> None:
    for sample in calls(row)[:3]:
        for numbers in SLICES:
            if row not in AT_INFINITY or all(map(math.isfinite, numbers)):
                points = torch.tensor(numbers, dtype=torch.float64)
                agrees(sample, next(filled(sample, points)), 1.0, 1e-10, 1e-15)


def test_every_exception_is_a_row_that_is_here() -> None:
    assert APART.keys() <= set(ELEMENTWISE)
    assert AT_INFINITY.keys() <= set(REDUCTIONS)
