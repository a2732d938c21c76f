"""In-place operations: earlier values stay what they were, and torch's own refusals stand."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.api import Trace


def values(trace: Trace) -> list[Any]:
    return [trace.value(i).tolist() for i in trace.values]


def test_earlier_values_are_kept() -> None:
    def function(x: Tensor) -> Tensor:
        y = x * 2
        y.add_(1)
        y += 10
        return y.mul_(3)

    trace = gs.trace(function, x=1.0)
    assert values(trace) == [1.0, 2.0, 3.0, 13.0, 39.0]
    assert trace.check().ok


def test_views_are_kept_too() -> None:
    def function(x: Tensor) -> Tensor:
        y = x * 1
        row = y[0]
        total = row.sum()
        y.mul_(5)
        return y.sum() + total

    trace = gs.trace(function, torch.tensor([[1.0, 2.0], [3.0, 4.0]]))
    ops = {v.op: trace.value(v.i).tolist() for v in trace.values.values()}
    assert ops["select"] == [1.0, 2.0]
    assert trace.check().ok


def test_a_write_through_a_view_makes_a_new_value_of_the_base() -> None:
    def function(x: Tensor, a: Tensor) -> Tensor:
        y = x * 1
        y[1] = a * 3
        return (y * y).sum()

    trace = gs.trace(function, torch.tensor([1.0, 2.0, 3.0]), a=torch.tensor(5.0))
    assert trace.check().ok
    x, a = trace.adjoint("x"), trace.adjoint("a")
    assert x is not None
    assert a is not None
    assert x.tolist() == [2.0, 0.0, 6.0]
    assert a.item() == 90.0
    assert [1.0, 15.0, 3.0] in values(trace)
    assert [1.0, 2.0, 3.0] in values(trace)


def test_lstm_like_writes_to_pieces_of_a_split() -> None:
    def function(x: Tensor) -> Tensor:
        gates = (x * 2).unsafe_split(1)
        i, f = gates[0].sigmoid_(), gates[1].tanh_()
        return (i * f).sum()

    trace = gs.trace(function, torch.tensor([0.5, -0.25]))
    assert trace.check().ok


def test_an_lstm_cell_unrolled() -> None:
    cell = torch.nn.LSTMCell(2, 3)

    def function(x: Tensor) -> Tensor:
        state = torch.zeros(1, 3), torch.zeros(1, 3)
        for _ in range(4):
            state = cell(x, state)
        return state[0].sum()

    trace = gs.trace(function, torch.ones(1, 2))
    assert trace.check().ok
    assert all(value.value is not None for value in trace.values.values())


@pytest.mark.parametrize(
    "function",
    [
        lambda x: (x * 1).exp_().clamp_(0, 2).sum(),
        lambda x: x.exp().mul_(2).sum(),
        lambda x: ((y := x * 1) * y).add_(y.mul_(2)).sum(),
    ],
    ids=["exp_ clamp_", "exp mul_", "saved operand"],
)
def test_a_value_changed_after_it_was_saved_is_torchs_own_error(function: Any) -> None:
    trace = gs.trace(function, torch.tensor([0.5, 1.5]))
    for ask in (lambda: trace.adjoint("x"), trace.check, lambda: trace.steps):
        with pytest.raises(RuntimeError, match="modified by an inplace operation"):
            ask()


def test_x_times_x_in_place() -> None:
    trace = gs.trace(lambda x: (x * 1).pow_(2), x=3.0)
    assert trace.check().ok
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert gradient.item() == 6.0


def test_a_trace_taken_within_a_block_outlives_later_writes() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with gs.record() as recording:
        y = x * 2
        trace = recording.trace((y * 1).sum())
        assert trace.value("v_1").tolist() == [2.0, 4.0]
        y.add_(5)
    assert trace.value("v_1").tolist() == [2.0, 4.0]
    assert trace.check().ok


def test_a_value_that_is_cut_off_in_place_is_a_constant_from_there() -> None:
    def function(x: Tensor) -> Tensor:
        y = x * 2
        z = y + 1
        y.detach_()
        return (y * x).sum() + z.sum()

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    trace = gs.trace(function, x)
    assert trace.check().ok
    adjoint = trace.adjoint("x")
    assert adjoint is not None
    function(x).backward()
    assert x.grad is not None
    assert adjoint.tolist() == x.grad.tolist() == [4.0, 6.0]
