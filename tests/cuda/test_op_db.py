"""The first sample of every entry of torch's operator database on cuda, held against torch."""

from __future__ import annotations

import pytest
import torch

from tests.full.op_db import entries, examine
from tests.full.op_db_reasons import EXCLUDED
from tests.full.op_db_table import stored

pytestmark = pytest.mark.full
ON_CPU = stored()
NOT_ON_CUDA = {"sparse.mm.reduce": "torch has a kernel of it for the cpu only"}


@pytest.mark.parametrize("name", sorted(ON_CPU.keys() - EXCLUDED.keys() - NOT_ON_CUDA.keys()))
def test_adjoints_are_those_of_torch_on_cuda(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    if name not in entries():
        pytest.skip("the database of this torch has no such differentiable entry")
    found = examine(name, "cuda", (torch.float64,), 1)
    there, here = found.result, ON_CPU[name][0]
    if found.runs and there != here:
        with capsys.disabled():
            print(f"\n{name}: {here} on cpu, {there} on cuda ({', '.join(sorted(found.torch))})")
