"""The user's hooks change an adjoint as they do in a plain backward, and are seen."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import graphstep as gs


def test_hooks_are_those_that_are_there_when_the_adjoints_are_asked_for() -> None:
    kept: list[Tensor] = []
    handles = []

    def function(x: Tensor) -> Tensor:
        kept.append(x * 2)
        handles.append(kept[0].register_hook(lambda g: g * 100))
        return (kept[0] ** 2).sum()

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    trace = gs.trace(function, x)
    handles[0].remove()
    kept[0].register_hook(lambda g: g * 10)
    assert trace.check().ok
    adjoint = trace.adjoint("x")
    assert adjoint is not None
    assert adjoint.tolist() == [80.0, 160.0]


@pytest.mark.parametrize("operation", [torch.tanh, torch.neg])
def test_hooks_on_a_graph_that_was_there_before_are_seen(
    operation: Callable[[Tensor], Tensor],
) -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = operation(x)
    y.register_hook(lambda g: g * 10)
    z = y.sum()
    report = gs.from_output(z, inputs={"x": x}).check()
    assert report.ok, report.text()
    (expected,) = torch.autograd.grad(z, x)
    torch.testing.assert_close(report.inputs[0].gradient, expected)


def test_nan_on_a_graph_that_was_there_before_is_no_hook() -> None:
    x = torch.zeros(1, requires_grad=True)
    same = x * 1
    trace = gs.from_output((same * same).sqrt().sum(), {"x": x})
    assert [bool(a.isnan()) for i in (0, 1) if (a := trace.adjoint(i)) is not None] == [True] * 2
    assert trace.sweep.unhooked == {}


def test_torch_names_the_users_hook_in_its_complaint() -> None:
    def shortened(g: Tensor) -> Tensor:
        return g[:1]

    def function(x: Tensor) -> Tensor:
        z = x * 2
        z.register_hook(shortened)
        return z.sum()

    with pytest.raises(RuntimeError, match=r"^hook 'shortened' has changed the size of value$"):
        _ = gs.trace(function, torch.ones(3, requires_grad=True)).sweep


def test_what_retain_grad_keeps_is_the_users_alone() -> None:
    kept: list[Tensor] = []

    def function(x: Tensor) -> Tensor:
        kept.append(x * 3)
        kept[0].retain_grad()
        return (kept[0] ** 2).sum()

    x = torch.tensor([1.0, 2.0], requires_grad=True)
    trace = gs.trace(function, x)
    assert trace.check().ok
    assert [tensor.grad for tensor in kept] == [None]
    trace.recorded.output_tensors[0].backward()
    assert [tensor.grad.tolist() for tensor in kept if tensor.grad is not None] == [[6.0, 12.0]]


def test_what_retain_grad_keeps_is_the_users_alone_in_a_graph_that_was_there_before() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    y = x * 3
    z = y.exp()
    for tensor in (y, z):
        tensor.retain_grad()
    z.grad = torch.full((2,), 7.0)
    output = (z * y).sum()
    trace = gs.from_output(output, inputs={"x": x})
    assert trace.check().ok
    assert [tensor.grad is None for tensor in (y, z)] == [True, False]
    assert z.grad.tolist() == [7.0, 7.0]


def test_a_view_elsewhere_whose_node_torch_refuses_is_no_concern() -> None:
    base = torch.ones(3, requires_grad=True) * 2
    with torch.no_grad():
        view = base[:1]
    base.mul_(2)
    with pytest.raises(RuntimeError, match="created in no_grad mode"):
        _ = view.grad_fn
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    assert gs.from_output((x * x).sum(), {"x": x}).check().ok
    assert view.shape == (1,)
