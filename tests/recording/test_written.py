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


def through_a_transpose(x: Tensor) -> Tensor:
    out = torch.ones(3, 2, dtype=x.dtype) * x
    out.t()[:, 1:].t()[0] = x
    return out


def through_a_shape(x: Tensor) -> Tensor:
    out = torch.ones(3, 2, dtype=x.dtype) * x
    out.view(-1)[::2].exp_()
    return out


def a_view_that_is_kept(x: Tensor) -> Tensor:
    out = torch.ones(2, dtype=x.dtype) * x
    row = out[0]
    row.mul_(3)
    return row + out


def everything_replaced(x: Tensor) -> Tensor:
    out = x * 2
    out.unsqueeze(0).fill_(3.0)
    return out * x + x


def arithmetic(x: Tensor) -> Tensor:
    out = torch.ones(3, 2, dtype=x.dtype) * x
    out[0] += x
    out[1:].mul_(x)
    return out


def ops(trace: gs.Trace) -> list[str]:
    return [value.op for value in trace.values.values()][1:]


@pytest.mark.parametrize(
    ("function", "expected"),
    [
        (broadcast, ["sum", "expand", "select_scatter"]),
        (cast, ["_to_copy", "select_scatter"]),
        (through_two_kinds, ["select_scatter", "slice_scatter"]),
        (
            arithmetic,
            [
                *("mul", "select", "add_", "select_scatter", "select", "select_scatter"),
                *("slice", "mul_", "slice_scatter"),
            ],
        ),
        (
            twice_through_one_view,
            ["select_scatter", "mul", "mul", "select_scatter", "add"],
        ),
        (a_view_from_before, ["mul", "mul_", "select_scatter"]),
        (
            through_a_transpose,
            ["mul", "t", "slice", "t", "select_scatter", "t", "slice_scatter", "t"],
        ),
        (through_a_shape, ["mul", "view", "slice", "exp_", "slice_scatter", "view_copy"]),
        (a_view_that_is_kept, ["mul", "select", "mul_", "select_scatter", "select", "add"]),
        (everything_replaced, ["mul", "unsqueeze", "fill_", "view_copy", "mul", "add"]),
    ],
)
def test_a_write_is_shown_as_its_steps(
    function: Callable[[Tensor], Tensor], expected: list[str]
) -> None:
    trace = gs.trace(function, torch.tensor([0.5, -1.5]).double())
    assert ops(trace) == expected
    report = trace.check()
    assert report.ok, report.text()
    assert report.by_torch == ()
    assert report.oracles() == dict.fromkeys(("grad", "engine", "tangent", "numeric"), "ok")


def test_steps_are_those_of_the_line_that_wrote() -> None:
    trace = gs.trace(through_a_transpose, torch.tensor([0.5, -1.5]))
    lines = [value.source.line for value in trace.values.values() if value.source is not None]
    assert lines == [lines[0], *[lines[0] + 1] * 7]
