"""Leaves and values that change while a program runs, or after it did."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs


@pytest.mark.parametrize(
    ("after", "note"),
    [
        ("backward", "graphstep: a backward has released this graph; ask for adjoints before it"),
        ("step", "graphstep: a tensor that the backward needs was changed in place after its use"),
    ],
)
def test_a_graph_that_is_gone_says_what_to_do(after: str, note: str) -> None:
    net = torch.nn.Sequential(torch.nn.Linear(3, 3), torch.nn.Tanh(), torch.nn.Linear(3, 1))
    with gs.record() as recording:
        loss = net(torch.ones(2, 3)).square().sum()
        loss.backward(retain_graph=after == "step")
        if after == "step":
            torch.optim.SGD(net.parameters(), 0.1).step()
    with pytest.raises(RuntimeError) as caught:
        recording.trace(loss).check()
    assert caught.value.__notes__[0].startswith(note)


def test_a_parameter_that_the_function_makes_has_its_filled_value() -> None:
    made: list[torch.nn.Linear] = []

    def loss(x: Tensor) -> Tensor:
        made.append(torch.nn.Linear(3, 3))
        with torch.no_grad():
            made[0].bias.fill_(7)
        return torch.tanh(made[0](x)).sum()

    trace = gs.trace(loss, torch.ones(2, 3))
    assert torch.equal(trace.value("weight"), made[0].weight)
    assert torch.equal(trace.value("bias"), torch.full((3,), 7.0))
    assert trace.check().ok


def test_a_leaf_changed_after_its_use_keeps_the_value_that_was_used() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)

    def step(x: Tensor) -> Tensor:
        y = (w + x).sum()
        with torch.no_grad():
            w.mul_(100)
        return y

    trace = gs.trace(step, torch.ones(2))
    assert torch.equal(trace.value("w"), torch.tensor([1.0, 2.0]))
    assert trace.check().ok


def test_a_leaf_that_an_optimizer_moves_is_what_the_output_saw() -> None:
    def fitted(x: Tensor) -> Tensor:
        w = torch.zeros(3, requires_grad=True)
        optimizer = torch.optim.SGD([w], lr=0.1)
        for _ in range(3):
            optimizer.zero_grad()
            (x.detach() @ w - 1).square().mean().backward()
            optimizer.step()
        moved.append(w.detach().clone())
        return (x @ w).sum()

    moved: list[Tensor] = []
    trace = gs.trace(fitted, torch.linspace(-1, 2, 6).reshape(2, 3).requires_grad_())
    assert torch.equal(trace.value("leaf_1"), moved[0])
    report = trace.check()
    assert set(report.oracles().values()) == {"ok"}, report.text()


def test_a_value_changed_behind_autograds_back_is_no_false_alarm() -> None:
    def sneaky(x: Tensor) -> Tensor:
        y = x * 2
        first = (y + 1).sum()
        with torch.no_grad():
            y.mul_(5)
        return first + (y * 3).sum()

    report = gs.trace(sneaky, torch.tensor([1.0, 2.0], requires_grad=True)).check()
    assert report.ok, report.text()
    why = "skipped: v_1 was changed under no_grad between its uses"
    assert report.oracles()["tangent"] == report.oracles()["numeric"] == why
