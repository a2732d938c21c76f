"""Models that people train: traced, checked, and every node by a row of ours."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import torch

import graphstep as gs
from tests.full.models import MODELS

pytestmark = pytest.mark.full


@pytest.mark.parametrize("name", MODELS)
def test_every_node_goes_by_a_row_of_ours(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    torch.manual_seed(0)
    with warnings.catch_warnings():
        # transformers warns of what torch deprecates, and of kernels that are not installed.
        warnings.simplefilter("ignore")
        found = gs.trace(MODELS[name]())
        report = found.check()
    own = Counter(t.application.name for t in found.sweep.terms if t.rule == "own")
    fallen = Counter(t.application.name for t in found.sweep.terms if t.rule == "torch")
    with capsys.disabled():
        back = ", ".join(fallen) or "none"
        print(f"\n{name}: {len(found.values)} values, {len(own)} operations, by torch: {back}")
    assert not fallen
    assert report.ok, report.text()


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16], ids=str)
@pytest.mark.parametrize("name", MODELS)
def test_half_precision_agrees_but_for_its_roundings(
    name: str, dtype: torch.dtype, capsys: pytest.CaptureFixture[str]
) -> None:
    torch.manual_seed(0)
    with warnings.catch_warnings(), torch_dtype(dtype):
        warnings.simplefilter("ignore")
        found = gs.trace(MODELS[name]())
    report = found.check()
    rounded = sum(node.verdict.rounded for node in report.nodes)
    with capsys.disabled():
        print(f"\n{name} in {dtype}: {len(found.values)} values, {rounded} settled in float64")
    assert {term.rule for term in found.sweep.terms} == {"own"}
    assert report.ok, report.text()


@contextmanager
def torch_dtype(dtype: torch.dtype) -> Iterator[None]:
    """Make parameters and random tensors in another dtype for a while."""
    before = torch.get_default_dtype()
    torch.set_default_dtype(dtype)
    try:
        yield
    finally:
        torch.set_default_dtype(before)
