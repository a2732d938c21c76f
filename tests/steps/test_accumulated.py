"""A further backward as equations: the lecture's doubling, and what a release left."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.steps.accumulated import (
    accumulation_equations,
    gradient_equations,
    released_text,
)
from tests.traced.test_accumulation import lecture


def texts(trace: gs.Trace, *, retain_graph: bool) -> list[str]:
    found = accumulation_equations(trace.backward(retain_graph=retain_graph))
    return [equation.one_line() for equation in found]


def test_a_retained_graph_doubles() -> None:
    trace = lecture()
    assert texts(trace, retain_graph=True) == [
        "a.grad = None + (−0.3324) = −0.3324",
        "b.grad = None + (−0.06648) = −0.06648",
    ]
    assert texts(trace, retain_graph=True) == [
        "a.grad = −0.3324 + (−0.3324) = −0.6648",
        "b.grad = −0.06648 + (−0.06648) = −0.133",
    ]
    assert released_text(trace.recorded) == ""


def test_what_was_released_and_what_stays() -> None:
    trace = lecture()
    before = [equation.one_line() for equation in gradient_equations(trace.recorded)]
    assert before == ["a.grad = None", "b.grad = None"]
    trace.backward()
    assert (
        released_text(trace.recorded) == "v₁ (mul), v₂ (mul), v₄ (exp), v₆ (reciprocal), v₇ (mul)"
    )
    with pytest.raises(RuntimeError):
        trace.backward()
    now = [equation.one_line() for equation in gradient_equations(trace.recorded)]
    assert now == ["a.grad = −0.3324", "b.grad = −0.06648"]


def test_many_released_operations_are_counted() -> None:
    def chain(x: Tensor) -> Tensor:
        for _ in range(20):
            x = x.sin()
        return x

    trace = gs.trace(chain, torch.tensor(1.0))
    trace.backward()
    assert released_text(trace.recorded).endswith("v₆ (sin), 14 more")


def test_an_input_without_a_path_stays_none() -> None:
    trace = gs.trace(lambda a, b: a.detach() * b, a=1.0, b=torch.ones(2, 3))
    assert texts(trace, retain_graph=False) == [
        "a.grad = None",
        "b.grad = None + f32[2,3] = f32[2,3]",
    ]
