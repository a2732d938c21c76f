"""The lecture's two worked examples through the public door."""

from __future__ import annotations

import pytest
import torch

import graphstep as gs


def lines(trace: gs.Trace) -> list[str]:
    timeline = trace.timeline()
    return [timeline.equation(step.index).one_line("ascii") for step in timeline]


def test_the_first_example_step_by_step() -> None:
    trace = gs.trace("3*a + a*b", a=10.0, b=20.0)
    assert lines(trace) == [
        "v_-1 = a = 10",
        "v_0 = b = 20",
        "v_1 = 3*v_-1 = 3*10 = 30",
        "v_2 = v_-1*v_0 = 10*20 = 200",
        "v_3 = v_1 + v_2 = 30 + 200 = 230",
        "vbar_3 = 1",
        "vbar_2 = vbar_3*dv_3/dv_2 = vbar_3*1 = 1*1 = 1",
        "vbar_1 = vbar_3*dv_3/dv_1 = vbar_3*1 = 1*1 = 1",
        "vbar_0 = vbar_2*dv_2/dv_0 = vbar_2*v_-1 = 1*10 = 10",
        "vbar_-1 = vbar_2*dv_2/dv_-1 + vbar_1*dv_1/dv_-1 = vbar_2*v_0 + vbar_1*3 = 1*20 + 1*3 = 23",
    ]
    assert trace.check().ok
    assert [trace.value(i).item() for i in range(-1, 4)] == [10, 20, 30, 200, 230]


def test_the_second_example() -> None:
    trace = gs.trace("10/(1 + exp(3*a + a*b))", a=1.0, b=2.0)
    a, b = trace.adjoint("a"), trace.adjoint("b")
    assert a is not None
    assert b is not None
    assert [round(a.item(), 4), round(b.item(), 4)] == [-0.3324, -0.0665]
    operations = [value.op for value in trace.values.values()]
    assert operations == [
        "input", "input", "mul", "mul", "add", "exp", "add", "reciprocal", "mul",
    ]  # fmt: skip
    assert trace.check().ok


def test_a_second_backward_accumulates_as_the_lecture_says() -> None:
    a, b = torch.tensor(1.0, requires_grad=True), torch.tensor(2.0, requires_grad=True)
    y = 10 / (1 + torch.exp(3 * a + a * b))
    y.backward(retain_graph=True)
    y.backward()
    assert a.grad is not None
    assert b.grad is not None
    # Twice -0.33238 is -0.66476; the lecture doubles the rounded numbers.
    assert [a.grad.item(), b.grad.item()] == pytest.approx([-0.6648, -0.1330], abs=1e-4)
    with pytest.raises(RuntimeError, match="backward through the graph a second time"):
        y.backward()
    trace = gs.trace("10/(1 + exp(3*a + a*b))", a=a, b=b)
    assert trace.check().ok
    assert [round(a.grad.item(), 4), round(b.grad.item(), 4)] == [-0.6648, -0.133]
