"""Writes through views with what else goes on around them: hooks, blocks, failures, other views."""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor

import graphstep as gs
from tests.recording.test_written import arithmetic, ops


def test_a_view_that_nobody_saw_taken_goes_by_torchs_node() -> None:
    x = torch.tensor([0.5, -1.5], requires_grad=True)
    y = x * 2
    view = y[:1]
    with gs.record(inputs={"x": x}) as recording:
        view.mul_(x[1])
        z = y.sum()
    trace = recording.trace(z)
    assert "CopySlices" in ops(trace)
    report = trace.check()
    assert report.ok, report.text()


def test_a_view_whose_shape_was_changed_in_place_is_told_apart() -> None:
    def function(x: Tensor) -> Tensor:
        y = x.outer(x)
        row, column = y[0], y[:, 1]
        y.t_()
        row.mul_(x)
        column.unsqueeze_(0)
        column.add_(x.sum())
        return (y * torch.tensor([[1.0, 2.0], [3.0, 4.0]])).sum() + column.sum()

    x = torch.tensor([0.5, -1.5], requires_grad=True)
    function(x).backward()
    trace = gs.trace(function, x)
    assert trace.check().ok
    torch.testing.assert_close(trace.adjoint("x"), x.grad)


def test_a_trace_within_a_block_outlives_a_later_write() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    with gs.record(inputs={"x": x}) as recording:
        y = x * 2
        view = y[:1]
        view.mul_(3)
        trace = recording.trace(y.sum())
        view.mul_(5)
    at = next(v.i for v in trace.values.values() if v.op == "mul_")
    assert trace.value(at).tolist() == [6.0]
    assert trace.check().ok


def test_a_failed_write_is_none() -> None:
    def function(x: Tensor) -> Tensor:
        y = x * 2
        with contextlib.suppress(RuntimeError):
            y[0].copy_(torch.ones(3))
        return y.sin().sum()

    trace = gs.trace(function, torch.tensor([0.5, -1.5]))
    assert ops(trace) == ["mul", "sin", "sum"]
    assert trace.check().ok


def test_hooks_around_a_write_are_the_users() -> None:
    def function(x: Tensor) -> Tensor:
        y = x.outer(x)
        y.register_hook(lambda g: g * 3)
        row = y[0]
        row.mul_(x)
        row.register_hook(lambda g: g * 5)
        y.register_hook(lambda g: g * 7)
        return y.sum() + row.sum()

    x = torch.tensor([0.5, -1.5], requires_grad=True)
    function(x).backward()
    trace = gs.trace(function, x)
    report = trace.check()
    assert report.ok, report.text()
    torch.testing.assert_close(trace.adjoint("x"), x.grad)
    assert [step.i for step in trace.in_engine_order().steps if step.kind == "hook"]


def test_the_engines_order_has_the_steps_of_a_node_together() -> None:
    trace = gs.trace(arithmetic, torch.tensor([0.5, -1.5]))
    order = trace.in_engine_order().sweep.order
    assert order is not None
    assert sorted(order) == sorted(trace.values)
    place = {i: k for k, i in enumerate(order)}
    for application in trace.recorded.applications:
        for parent in application.parents:
            assert parent is None or place[parent] > place[application.first]


def test_the_users_tensors_are_what_they_were() -> None:
    def function(x: Tensor) -> tuple[Tensor, Tensor]:
        out = torch.zeros(3, 2)
        out[1] = x
        kept = out * 2
        out[1] = x * 3
        return out, kept

    x = torch.ones(2)
    plain = function(x.clone().requires_grad_())
    trace = gs.trace(function, x)
    for i, one in zip(trace.recorded.outputs, plain, strict=True):
        assert torch.equal(trace.value(i), one)
