"""What a check says: text for a person, JSON for a program, on each device."""

from __future__ import annotations

import json

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.errors import InputError, MissingError


def test_the_text() -> None:
    assert gs.trace("3*a + a*b", a=10.0, b=20.0).check().text().splitlines() == [
        "check on cpu, float32",
        "  ✓ a  v_-1  ours 23  .grad 23",
        "  ✓ b  v_0  ours 10  .grad 10",
        "  ✓ 5 of 5 adjoints as torch's engine has them (3 by our rules, 0 by torch's own node)",
        "  ✓ ⟨v̄, v̇⟩ at every operation",
        "  ✓ central difference along a random direction",
        "every adjoint agrees",
    ]


def test_an_input_without_a_path_is_no_zero() -> None:
    report = gs.trace(lambda a, b: a * b.detach(), a=1.0, b=2.0).check()
    assert report.ok
    assert "  · b  v_0  no path: detached" in report.text().splitlines()
    assert report.to_json()["inputs"]["b"] == {
        "name": "v_0",
        "grad": None,
        "torch_grad": None,
        "ok": True,
        "no_path": "detached",
    }


def test_json_holds_no_number_that_json_lacks() -> None:
    found = gs.trace("where(x > 0, sqrt(x), 0*x)", x=[0.0, 4.0]).check().to_json()
    text = json.dumps(found, allow_nan=False)
    assert found["inputs"]["x"]["grad"] == ["nan", 0.25]
    assert json.loads(text) == found
    assert found["oracles"]["tangent"] == "skipped: there are non-finite values"


def test_large_tensors_stay_out_of_the_json() -> None:
    found = gs.trace(lambda x: x.exp().sum(), torch.zeros(17)).check().to_json()
    assert [node["value"] for node in found["nodes"]] == [None, None, 17.0]
    assert [node["shape"] for node in found["nodes"]] == [[17], [17], []]


def test_torchs_own_node_is_marked() -> None:
    report = gs.trace(torch._lazy_clone, torch.tensor(1.0)).check()
    assert report.ok
    assert report.by_torch == ("v_1",)
    assert [node.rule for node in report.nodes] == ["leaf", "torch"]
    assert "(0 by our rules, 1 by torch's own node)" in report.text()


def test_random_operations_are_not_run_again() -> None:
    report = gs.trace(lambda x: torch._standard_gamma(x).sum(), torch.ones(50)).check()
    assert report.ok
    assert report.oracles()["numeric"] == "skipped: _standard_gamma draws random numbers"


def test_random_slopes_are_checked_as_they_were_drawn() -> None:
    report = gs.trace(lambda x: torch.rrelu(x, training=True).sum(), -torch.ones(50)).check()
    assert report.ok
    assert set(report.oracles().values()) == {"ok"}


def test_dropout_is_checked_with_the_mask_that_was_drawn() -> None:
    report = gs.trace(lambda x: torch.nn.functional.dropout(x, 0.5).sum(), torch.ones(50)).check()
    assert report.ok
    assert report.numeric.ok is True


def test_a_custom_function_is_torchs_own_and_not_run_again() -> None:
    class Double(torch.autograd.Function):
        @staticmethod
        def forward(_: object, x: Tensor) -> Tensor:
            return x * 2

        @staticmethod
        def backward(_: object, g: Tensor) -> Tensor:
            return g * 3  # a straight-through estimate need not be the derivative

    def function(x: Tensor) -> Tensor:
        twice: Tensor = Double.apply(x)  # type: ignore[no-untyped-call]  # no types in torch
        return twice * 2

    report = gs.trace(function, torch.tensor(1.0)).check()
    assert report.ok
    assert report.to_json()["inputs"]["x"]["grad"] == 6.0
    assert report.oracles()["numeric"].startswith("skipped: ")
    assert report.oracles()["tangent"].startswith("skipped: ")


def test_devices() -> None:
    trace = gs.trace("a*a", a=2.0)
    with pytest.raises(InputError, match=r"^unknown device 'gpu': say cpu, cuda or cuda:1$"):
        trace.check(device="gpu")
    if not torch.cuda.is_available():
        line = r"^cuda was asked for, but torch sees no cuda device here$"
        with pytest.raises(MissingError, match=line) as caught:
            trace.check(device="cuda")
        assert caught.value.exit_code == 3


def test_gradients_are_put_back() -> None:
    a = torch.tensor(2.0, requires_grad=True)
    a.grad = torch.tensor(-7.0)
    kept = a.grad
    assert gs.trace("a*a", a=a).check().ok
    assert a.grad is kept
    assert kept.item() == -7.0


def test_it_can_be_checked_twice() -> None:
    trace = gs.trace("sin(a)*a", a=2.0)
    assert trace.check().to_json() == trace.check().to_json()


def test_a_seed_of_ones_and_one_given() -> None:
    slopes = gs.trace("exp(x)", x=[1.0, 3.0]).adjoint("x")
    assert slopes is not None
    assert torch.equal(slopes, torch.tensor([1.0, 3.0]).exp())
    seeded = gs.trace("exp(x)", x=[0.0, 0.0], grad_output=torch.tensor([5.0, -1.0]))
    found = seeded.adjoint("x")
    assert found is not None
    assert found.tolist() == [5.0, -1.0]
    assert seeded.check().ok
