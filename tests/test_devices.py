"""A trace is run anew on another device; `meta` stands in for one where there is no cuda."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.api import open_source
from graphstep.traced.trace import Trace

META = torch.device("meta")


def devices(trace: Trace) -> set[str | None]:
    return {value.device for value in trace.values.values()}


def moved(trace: Trace) -> Trace:
    return Trace(trace.origin.again(META))


def test_an_expression_moves_with_its_values() -> None:
    trace = open_source("sum(a*b)", ["a=[1,2]", "b=[3,4]"], grad_output="2")
    assert devices(trace) == {"cpu"}
    assert devices(moved(trace)) == {"meta"}
    assert devices(trace) == {"cpu"}


def test_a_module_is_copied_and_the_users_own_stays() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3))
    x = torch.randn(4, 2)
    trace = gs.trace(net, x, loss=lambda out: (out**2).sum())
    assert devices(moved(trace)) == {"meta"}
    assert {p.device.type for p in (*net.parameters(), *net.buffers())} == {"cpu"}
    assert x.device.type == "cpu"


def test_what_a_function_creates_is_created_there() -> None:
    def program(x: Tensor) -> Tensor:
        return (x * torch.ones(3) + torch.tensor([1.0, 2.0, 3.0])).sum()

    trace = gs.trace(program, torch.ones(3))
    assert devices(moved(trace)) == {"meta"}


def test_a_module_of_a_file_is_copied(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text("from torch import nn\nnet = nn.Linear(2, 1)\n")
    trace = open_source(f"{tmp_path / 'net.py'}:net", ["input=randn(3,2)"])
    assert devices(moved(trace)) == {"meta"}
    assert devices(trace) == {"cpu"}


def test_a_fresh_run_draws_the_same_numbers(tmp_path: Path) -> None:
    (tmp_path / "net.py").write_text(
        "import torch\ndef loss(x):\n    return (torch.nn.Linear(3, 2)(x) * torch.rand(2)).sum()\n"
    )
    state = torch.get_rng_state()
    trace = open_source(f"{tmp_path / 'net.py'}:loss", ["x=ones(3)"], seed=7)
    again = Trace(trace.origin.again(torch.device("cpu")))
    assert torch.equal(torch.get_rng_state(), state)
    for i in trace.values:
        assert torch.equal(trace.value(i), again.value(i))


def test_a_fresh_run_starts_from_the_same_seeds() -> None:
    seed = torch.tensor([1.0, 0.0])
    trace = gs.trace("x*x", x=torch.tensor([1.0, 2.0])).seeded(seed)
    for one in (trace, trace.in_engine_order()):
        again = one.on("cpu").adjoint("x")
        assert again is not None
        assert again.tolist() == [2.0, 0.0]
        assert [(kept.label, kept.error) for kept in one.drift("cpu").gradients] == [("x", 0.0)]


def test_a_device_without_a_number_is_any_of_its_kind() -> None:
    calls: list[int] = []

    def program(x: Tensor) -> Tensor:
        calls.append(1)
        return x * 2

    trace = gs.trace(program, torch.ones(()))
    assert trace.check(device="cpu:0").ok
    assert calls == [1]
    assert trace.check(device="cpu:1").ok
    assert calls == [1, 1]


def test_a_fresh_run_draws_nothing_from_the_users_generator() -> None:
    trace = gs.trace(lambda x: (x * torch.rand(3)).sum(), torch.ones(3))
    state = torch.get_rng_state()
    assert trace.on("cpu").check().ok
    assert torch.equal(torch.get_rng_state(), state)


def test_cpu_by_name_is_the_trace_itself() -> None:
    calls: list[int] = []

    def program(x: Tensor) -> Tensor:
        calls.append(1)
        return x * 2

    trace = gs.trace(program, torch.ones(()))
    assert trace.check(device="cpu").ok
    assert trace.check().ok
    assert calls == [1]


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a cuda device")
def test_cuda_that_is_not_there_is_said() -> None:
    with pytest.raises(
        gs.MissingError, match=r"^cuda was asked for, but torch sees no cuda device here$"
    ):
        gs.trace("3*a", a=1.0).check(device="cuda")


@pytest.mark.parametrize("name", ["hpu", "mps", "privateuseone"])
def test_a_backend_that_is_not_there_is_said_whatever_torch_raises(name: str) -> None:
    if getattr(torch, name, None) is not None and getattr(torch, name).is_available():
        pytest.skip(f"there is a device {name}")
    with pytest.raises(gs.MissingError, match=rf"^{name} was asked for, but torch cannot use it"):
        gs.trace("3*a", a=1.0).on(name)
