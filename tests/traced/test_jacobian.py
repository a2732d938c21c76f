"""The Jacobian of an output is torch's own, whatever the output's strides."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.errors import InputError


def test_the_jacobian_is_torchs_and_its_rows_can_be_stepped() -> None:
    trace = gs.trace("tanh(W@x)", W=[[1.0, 2.0], [3.0, 4.0]], x=[0.1, 0.2])
    w, x = torch.tensor([[1.0, 2.0], [3.0, 4.0]]), torch.tensor([0.1, 0.2])
    wanted = torch.autograd.functional.jacobian(lambda w, x: torch.tanh(w @ x), (w, x))
    found = trace.jacobian()
    torch.testing.assert_close((found["W"], found["x"]), wanted)
    row = trace.row(1)
    assert row.check().ok
    torch.testing.assert_close(row.adjoint("x"), wanted[1][1])
    with pytest.raises(gs.InputError, match=r"^no row 2: the output has rows 0 to 1$"):
        trace.row(2)
    with pytest.raises(gs.InputError, match=r"^'x' is no output \(the outputs are v_2\)$"):
        trace.jacobian("x")


def test_an_output_may_lie_in_memory_in_another_order() -> None:
    x = torch.arange(6.0).reshape(2, 3)
    trace = gs.trace(lambda x: x.t() ** 2, x)
    assert not trace.value(trace.recorded.outputs[0]).is_contiguous()
    wanted = torch.autograd.functional.jacobian(lambda x: x.t() ** 2, x)
    torch.testing.assert_close(trace.jacobian()["x"], wanted)
    gradient = trace.row(3).adjoint("x")
    assert gradient is not None
    torch.testing.assert_close(gradient, wanted.reshape(6, 2, 3)[3])


def test_an_output_that_is_returned_twice_is_seeded_once() -> None:
    def twice(x: Tensor) -> tuple[Tensor, Tensor]:
        y = x * x
        return y, y

    assert gs.trace(twice, torch.tensor(3.0)).jacobian()["x"].item() == 6.0


def test_an_empty_output_has_an_empty_jacobian() -> None:
    assert gs.trace(lambda x: x[:0] * 2, torch.ones(3)).jacobian()["x"].shape == (0, 3)


def test_a_tangent_starts_at_an_input() -> None:
    trace = gs.trace("3*a + a*b", a=10.0, b=20.0)
    with pytest.raises(InputError, match=r"^'v_1' is no input \(the inputs are a, b\)$"):
        trace.tangent("v_1")
