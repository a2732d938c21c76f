"""Every row against torch: adjoints by its engine, tangents by its forward mode."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from graphstep.rules.table import ROWS, row_for
from graphstep.sweep.tangent import tangent_sweep
from tests.rules.opened import opened, outputs_of, seeds_for
from tests.rules.samples import Sample
from tests.rules.samples_all import SAMPLES

WITHOUT_FORWARD_MODE = {
    "_scaled_dot_product_flash_attention_for_cpu",
    "mkldnn_rnn_layer",
    "special_zeta",
}
"""Torch has no forward mode here: the tangent is held against its gradient, ⟨v̄, v̇⟩ = ⟨x̄, ẋ⟩."""

by_name = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    torch.testing.assert_close(ours, theirs, rtol=tolerance, atol=tolerance / 100)


def test_every_row_has_a_sample() -> None:
    assert {sample.row for sample in SAMPLES} == set(ROWS)


@by_name
def test_a_sample_runs_its_row(sample: Sample) -> None:
    found, _ = opened(sample)
    rows = [row_for(application) for application in found.recorded.applications]
    assert sample.row in [row.name for row in rows if row is not None]
    assert {term.rule for term in found.sweep.terms} == {"own"}


@by_name
def test_adjoints_are_those_of_torch(sample: Sample) -> None:
    found, leaves = opened(sample)
    outputs = outputs_of(sample.function(*leaves))
    seeds = seeds_for(sample, leaves)
    theirs = torch.autograd.grad(outputs, leaves, seeds)
    for i, gradient in zip(found.recorded.inputs, theirs, strict=True):
        ours = found.sweep.adjoints[i]
        assert ours is not None
        close(ours, gradient, sample.tolerance)
    for i, adjoint in found.engine.items():
        ours = found.sweep.adjoints[i]
        if adjoint is None:
            assert ours is None
        else:
            assert ours is not None
            close(ours, adjoint, sample.tolerance)


@by_name
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_tangents_are_those_of_torch(sample: Sample) -> None:
    found, leaves = opened(sample)
    generator = torch.Generator().manual_seed(3)
    direction = [torch.randn(x.shape, generator=generator, dtype=x.dtype) for x in leaves]
    ours = tangent_sweep(found.recorded, dict(zip(found.recorded.inputs, direction, strict=True)))
    assert ours.missing == ()
    if sample.row in WITHOUT_FORWARD_MODE:
        pushed = [ours.tangent(i) for i in found.recorded.outputs]
        pulled = torch.autograd.grad(
            outputs_of(sample.function(*leaves)), leaves, seeds_for(sample, leaves)
        )
        left = sum((s * d).sum() for s, d in zip(seeds_for(sample, leaves), pushed, strict=True))
        right = sum((p * d).sum() for p, d in zip(pulled, direction, strict=True))
        close(torch.as_tensor(left).double(), torch.as_tensor(right).double(), sample.tolerance)
        return
    with torch.autograd.forward_ad.dual_level():
        duals = [
            torch.autograd.forward_ad.make_dual(x.detach(), dx)
            for x, dx in zip(leaves, direction, strict=True)
        ]
        theirs = [
            torch.autograd.forward_ad.unpack_dual(output).tangent
            for output in outputs_of(sample.function(*duals))
        ]
    for i, tangent in zip(found.recorded.outputs, theirs, strict=True):
        close(ours.tangent(i), tangent, sample.tolerance)
