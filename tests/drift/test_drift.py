"""How far float32 is from float64: the numbers are torch's, and the culprit is the textbook's."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.cli.main import main
from graphstep.drift.loss import losses, relative_error
from graphstep.drift.reference import other_reference, precise_reference
from graphstep.errors import InputError, MissingError


def test_an_error_is_the_distance_from_torch_in_float64() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    x = torch.randn(5, 4)
    trace = gs.trace(model, x, loss=lambda y: y.square().mean())
    found = trace.drift()
    twin = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1)).double()
    twin.load_state_dict({k: v.double() for k, v in model.state_dict().items()})
    loss = twin(x.double()).square().mean()
    names = dict(twin.named_parameters())
    exact = dict(zip(names, torch.autograd.grad(loss, list(names.values())), strict=True))

    def error(name: str, b: Tensor) -> float:
        a = trace.adjoint(name)
        assert a is not None
        return float((a.double() - b).abs().max() / b.abs().max())

    expected = {name: error(name, b) for name, b in exact.items()}
    assert {one.label: one.error for one in found.gradients} == pytest.approx(expected, rel=1e-9)
    assert all(5 <= one.digits <= 8 for one in found.gradients)
    assert found.notable == []
    assert found.text().endswith("no operation loses a digit")


def test_cancellation_is_the_culprit_and_the_other_form_has_none() -> None:
    poor = gs.trace("(1 - cos(x))/x**2", x=1e-3).drift()
    (value,) = [loss for loss in poor.notable if loss.half == "value"]
    assert (value.name, value.op) == ("v_2", "rsub")
    assert value.why == "operands of up to 1 cancel to 4.77e-07"
    assert poor.gradients[0].digits == 0
    good = gs.trace("2*(sin(x/2)/x)**2", x=1e-3).drift()
    assert [loss for loss in good.notable if loss.half == "value"] == []


def test_a_gradient_that_is_zero_but_for_rounding_is_told_as_such() -> None:
    torch.manual_seed(0)
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4))
    trace = gs.trace(model, torch.randn(6, 3), loss=lambda y: (y**3).sum())
    found = trace.drift()
    digits = {one.label: one.digits for one in found.gradients}
    # The bias before a batch norm is subtracted again with the mean.
    assert digits["0.bias"] == 0
    assert digits["0.weight"] >= 5
    (loss,) = [loss for loss in found.notable if loss.name == trace.values[-2].name]
    assert loss.half == "adjoint"
    assert "above sums to" in loss.why


def test_half_precision_keeps_fewer_digits() -> None:
    x, w = torch.tensor([0.3, -1.2]), torch.tensor([1.5, 0.7])
    single = gs.trace("sum(exp(x*w))", x=x, w=w).drift()
    coarse = gs.trace("sum(exp(x*w))", x=x.bfloat16(), w=w.bfloat16()).drift()
    assert coarse.run == "bfloat16 on cpu"
    for fine, rough in zip(single.gradients, coarse.gradients, strict=True):
        assert fine.digits >= 6
        assert rough.digits in (1, 2)


def test_a_planted_error_is_found_where_it_was_planted() -> None:
    trace = gs.trace("a = exp(x); b = a*w; c = tanh(b); c*w", x=0.3, w=0.7)
    reference = precise_reference(trace.recorded, trace.sweep.seeds)
    before = losses(trace.recorded, trace.sweep, reference)
    assert not [loss for loss in before if loss.digits > 1]
    b = trace.recorded.find("b")
    wrong = trace.sweep.adjoints[b]
    assert wrong is not None
    planted = replace(trace.sweep, adjoints={**trace.sweep.adjoints, b: wrong * 1.01})
    found = [loss for loss in losses(trace.recorded, planted, reference) if loss.digits > 1]
    assert [(loss.name, loss.half) for loss in found] == [(f"v_{b}", "adjoint")]
    assert found[0].error == pytest.approx(0.01, rel=1e-3)


@pytest.mark.parametrize(
    ("ours", "theirs", "error"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([1.0, 2.5], [1.0, 2.0], 0.25),
        ([math.inf, 1.0], [math.inf, 1.0], 0.0),
        ([math.inf, 1.0], [3.0, 1.0], math.inf),
        ([math.nan], [math.nan], 0.0),
        ([math.nan], [1.0], math.inf),
        ([0.0], [0.0], 0.0),
        ([1e-9], [0.0], math.inf),
        ([], [], 0.0),
    ],
)
def test_relative_error(ours: list[float], theirs: list[float], error: float) -> None:
    assert relative_error(torch.tensor(ours), torch.tensor(theirs).double()) == error
    assert relative_error(None, torch.zeros(2)) == 0
    assert relative_error(None, torch.ones(2)) == math.inf


def test_the_same_device_again_is_the_same() -> None:
    found = gs.trace("3*a + a*b", a=10.0, b=20.0).drift("cpu")
    assert [one.error for one in found.gradients] == [0, 0]
    assert found.text().splitlines() == [
        "float32 on cpu against cpu: errors relative to the largest entry",
        "  gradient of a  v_-1  the same",
        "  gradient of b  v_0   the same",
        "no operation loses a digit",
    ]


def test_runs_that_take_other_operations_are_compared_as_far_as_they_go_together() -> None:
    calls: list[int] = []

    def fickle(x: Tensor) -> Tensor:
        calls.append(1)
        y = x * 2
        return y.tanh() if len(calls) == 1 else y.sigmoid()

    found = gs.trace(fickle, torch.tensor(1.0)).drift("cpu")
    assert found.parted == "v_2 (tanh) is sigmoid on cpu"
    assert "  ! the runs part: v_2 (tanh) is sigmoid on cpu; what follows" in found.text()
    assert found.gradients == ()


def test_a_run_that_goes_on_there_is_compared_no_further_than_the_values() -> None:
    calls: list[int] = []

    def fickle(x: Tensor) -> Tensor:
        calls.append(1)
        return x * 2 if len(calls) == 1 else (x * 2).tanh()

    found = gs.trace(fickle, torch.tensor(1.0)).drift("cpu")
    assert found.parted == "the run on cpu goes on, to v_2"
    assert found.gradients == ()


def test_what_overflows_is_told_once_where_it_began() -> None:
    found = gs.trace("1/(1 + exp(x))", x=100.0).drift()
    assert [(loss.name, loss.half, loss.digits) for loss in found.notable] == [
        ("v_1", "value", math.inf)
    ]
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["losses"][0]["error"] == "inf"


def test_runs_that_share_nothing_cannot_be_compared() -> None:
    one, other = gs.trace("exp(x)", x=1.0), gs.trace("tanh(x)", x=1.0)
    with pytest.raises(InputError, match=r"^the two runs share no operation: v_1 \(exp\) is tanh"):
        other_reference(one.recorded, other.recorded, other.engine, "there")


def test_complex_values_are_compared_in_double_precision() -> None:
    x = torch.tensor([0.3 + 0.1j, -1.2 + 0.7j])
    found = gs.trace(lambda x: (x.exp() * x).abs().sum(), x).drift()
    assert found.run == "float32 on cpu"
    assert 0 < found.gradients[0].error < 1e-6
    assert found.notable == []


class Twice(torch.autograd.Function):
    @staticmethod
    def forward(ctx: object, x: Tensor) -> Tensor:
        return x * 2

    @staticmethod
    def backward(ctx: object, *above: Tensor) -> Tensor:
        return above[0] * 2


def test_what_cannot_run_again_is_said_in_one_line() -> None:
    def doubled(x: Tensor) -> Tensor:
        found: Tensor = Twice.apply(x)  # type: ignore[no-untyped-call]  # no types in torch
        return found.sum()

    twice = gs.trace(doubled, torch.ones(2))
    with pytest.raises(InputError, match=r"^there is no float64 run to compare with: Twice cannot"):
        twice.drift()
    with pytest.raises(InputError, match=r"^float32 is no reference: say float64, or a device"):
        gs.trace("x*x", x=1.0).drift("float32")
    with pytest.raises(MissingError):
        twice.drift("cuda:77")


def test_the_command_and_its_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.py"
    file.write_text("def loss(x):\n    y = (x + 1e4) - 1e4\n    return (y * y).sum()\n", "utf-8")
    assert main(["drift", f"{file}:loss", "x=[1e-3,2e-3]"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "float32 on cpu against float64: errors relative to the largest entry"
    assert lines[1].endswith("1 digit holds")
    assert lines[3].split("  ")[1:3] == ["v_2", "sub"]
    assert lines[3].endswith("operands of up to 1e+04 cancel to 0.00195")
    assert lines[4] == "    net.py:2: y = (x + 1e4) - 1e4"
    assert main(["drift", f"{file}:loss", "x=[1e-3,2e-3]", "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert (found["against"], found["parted"]) == ("float64", None)
    assert found["gradients"]["x"]["digits"] == 1
    assert found["losses"][0]["name"] == "v_2"
