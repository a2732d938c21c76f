"""Views from under no_grad, of which torch refuses to tell the node once they were written to."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.recording.operation import Keep


@pytest.mark.parametrize("keep", ["all", "summary"])
def test_such_a_view_may_be_written_to(keep: Keep) -> None:
    def program(x: Tensor) -> Tensor:
        y = x * 2
        with torch.no_grad():
            y[0] += 1
            y[0].mul_(3)
        return (y * x).sum()

    plain = torch.ones(2, 3, requires_grad=True)
    program(plain).backward()
    trace = gs.trace(program, torch.ones(2, 3, requires_grad=True), keep=keep)
    torch.testing.assert_close(trace.adjoint("x"), plain.grad)
    if keep == "all":
        report = trace.check()
        assert report.ok, report.text()


def used(x: Tensor) -> Tensor:
    y = x * 2
    with torch.no_grad():
        view = y[0]
    y.mul_(2)
    return view.sum() + y.sum()


@pytest.mark.parametrize("traced", [False, True])
def test_where_it_is_used_torch_refuses_it_still(traced: bool) -> None:
    x = torch.ones(2, 3, requires_grad=True)
    with pytest.raises(RuntimeError, match="A view was created in no_grad mode and its base"):
        _ = gs.trace(used, x) if traced else used(x)
