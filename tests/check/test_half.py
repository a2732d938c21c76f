"""In half precision the float64 oracles cannot always tell, and then they do not accuse."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.rules import table
from graphstep.rules.row import Row


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_ties_that_only_half_precision_has_are_no_disagreement(dtype: torch.dtype) -> None:
    x = torch.tensor([1.0, 1.0, 0.5], dtype=dtype, requires_grad=True)
    shift = torch.tensor([0.0, 1e-4, 0.0], dtype=torch.float32)
    report = gs.trace(lambda x: (x + shift.to(dtype)).topk(2).values.prod() * x.sum(), x).check()
    assert report.ok, report.text()


def test_the_engine_still_catches_a_planted_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(table.ROWS, "exp", Row("exp", "exp(x)", "-v"))
    x = torch.tensor([0.5, -0.5], dtype=torch.bfloat16, requires_grad=True)
    report = gs.trace(lambda x: x.exp().sum(), x).check()
    assert not report.ok
    assert report.first_disagreement == "v_0"
    assert report.oracles()["engine"] == "disagrees"
    assert report.oracles()["numeric"] == "skipped: half precision rounds too coarsely to tell"
