"""Complex operands: the rows that hold for them against torch, and without their conjugation."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from unittest import mock

import pytest
import torch
from _pytest.mark import ParameterSet
from torch import Tensor

import graphstep as gs
from graphstep.api import Trace, trace
from graphstep.rules import conjugation
from graphstep.rules.conjugation import AS_WRITTEN, HOLOMORPHIC, for_call, serves_complex
from graphstep.rules.table import ROWS, row_for
from graphstep.sweep.plan import plan
from graphstep.sweep.tangent import tangent_sweep
from tests.rules.opened import outputs_of
from tests.rules.samples import Sample
from tests.rules.samples_all import SAMPLES
from tests.rules.samples_complex import complex_leaves
from tests.rules.test_rows import agree_with_torchs

FROM_REAL_LEAVES = {
    "_conj", "_conj_physical", "_fft_c2c", "_fft_c2r", "_fft_r2c", "_neg_view", "complex",
    "conj_physical", "polar", "view_as_complex", "view_as_real",
}  # fmt: skip
"""Their samples make complex numbers of real leaves, and run with those of every row."""


@cache
def runs(sample: Sample) -> bool:
    """Tell whether torch runs a sample on complex leaves, and differentiates it."""
    leaves = complex_leaves(sample)
    try:
        with warnings.catch_warnings(action="error"):
            outputs = outputs_of(sample.function(*leaves))
            torch.autograd.grad(outputs, leaves, [torch.ones_like(o) for o in outputs])
    except (RuntimeError, NotImplementedError, TypeError, UserWarning):
        return False
    return True


LEFT_OUT = {"pow: zero to the 0": "torch has nan for a complex 0**0, and 0 for its gradient"}


def _complex_row(sample: Sample) -> bool:
    wanted = sample.row not in FROM_REAL_LEAVES and str(sample) not in LEFT_OUT
    return wanted and serves_complex(sample.row)


COMPLEX = [sample for sample in SAMPLES if _complex_row(sample) and runs(sample)]
QUICK = 2
"""So many samples of a row run every time, all of them in `make test-full`."""


def _parameters() -> Iterator[ParameterSet]:
    seen: Counter[str] = Counter()
    for sample in COMPLEX:
        seen[sample.row] += 1
        marks = () if seen[sample.row] <= QUICK else (pytest.mark.full,)
        yield pytest.param(sample, marks=marks, id=str(sample))


by_name = pytest.mark.parametrize("sample", list(_parameters()))


def seeded(sample: Sample) -> tuple[Trace, tuple[Tensor, ...], list[Tensor]]:
    leaves = complex_leaves(sample)
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        outputs = outputs_of(sample.function(*leaves))
    seeds = [torch.randn(o.shape, generator=generator, dtype=o.dtype) for o in outputs]
    return trace(sample.function, *leaves, grad_output=seeds), leaves, seeds


def close(ours: Tensor, theirs: Tensor) -> None:
    torch.testing.assert_close(ours, theirs, rtol=1e-10, atol=1e-12, equal_nan=True)


def rows_of(found: Trace) -> set[str]:
    rows = map(row_for, found.recorded.applications)
    return {row.name for row in rows if row is not None}


def test_every_name_is_a_row_and_stands_once() -> None:
    assert ROWS.keys() >= HOLOMORPHIC | AS_WRITTEN
    assert not HOLOMORPHIC & AS_WRITTEN


def test_every_row_that_serves_complex_operands_has_a_sample_with_them() -> None:
    shown = {sample.row for sample in COMPLEX}
    assert (HOLOMORPHIC | AS_WRITTEN) - shown == FROM_REAL_LEAVES


@by_name
def test_adjoints_are_those_of_torch(sample: Sample) -> None:
    found, leaves, seeds = seeded(sample)
    assert {term.rule for term in found.sweep.terms} <= {"own"}
    assert sample.row in rows_of(found)
    theirs = torch.autograd.grad(outputs_of(sample.function(*leaves)), leaves, seeds)
    for i, gradient in zip(found.recorded.inputs, theirs, strict=True):
        ours = found.sweep.adjoints[i]
        assert ours is not None
        close(ours, gradient)
    report = found.check()
    assert report.ok, report.text()


@by_name
@pytest.mark.filterwarnings("ignore:.*torch.jit.script.*:DeprecationWarning")
def test_tangents_are_those_of_torch(sample: Sample) -> None:
    found, leaves, _ = seeded(sample)
    generator = torch.Generator().manual_seed(3)
    direction = [torch.randn(x.shape, generator=generator, dtype=x.dtype) for x in leaves]
    ours = tangent_sweep(found.recorded, dict(zip(found.recorded.inputs, direction, strict=True)))
    assert ours.missing == ()
    agree_with_torchs([ours.tangent(i) for i in found.recorded.outputs], sample, leaves, direction)


@contextmanager
def without_conjugation(name: str) -> Iterator[None]:
    """Let the row of this name be evaluated as for real operands."""
    plan.cache_clear()
    try:
        with (
            mock.patch.object(conjugation, "HOLOMORPHIC", HOLOMORPHIC - {name}),
            mock.patch.object(conjugation, "AS_WRITTEN", AS_WRITTEN | {name}),
        ):
            yield
    finally:
        plan.cache_clear()


DEPENDENT = sorted(
    name
    for name in HOLOMORPHIC
    if any(for_call(name, p, frozenset("xyzwv")) != p for p in ROWS[name].partials if p)
)
"""The rows whose partials depend on their operands; those of a sum do not."""


@pytest.mark.parametrize("name", DEPENDENT)
def test_the_check_objects_where_the_conjugation_is_dropped(name: str) -> None:
    samples = [sample for sample in COMPLEX if sample.row == name]
    found = [seeded(sample)[0] for sample in samples[: 2 * QUICK]]
    assert all(one.check().ok for one in found)
    with without_conjugation(name):
        broken = [
            one.seeded([one.sweep.seeds[i] for i in one.recorded.outputs]).check() for one in found
        ]
    assert not all(report.ok for report in broken)


def test_what_holds_only_for_real_operands_goes_by_torchs_node() -> None:
    x = torch.tensor([[2 + 1j, 1j], [1.0, 3.0]], dtype=torch.complex128)
    report = gs.trace(lambda x: torch.ops.aten.tanh_backward(x, x).abs().sum(), x).check()
    assert report.ok
    assert report.by_torch


def test_a_real_operand_of_a_complex_operation_has_a_real_adjoint() -> None:
    x = torch.tensor([1.0, -2.0], dtype=torch.float64)
    w = torch.tensor([1 + 2j, 3j], dtype=torch.complex128)
    found = gs.trace(lambda x, w: (x * w).abs().sum(), x, w)
    adjoint = found.adjoint("x")
    assert adjoint is not None
    assert adjoint.dtype == torch.float64
    assert found.check().ok
    assert {term.rule for term in found.sweep.terms} == {"own"}


def test_a_lazy_conjugate_is_recorded_as_an_operand() -> None:
    x = torch.tensor([1 + 2j, 0.5 - 1j], dtype=torch.complex128)
    found = gs.trace(lambda x: (x.conj() * x).real.sum(), x)
    names = [application.name for application in found.recorded.applications]
    assert names == ["_conj", "mul", "view_as_real", "select", "sum"]
    assert all(application.operation for application in found.recorded.applications)
    assert {term.rule for term in found.sweep.terms} == {"own"}
    assert found.check().ok


def test_the_conjugation_is_shown() -> None:
    a, b = (torch.tensor(z, dtype=torch.complex128) for z in (1 + 2j, 0.5 - 1j))
    timeline = gs.trace(lambda a, b: (a * b).abs(), a, b).timeline()
    told = [timeline.equation(step.index).one_line() for step in timeline][-2:]
    assert told == [
        "v\u0304₀ = v\u0304₁·conj(∂v₁/∂v₀) = v\u0304₁·conj(v₋₁) = (1+0j)·(1−2j) = 1−2j",
        "v\u0304₋₁ = v\u0304₁·conj(∂v₁/∂v₋₁) = v\u0304₁·conj(v₀) = (1+0j)·(0.5+1j) = 0.5+1j",
    ]
    products = gs.trace(lambda a, b: (a @ b).abs().sum(), a[None, None], b[None, None]).timeline()
    told = [products.equation(step.index).texts()[1] for step in list(products)[-2:]]
    assert told == ["conj(v₋₁)ᵀ @ v\u0304₁", "v\u0304₁ @ conj(v₀)ᵀ"]


def test_real_operands_show_no_conjugation() -> None:
    x = torch.tensor([1.0, 2.0], dtype=torch.float64)
    timeline = gs.trace(lambda x: torch.vdot(x, x) + x.abs().sum() + x.std(), x).timeline()
    told = " ".join(timeline.equation(step.index).one_line() for step in timeline)
    assert "conj" not in told
    assert "real" not in told
