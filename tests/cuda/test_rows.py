"""The rows of what only cuda has, held against the kernels themselves, and broken on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
import torch

from graphstep.rules.table import ROWS, row_for
from tests.full.mutations import judge, mutants, reason, tangents_part
from tests.rules.opened import opened
from tests.rules.samples import Sample
from tests.rules.samples_cuda import CUDA, CUDNN, FLASH

ONLY_HALF = (FLASH, CUDNN)
ON_CUDA = [
    replace(
        sample, device="cuda", dtype=torch.float16 if sample.row in ONLY_HALF else torch.float32
    )
    for sample in CUDA
]


@pytest.fixture(autouse=True)
def _exact() -> Iterator[None]:
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        yield


@pytest.mark.parametrize("sample", ON_CUDA, ids=str)
@pytest.mark.filterwarnings("ignore:RNN module weights are not part of single contiguous chunk")
def test_a_row_agrees_with_its_kernel(sample: Sample) -> None:
    trace, _ = opened(sample)
    rows = [row_for(application) for application in trace.recorded.applications]
    assert sample.row in [row.name for row in rows if row is not None]
    assert {term.rule for term in trace.sweep.terms} == {"own"}
    report = trace.check()
    assert report.ok, report.text()
    assert not tangents_part(trace)


@pytest.mark.full
@pytest.mark.parametrize("row", dict.fromkeys(sample.row for sample in CUDA))
@pytest.mark.filterwarnings("ignore:RNN module weights are not part of single contiguous chunk")
def test_the_check_objects_to_every_broken_row(
    row: str, capsys: pytest.CaptureFixture[str]
) -> None:
    sound = [opened(sample)[0] for sample in ON_CUDA if sample.row == row]
    verdicts = {mutant: judge(mutant, sound) for mutant in mutants(ROWS[row])}
    wrong = [
        f"{verdict}: {mutant}"
        for mutant, verdict in verdicts.items()
        if verdict != "caught" and not reason(mutant)
    ]
    with capsys.disabled():
        print(f"\n{row} on cuda: {list(verdicts.values()).count('caught')} of {len(verdicts)}")
    assert wrong == []
