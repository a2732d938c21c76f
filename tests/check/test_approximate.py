"""cuDNN's recurrent kernels are approximate: there float64 settles it, and float32's tolerance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from graphstep.rules.row import Row
from graphstep.rules.table import ROWS
from tests.rules import stand_ins, stand_ins_recurrent
from tests.rules.opened import opened
from tests.rules.samples import Sample
from tests.rules.samples_cuda import CUDA

OFF = 1e-4
NETWORKS = [replace(sample, dtype=torch.float32) for sample in CUDA if sample.row == "_cudnn_rnn"]


@pytest.fixture(autouse=True)
def _approximate(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the stand-in of the kernel be off by `OFF` in float32, and exact in float64."""

    def off(
        function: Callable[..., object], operands: Sequence[Tensor], gs: Sequence[Tensor]
    ) -> list[Tensor]:
        found = stand_ins.adjoints(function, operands, gs)
        return [g * (1 + OFF) if g.dtype == torch.float32 else g for g in found]

    monkeypatch.setattr(stand_ins_recurrent, "adjoints", off)


@pytest.mark.parametrize("sample", NETWORKS, ids=str)
def test_torchs_approximation_is_not_held_against_ours(sample: Sample) -> None:
    report = opened(sample)[0].check()
    assert report.ok, report.text()
    rounded = [node for node in report.nodes if node.verdict.rounded]
    assert rounded
    said = f"{len(rounded)} of them part from torch's by roundings in cuDNN's recurrent kernels"
    assert said in report.text()


def spoil(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let our row be off by as much as the kernel, to the other side."""
    sound = ROWS["_cudnn_rnn"]
    wrong = [p and f"{1 - OFF}*({p})" for p in sound.partials]
    broken = Row(sound.name, sound.forward, *wrong, tangent=sound.tangent)
    monkeypatch.setitem(ROWS, sound.name, broken)


@pytest.mark.parametrize("sample", NETWORKS, ids=str)
def test_the_same_error_in_ours_is_found(sample: Sample, monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch)
    report = opened(sample)[0].check()
    assert report.oracles()["engine"] == "disagrees"


def test_in_float64_nothing_is_settled(monkeypatch: pytest.MonkeyPatch) -> None:
    spoil(monkeypatch)
    report = opened(replace(NETWORKS[0], dtype=torch.float64))[0].check()
    assert report.oracles()["engine"] == "disagrees"
    assert not any(node.verdict.rounded for node in report.nodes)
