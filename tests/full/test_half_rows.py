"""Every row's samples in half precision: right up to the roundings of that precision."""

from __future__ import annotations

import warnings

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.rules.table import ROWS
from tests.rules.opened import outputs_of
from tests.rules.samples import Sample
from tests.rules.samples_all import SAMPLES

pytestmark = pytest.mark.full
IN_HALF = 240
"""At least so many rows are reached: torch has no half precision kernel for the others."""


def half_trace(sample: Sample, dtype: torch.dtype) -> gs.Trace | None:
    """Trace a sample in another dtype; None where torch cannot run or differentiate it."""
    leaves = tuple(x.detach().to(dtype).requires_grad_() for x in sample.leaves())
    generator = torch.Generator().manual_seed(7)
    try:
        outputs = outputs_of(sample.function(*leaves))
        seeds = [torch.randn(o.shape, generator=generator).to(o.dtype) for o in outputs]
        torch.autograd.grad(outputs, leaves, seeds)
    except (RuntimeError, NotImplementedError, TypeError):
        return None

    def again(*x: Tensor) -> object:
        return sample.function(*x)

    return gs.trace(again, *leaves, grad_output=seeds)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
def test_every_row_is_right_in_half_precision(
    dtype: torch.dtype, capsys: pytest.CaptureFixture[str]
) -> None:
    reached: set[str] = set()
    wrong: list[str] = []
    count = rounded = 0
    with warnings.catch_warnings(action="ignore"):
        for sample in SAMPLES:
            found = half_trace(sample, dtype)
            if found is None:
                continue
            report = found.check()
            count += 1
            rounded += any(node.verdict.rounded for node in report.nodes)
            reached.add(sample.row)
            if not report.ok:
                wrong.append(f"{sample}\n{report.text()}")
    with capsys.disabled():
        print(f"\n{dtype}: {count} samples of {len(reached)} of {len(ROWS)} rows, "
              f"{rounded} settled in float64")  # fmt: skip
    assert wrong == []
    assert len(reached) >= IN_HALF
