"""Every row against torch: adjoints by its engine, tangents by its forward mode."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch
from torch import Tensor

from graphstep.rules.table import ROWS, row_for
from graphstep.sweep.tangent import tangent_sweep
from tests.rules.opened import opened, outputs_of, seeds_for
from tests.rules.samples import Sample
from tests.rules.samples_all import SAMPLES

OTHER_FORWARD_MODE = {
    "scatter_reduce": "torch's own forward mode and backward disagree",
    "cholesky_inverse": "torch's forward mode has another number than a difference quotient",
    "triangular_solve": "torch's forward mode has another number than a difference quotient",
    "masked_scatter_backward": "torch's forward mode gives a tangent of another size",
    **{
        f"{row}: with {what}": "torch's forward mode has no tangent for a sparse constant"
        for row in ("mm", "mv", "addmm")
        for what in ("a sparse constant", "sparse rows")
    },
    "atan2: origin": "torch's forward mode has nan where both are 0",
}
"""Here, and where torch has no forward mode, the tangent is held against torch's gradient."""

pytestmark = [
    pytest.mark.filterwarnings("ignore:.*index_reduce.. is in beta.*:UserWarning"),
    pytest.mark.filterwarnings("ignore:.*is deprecated in favor of.*:UserWarning"),
]
by_name = pytest.mark.parametrize("sample", SAMPLES, ids=str)


def close(ours: Tensor, theirs: Tensor, tolerance: float) -> None:
    torch.testing.assert_close(ours, theirs, rtol=tolerance, atol=tolerance / 100, equal_nan=True)


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
    agree_with_torchs([ours.tangent(i) for i in found.recorded.outputs], sample, leaves, direction)


def agree_with_torchs(
    pushed: Sequence[Tensor],
    sample: Sample,
    leaves: Sequence[Tensor],
    direction: Sequence[Tensor],
) -> None:
    """Hold tangents against those of torch's forward mode, or against its gradient."""
    if not {sample.row, str(sample)} & OTHER_FORWARD_MODE.keys():
        theirs = pushed_by_torch(sample, leaves, direction)
        if theirs is not None:
            for ours, tangent in zip(pushed, theirs, strict=True):
                close(ours, tangent, sample.tolerance)
            return
    agrees_with_gradient(pushed, sample, leaves, direction)


def pushed_by_torch(
    sample: Sample, leaves: Sequence[Tensor], direction: Sequence[Tensor]
) -> list[Tensor] | None:
    """Return the outputs' tangents by torch's forward mode, or None where it has none."""
    with torch.autograd.forward_ad.dual_level():
        duals = [
            torch.autograd.forward_ad.make_dual(x.detach(), dx)
            for x, dx in zip(leaves, direction, strict=True)
        ]
        try:
            outputs = outputs_of(sample.function(*duals))
        except NotImplementedError as error:
            if "forward AD" not in str(error):
                raise
            return None
        return [torch.autograd.forward_ad.unpack_dual(output).tangent for output in outputs]


def agrees_with_gradient(
    pushed: Sequence[Tensor],
    sample: Sample,
    leaves: Sequence[Tensor],
    direction: Sequence[Tensor],
) -> None:
    """Hold tangents against torch's gradient: ⟨v̄, v̇⟩ = ⟨x̄, ẋ⟩, the real part of both."""
    seeds = seeds_for(sample, leaves)
    pulled = torch.autograd.grad(outputs_of(sample.function(*leaves)), leaves, seeds)
    close(inner(seeds, pushed), inner(pulled, direction), sample.tolerance)


def inner(one: Sequence[Tensor], other: Sequence[Tensor]) -> Tensor:
    """Return Re Σ conj(a)·b over pairs of tensors."""
    products = [(a.conj() * b).real.sum().double() for a, b in zip(one, other, strict=True)]
    return torch.stack(products).sum()
