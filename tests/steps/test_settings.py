"""Settings in formulas: by their names, and only those that change something."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

import graphstep as gs

X = torch.arange(24.0).reshape(2, 3, 4)
W = torch.ones(2, 3, 2)


def convolved(x: Tensor) -> Tensor:
    return F.conv1d(x, W, stride=2)


CASES: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "all": (lambda x: x.sum(), "spread(v\u0304₁, v₀)"),
    "an axis": (lambda x: x.sum(1), "spread(v\u0304₁, v₀, dim=[1])"),
    "an axis that stays": (
        lambda x: x.sum(1, keepdim=True), "spread(v\u0304₁, v₀, dim=[1], keepdim=True)",
    ),
    "a slice": (lambda x: x[:, 1:3], "put_slice(v\u0304₁, v₀, dim=1, start=1, end=3)"),
    "a slice with steps": (
        lambda x: x[:, ::2], "put_slice(v\u0304₁, v₀, dim=1, start=0, step=2)",
    ),
    "a row": (lambda x: x[1], "put_select(v\u0304₁, v₀, dim=0, index=1)"),
    "a softmax": (lambda x: x.softmax(-1), "v₁·(v\u0304₁ − total(v\u0304₁·v₁, dim=−1))"),
    "a convolution": (
        lambda x: F.conv1d(x, W), "convolution_input(v\u0304₁, v₀, W)",
    ),
    "a convolution with steps": (
        convolved, "convolution_input(v\u0304₁, v₀, W, stride=[2])",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_settings_of_a_contribution(name: str) -> None:
    function, text = CASES[name]
    timeline = gs.trace(function, X).timeline()
    steps = [step for step in timeline if step.kind == "adjoint"]
    assert timeline.equation(steps[-1].index).texts()[1].removeprefix("1·") == text


def test_settings_are_named_in_every_style() -> None:
    timeline = gs.trace(lambda x: x.sum((0, 1), keepdim=True), X).timeline()
    step = next(step for step in timeline if step.kind == "adjoint")
    equation = timeline.equation(step.index)
    assert "spread(vbar_1, v_0, dim=[0, 1], keepdim=True)" in equation.one_line("ascii")
    assert "mathrm{keepdim}=" in equation.one_line("latex")
    assert "<mtext>keepdim</mtext><mo>=</mo>" in equation.one_line("mathml")


def test_a_saved_trace_keeps_the_names(tmp_path: object) -> None:
    path = f"{tmp_path}/sum.graphstep"
    trace = gs.trace(lambda x: x.sum(1), X)
    trace.save(path)
    kept, live = gs.load(path).timeline(), trace.timeline()
    told = [[t.equation(s.index).one_line() for s in t] for t in (kept, live)]
    assert told[0] == told[1]
    assert "dim=[1]" in " ".join(told[0])
