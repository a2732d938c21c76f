"""Writes through views: named as what they do, with a rule of ours, and right in all odd cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import graphstep as gs


def rows(x: Tensor) -> Tensor:
    out = torch.zeros(3, 2, dtype=x.dtype)
    for i in range(3):
        out[i] = x * i
    return out


def columns(x: Tensor) -> Tensor:
    out = x.repeat(3, 1) * 2
    out[:, 1] = torch.cat([x, x[:1]]).exp()
    return out


def entries(x: Tensor) -> Tensor:
    out = torch.ones(2, 2, 2, dtype=x.dtype) * x
    out[1, 0, 1] = x[0] * x[1]
    out[0, -1, 0] = x[1].sin()
    return out


def last_axes(x: Tensor) -> Tensor:
    out = torch.ones(2, 3, 2, dtype=x.dtype) * x
    out[..., 2, 0] = x * 3
    return out


def slices(x: Tensor) -> Tensor:
    out = torch.zeros(5, dtype=x.dtype)
    out[1:3] = x
    out[::4] = x * x
    return out


def a_diagonal(x: Tensor) -> Tensor:
    out = x.outer(x)
    out.diagonal().copy_(x.tanh())
    return out


def numbers(x: Tensor) -> Tensor:
    out = x.repeat(3, 1) * x
    out[0] = 3.0
    out[1, 0] = 2.0
    out[2].zero_()
    out[:, 1] = torch.tensor([1.0, 2.0, 3.0])
    return out


def twice_through_one_view(x: Tensor) -> Tensor:
    out = torch.zeros(2, 2, dtype=x.dtype)
    view = out[0]
    view.copy_(x)
    first = out * 5
    view.copy_(x * x)
    return out + first


def of_itself(x: Tensor) -> Tensor:
    out = x.repeat(2, 1) * 2
    out[0] = out[1].clone() * out[0].clone()
    return out


def a_view_from_before(x: Tensor) -> Tensor:
    out = torch.ones(2, 2, dtype=x.dtype) * x
    view = out[0]
    out.mul_(3)
    view.copy_(x)
    return out


@pytest.mark.parametrize(
    ("function", "op"),
    [
        (rows, "select_scatter"),
        (columns, "select_scatter"),
        (entries, "index_put"),
        (last_axes, "index_put"),
        (slices, "slice_scatter"),
        (a_diagonal, "diagonal_scatter"),
        (numbers, "select_scatter"),
        (of_itself, "select_scatter"),
    ],
)
def test_the_rule_is_ours(function: Callable[[Tensor], Tensor], op: str) -> None:
    trace = gs.trace(lambda x: (function(x) ** 2).sum(), torch.tensor([0.5, -1.5]).double())
    assert op in {value.op for value in trace.values.values()}
    report = trace.check()
    assert report.ok, report.text()
    assert report.by_torch == ()
    assert report.oracles() == dict.fromkeys(("grad", "engine", "tangent", "numeric"), "ok")


def broadcast(x: Tensor) -> Tensor:
    out = torch.zeros(2, 3, dtype=x.dtype)
    out[:, 0] = x.sum()
    return out


def cast(x: Tensor) -> Tensor:
    out = torch.zeros(2, 2, dtype=torch.float32)
    out[0] = x
    return out


def through_two_kinds(x: Tensor) -> Tensor:
    out = torch.zeros(3, 3, dtype=x.dtype)
    out[1:, 0] = x
    return out


def arithmetic(x: Tensor) -> Tensor:
    out = torch.ones(3, 2, dtype=x.dtype) * x
    out[0] += x
    out[1:].mul_(x)
    return out


@pytest.mark.parametrize(
    "function",
    [
        broadcast,
        cast,
        through_two_kinds,
        arithmetic,
        twice_through_one_view,
        a_view_from_before,
    ],
)
def test_what_no_one_operation_says_goes_by_torchs_node(
    function: Callable[[Tensor], Tensor],
) -> None:
    trace = gs.trace(lambda x: (function(x) ** 2).sum(), torch.tensor([0.5, -1.5]).double())
    assert "CopySlices" in {value.op for value in trace.values.values()}
    assert trace.check().ok


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
