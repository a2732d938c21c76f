"""micrograd's README, CS231n's circuits and Mazur's 2-2-2 network, to their authors' digits."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.demos.networks import mazur, micrograd


def double(*numbers: float) -> tuple[Tensor, ...]:
    return torch.tensor(numbers, dtype=torch.float64).unbind()


def gradients(trace: gs.Trace) -> dict[str, float]:
    assert trace.check().ok
    assert trace.check().by_torch == ()
    found = {}
    for i in trace.recorded.inputs:
        adjoint = trace.adjoint(i)
        assert adjoint is not None
        found[trace.values[i].label or ""] = adjoint.item()
    return found


def output(trace: gs.Trace) -> float:
    return trace.value(trace.recorded.outputs[-1]).item()


def test_micrograd() -> None:
    a, b = double(-4.0, 2.0)
    trace = gs.trace(micrograd, a, b)
    assert output(trace) == pytest.approx(24.70408163265306, rel=1e-15)
    assert gradients(trace) == pytest.approx(
        {"a": 138.83381924198252, "b": 645.5772594752186}, rel=1e-14
    )
    assert trace.values[trace.recorded.outputs[-1]].label == "g"


def test_cs231n_product_of_a_sum() -> None:
    trace = gs.trace("(x + y)*z", x=-2.0, y=5.0, z=-4.0)
    assert output(trace) == -12
    assert gradients(trace) == {"x": -4, "y": -4, "z": 3}
    assert trace.value("v_1").item() == 3


def test_cs231n_neuron() -> None:
    w0, x0, w1, x1, w2 = double(2.0, -1.0, -3.0, -2.0, -3.0)
    text = "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))"
    trace = gs.trace(text, w0=w0, x0=x0, w1=w1, x1=x1, w2=w2)
    assert round(output(trace), 4) == 0.7311
    assert {name: round(g, 4) for name, g in gradients(trace).items()} == {
        "w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966,
    }  # fmt: skip


def test_mazur() -> None:
    w = torch.tensor([[0.15, 0.20], [0.25, 0.30]], dtype=torch.float64)
    v = torch.tensor([[0.40, 0.45], [0.50, 0.55]], dtype=torch.float64)
    trace = gs.trace(mazur, w, v)
    assert trace.check().ok
    assert trace.check().by_torch == ()
    assert output(trace) == pytest.approx(0.2983711087600027, abs=1e-15)
    dw, dv = trace.adjoint("w"), trace.adjoint("v")
    assert dw is not None
    assert dv is not None
    assert dv[0, 0].item() == pytest.approx(0.08216704056, abs=1e-11)
    assert (v - 0.5 * dv)[0, 0].item() == pytest.approx(0.35891647972, abs=1e-11)
    assert (w - 0.5 * dw)[0, 0].item() == pytest.approx(0.14978071613, abs=1e-11)
