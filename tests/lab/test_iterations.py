"""Every iteration of a descent is a trace, with the gradients and random numbers of its time."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from graphstep.errors import InputError
from graphstep.lab.descent import descent

QUARTIC = "x**4/4 - 8*x**3/3 + 19*x**2/2 - 12*x + 1"


def test_every_iteration_is_a_trace() -> None:
    found = descent("(x-5)**2", lr=0.3, tol=0.1, x=9.0)
    trace = found.trace(2)
    assert float(trace.value("x")) == pytest.approx(5.64)
    assert float(trace.adjoint("x") or 0) == pytest.approx(1.28)
    assert trace.check().ok
    (added,) = trace.backward()
    assert added.old is not None
    assert float(added.old) == 0
    with pytest.raises(InputError, match="no iteration 9: this descent has 0 to 5"):
        found.trace(9)


def test_gradients_accumulate_where_nobody_zeroes_them() -> None:
    found = descent("(x-5)**2", lr=0.05, tol=0.0, steps=4, x=9.0, zero_grad=False)
    slopes = [2 * (float(one.position["x"]) - 5) for one in found.iterates]
    sums = [float(one.gradient["x"]) for one in found.iterates]
    assert sums == pytest.approx([sum(slopes[: k + 1]) for k in range(5)], rel=1e-5)
    (added,) = found.trace(3).backward()
    assert float(added.old if added.old is not None else 0) == pytest.approx(sums[2])
    assert float(added.new if added.new is not None else 0) == pytest.approx(sums[3])


def test_the_parameters_of_a_module_move_and_the_module_stays() -> None:
    torch.manual_seed(0)
    net = nn.Linear(2, 1)
    before = net.weight.detach().clone()

    class Loss(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.net = net

        def forward(self, x: Tensor, y: Tensor) -> Tensor:
            off: Tensor = self.net(x) - y
            return (off**2).mean()

    found = descent(Loss(), lr=0.1, steps=5, tol=0.0, x=torch.randn(4, 2), y=torch.ones(4, 1))
    assert list(found.last.position) == ["net.weight", "net.bias"]
    assert found.last.value < found.iterates[0].value
    assert torch.equal(net.weight, before)
    assert net.weight.grad is None
    adjoint = found.trace(3).adjoint("net.weight")
    assert adjoint is not None
    assert torch.allclose(adjoint, found.iterates[3].gradient["net.weight"], atol=1e-6)


def test_random_numbers_are_the_same_at_every_iteration_and_in_its_trace() -> None:
    def noisy(x: Tensor) -> Tensor:
        return (x * torch.rand(3)).sum()

    before = torch.random.get_rng_state()
    found = descent(noisy, steps=3, tol=0.0, seed=7, x=[1.0, 2.0, 3.0])
    assert torch.equal(torch.random.get_rng_state(), before)
    slopes = [one.gradient["x"] for one in found.iterates]
    assert all(torch.equal(slope, slopes[0]) for slope in slopes)
    adjoint = found.trace(2).adjoint("x")
    assert adjoint is not None
    assert torch.equal(adjoint, slopes[0])
