"""When two tensors agree: by dtype, and never by accident."""

from __future__ import annotations

import re

import pytest
import torch
from torch import Tensor

from graphstep.check.verdict import compare, tolerance

INF, NAN = float("inf"), float("nan")


def of(*numbers: float, dtype: torch.dtype = torch.float32) -> Tensor:
    return torch.tensor(numbers, dtype=dtype)


@pytest.mark.parametrize(
    ("ours", "theirs", "ok", "error"),
    [
        (of(1.0), of(1.0), True, 0.0),
        (of(1.0), of(1.1), False, pytest.approx(0.1, rel=1e-5)),
        (of(NAN), of(NAN), True, 0.0),
        (of(NAN), of(1.0), False, INF),
        (of(1.0), of(NAN), False, INF),
        (of(1.0, NAN), of(1.0, NAN), True, 0.0),
        (of(0.0, 0.0, NAN), of(0.0, 0.0, NAN), True, 0.0),
        (of(NAN, 2.0), of(NAN, 1.0), False, 1.0),
        (of(INF), of(INF), True, 0.0),
        (of(-INF), of(INF), False, INF),
        (of(INF), of(1e30), False, INF),
        (of(1e30), of(INF), False, INF),
        (of(1.0), of(1.0, 1.0), False, INF),
        (torch.ones(2, 1), torch.ones(1, 2), False, INF),
        (of(), of(), True, 0.0),
        (None, None, True, 0.0),
        (None, of(0.0, -0.0), True, 0.0),
        (of(0.0), None, True, 0.0),
        (None, of(2.0, -3.0), False, 3.0),
        (of(1e-20), None, False, pytest.approx(1e-20)),
        (None, torch.zeros(0), True, 0.0),
        (of(1 + 1e-6), of(1.0), True, pytest.approx(1e-6, rel=0.1)),
        (of(1e-6), of(0.0), True, pytest.approx(1e-6, rel=1e-6)),
        (of(1 + 1e-6, dtype=torch.float64), of(1.0, dtype=torch.float64), False,
         pytest.approx(1e-6, rel=1e-6)),
        (of(1e6 + 1), of(1e6), True, 1.0),
        (of(1e6 + 3), of(1e6), False, 3.0),
    ],
)  # fmt: skip
def test_compare(ours: Tensor | None, theirs: Tensor | None, ok: bool, error: float) -> None:
    verdict = compare(ours, theirs)
    assert (verdict.ok, verdict.max_abs_error) == (ok, error)
    if verdict.torch is None or theirs is None:
        assert verdict.torch is theirs
    else:
        torch.testing.assert_close(verdict.torch, theirs, rtol=0, atol=0, equal_nan=True)


def test_an_absent_gradient_is_no_nan() -> None:
    verdict = compare(None, of(NAN))
    assert not verdict.ok
    assert verdict.max_abs_error != verdict.max_abs_error


def test_a_sparse_gradient_is_compared_as_a_dense_one() -> None:
    dense = torch.tensor([[0.0, 2.0], [0.0, 0.0]])
    assert compare(dense, dense.to_sparse()).ok
    assert not compare(dense * 2, dense.to_sparse()).ok


@pytest.mark.parametrize(
    "dtype",
    [torch.float16, torch.bfloat16, torch.float32, torch.float64,
     torch.complex64, torch.complex128],
)  # fmt: skip
def test_tolerances_are_those_of_torch_testing(dtype: torch.dtype) -> None:
    with pytest.raises(AssertionError) as caught:
        torch.testing.assert_close(torch.tensor([7], dtype=dtype), torch.tensor([1], dtype=dtype))
    absolute, relative = re.findall(r"up to (\S+) allowed", str(caught.value))
    assert tolerance(dtype) == (float(relative), float(absolute))


def test_whole_numbers_are_the_same_or_not() -> None:
    assert tolerance(torch.int64) == (0.0, 0.0)
    with pytest.raises(AssertionError, match="are not equal"):
        torch.testing.assert_close(torch.tensor([7]), torch.tensor([8]))
