"""In half precision the float64 oracles cannot always tell, and then they do not accuse."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs
from graphstep.rules import table
from graphstep.rules.row import Row
from graphstep.sweep import reverse
from graphstep.sweep.contributions import Contribution, contributions


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


def rms_norm(x: torch.Tensor, w: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """As Llama's: the mean of squares in float32, all else in half precision."""
    for _ in range(3):
        wide = x.float()
        x = w * (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + 1e-6)).to(x.dtype)
        x = x + torch.tanh(x @ y)
    return x.sum()


def normed(dtype: torch.dtype) -> gs.Trace:
    generator = torch.Generator().manual_seed(0)
    shapes = ((4, 6), (6,), (6, 6))
    tensors = [torch.randn(shape, generator=generator).to(dtype) for shape in shapes]
    return gs.trace(rms_norm, *tensors)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_what_half_precision_rounds_is_held_against_float64(dtype: torch.dtype) -> None:
    report = normed(dtype).check()
    assert report.ok, report.text()
    rounded = [node for node in report.nodes if node.verdict.rounded]
    if dtype == torch.float16:
        assert f"{len(rounded)} of them part from torch's by roundings" in report.text()


WRONG = {
    "a twentieth too much": Row("rsqrt", "1/sqrt(x)", "-v**3/1.9"),
    "a sign": Row("tanh", "tanh(x)", "v**2 - 1"),
    "a transposition": Row("mm", "x @ y", "g @ y", "x.T @ g", tangent="dx @ y + x @ dy"),
    "a share of the mean": Row("mean", None, "spread(g, x, dim, keepdim)/5", tangent="linear"),
}


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("name", WRONG)
def test_no_rounding_settles_a_wrong_row(
    name: str, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = WRONG[name]
    monkeypatch.setitem(table.ROWS, row.name, row)
    report = normed(dtype).check()
    assert not report.ok
    first = next(node for node in reversed(report.nodes) if not node.verdict.ok)
    applications = normed(dtype).recorded.applications
    assert row.name in [one.name for one in applications if first.i in one.parents]


def test_no_rounding_settles_a_term_that_was_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    def without_last(*args: object) -> list[Contribution]:
        found = contributions(*args)  # type: ignore[arg-type]  # handed on as they came
        return found[:-1] if len(found) > 1 else found

    monkeypatch.setattr(reverse, "contributions", without_last)
    assert not normed(torch.bfloat16).check().ok
