"""The user's program does not notice that it is watched."""

from __future__ import annotations

import copy
import gc

import pytest
import torch
from torch import Tensor, nn
from torch.nn.modules import module as torch_module

import graphstep as gs
from graphstep.api import open_source
from graphstep.recording.modules import ModulePaths
from graphstep.recording.recorder import Recorder


def network() -> nn.Sequential:
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Linear(4, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Dropout(0.5), nn.Linear(8, 3)
    )


def recorded(function: object, *args: Tensor) -> tuple[Tensor, Recorder]:
    assert callable(function)
    recorder = Recorder(lambda: None, ModulePaths())
    with recorder:
        out: Tensor = function(*args)
    return out, recorder


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.bfloat16])
def test_outputs_are_the_same_bit_for_bit(dtype: torch.dtype) -> None:
    plain, watched, third = (network().to(dtype) for _ in range(3))
    x = torch.randn(6, 4, dtype=dtype)
    torch.manual_seed(1)
    expected = plain(x)
    torch.manual_seed(1)
    found, _ = recorded(watched, x)
    assert torch.equal(found, expected)
    torch.manual_seed(1)
    trace = gs.trace(third, x)
    assert torch.equal(trace.value(trace.recorded.outputs[-1]), expected)


def test_the_random_state_is_as_after_a_plain_run() -> None:
    x = torch.randn(6, 4)
    torch.manual_seed(1)
    network_plain = network()
    torch.manual_seed(1)
    network_plain(x)
    after = torch.get_rng_state()
    model = network()
    torch.manual_seed(1)
    trace = gs.trace(model, x, loss=lambda out: out.sum())
    assert torch.equal(torch.get_rng_state(), after)
    trace.check()
    _ = trace.steps
    assert torch.equal(torch.get_rng_state(), after)


def test_a_typed_source_leaves_the_random_state_alone() -> None:
    before = torch.get_rng_state()
    open_source("sum(x*x)", ["x=randn(3)"], seed=5).check()
    assert torch.equal(torch.get_rng_state(), before)


def test_statistics_move_once() -> None:
    plain, watched = network(), network()
    x = torch.randn(6, 4)
    plain(x)
    trace = gs.trace(watched, x, loss=lambda out: out.sum())
    trace.check()
    _ = list(trace.steps)
    for (name, expected), found in zip(plain.named_buffers(), watched.buffers(), strict=True):
        assert torch.equal(found, expected), name


def test_the_forward_runs_once() -> None:
    calls = []

    def function(a: Tensor) -> Tensor:
        calls.append(1)
        return a * a

    trace = gs.trace(function, a=3.0)
    assert trace.check().ok
    _ = trace.steps, trace.graph, trace.tangent("a")
    assert len(calls) == 1


def test_gradients_and_flags_stay() -> None:
    model = network()
    x = torch.randn(6, 4)
    model(x).sum().backward()
    kept = {name: p.grad for name, p in model.named_parameters()}
    copies = {name: copy.deepcopy(grad) for name, grad in kept.items()}
    constant = torch.ones(2)
    trace = gs.trace(model, x, loss=lambda out: out.sum())
    assert trace.check().ok
    gs.trace(lambda c: c.sum(), constant).check()
    for name, parameter in model.named_parameters():
        copied = copies[name]
        assert copied is not None
        assert parameter.grad is not None
        assert parameter.grad is kept[name]
        assert torch.equal(parameter.grad, copied)
    assert not x.requires_grad
    assert not constant.requires_grad
    assert constant.grad is None


def test_no_hook_and_no_mode_is_left() -> None:
    model = network()

    def hooks() -> list[int]:
        owners = [torch_module, *model.modules()]
        names = [
            "_global_forward_hooks", "_global_forward_pre_hooks", "_global_backward_hooks",
            "_forward_hooks", "_forward_pre_hooks", "_backward_hooks",
        ]  # fmt: skip
        tables = [getattr(owner, name, {}) for owner in owners for name in names]
        return [len(table) for table in tables]

    before = hooks()
    trace = gs.trace(model, torch.randn(6, 4), loss=lambda out: out.sum())
    trace.check()
    assert hooks() == before
    with pytest.raises(RuntimeError):
        gs.trace(model, torch.randn(6, 5))
    assert hooks() == before
    assert torch.utils._python_dispatch._get_current_dispatch_mode() is None
    leaf = torch.ones(2, requires_grad=True)
    gs.trace(lambda a: torch._lazy_clone(a).sum(), leaf).check()
    assert not leaf._backward_hooks
    assert torch.is_grad_enabled()


def test_the_users_graph_can_still_be_run_backward() -> None:
    a = torch.tensor(3.0, requires_grad=True)
    kept: list[Tensor] = []

    def function(a: Tensor) -> Tensor:
        y = a * a
        kept.append(y)
        return y

    gs.trace(function, a).check()
    kept[0].backward()
    assert a.grad is not None
    assert a.grad.item() == 6.0


@pytest.mark.parametrize("running", [True, False])
def test_the_cycle_collector_is_left_as_it_was(running: bool) -> None:
    before = gc.isenabled()
    try:
        (gc.enable if running else gc.disable)()
        gs.trace("3*a + a*b", a=1.0, b=2.0)
        assert gc.isenabled() is running
    finally:
        (gc.enable if before else gc.disable)()


@pytest.mark.parametrize("running", [True, False])
def test_the_cycle_collector_runs_as_it_did(running: bool) -> None:
    seen = []

    def function(x: Tensor) -> Tensor:
        seen.append(gc.isenabled())
        return x.exp() * x

    before = gc.isenabled()
    (gc.enable if running else gc.disable)()
    try:
        found = gs.trace(function, torch.tensor([1.0, 2.0]))
        for ask in (lambda: found.graph, lambda: found.engine, lambda: found.sweep, found.check):
            ask()
            seen.append(gc.isenabled())
    finally:
        (gc.enable if before else gc.disable)()
    assert seen == [running] * 5
