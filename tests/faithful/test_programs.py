"""Every kind of torch program traces, sweeps to torch's own gradients, and does not notice."""

from __future__ import annotations

import gc
import weakref

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.api import Trace
from graphstep.steps.step import Grain
from tests.faithful.cases import CASES, LINEAR, Program


def start() -> Tensor:
    return torch.linspace(-1, 1.5, 6).reshape(2, 3).requires_grad_()


def plain(program: Program) -> tuple[Tensor, Tensor | None, Tensor]:
    """Return output, gradient and the generator's state after an untraced run."""
    torch.manual_seed(3)
    x = start()
    y = program(x)
    state = torch.get_rng_state()
    y.backward(torch.ones_like(y))
    return y.detach(), x.grad, state


def traced(program: Program) -> tuple[Trace, Tensor]:
    torch.manual_seed(3)
    x = start()
    return gs.trace(program, x), x


@pytest.fixture(autouse=True)
def _clean_parameters() -> None:
    for parameter in LINEAR.parameters():
        parameter.grad = None


@pytest.mark.parametrize("name", CASES)
def test_the_sweep_gives_torchs_gradient_and_the_program_does_not_notice(name: str) -> None:
    output, gradient, state = plain(CASES[name])
    LINEAR.zero_grad()
    trace, x = traced(CASES[name])
    assert torch.equal(torch.get_rng_state(), state)
    value = trace.value(trace.recorded.outputs[-1])
    assert torch.equal(value.nan_to_num(7), output.nan_to_num(7))
    report = trace.check()
    assert report.ok, report.text()
    if gradient is not None and gradient.layout != torch.strided:
        gradient = gradient.to_dense()
    torch.testing.assert_close(trace.adjoint("x"), gradient, equal_nan=True)
    assert x.grad is None
    assert all(parameter.grad is None for parameter in LINEAR.parameters())


@pytest.mark.parametrize("name", CASES)
@pytest.mark.parametrize("grain", ["adjoint", "contribution"])
def test_every_step_can_be_written_and_ends_final(name: str, grain: Grain) -> None:
    trace, _ = traced(CASES[name])
    timeline = trace.timeline(grain)
    for step in timeline:
        for style in ("unicode", "ascii", "latex"):
            assert timeline.equation(step.index).one_line(style)
    last = len(timeline) - 1
    states = {timeline.adjoint_state(i, last).kind for i in trace.values}
    assert states <= {"final", "no path"}


def test_hooks_are_a_step_of_their_own() -> None:
    trace, _ = traced(CASES["hooks"])
    timeline = trace.timeline()
    kinds = [step.kind for step in timeline if step.i == 1 and step.half == "reverse"]
    assert kinds == ["adjoint", "hook"]
    at = next(step.index for step in timeline if step.kind == "hook")
    assert timeline.caption(at).startswith("v̄₁ = hook(v̄₁) = hook(")
    assert timeline.adjoint_state(1, at - 1).kind == "partial"
    assert timeline.adjoint_state(1, at).kind == "final"


def test_a_version_error_is_torchs_own() -> None:
    trace = gs.trace(lambda x: (x * 1).exp_().clamp_(0, 1).sum(), start())
    with pytest.raises(RuntimeError, match="modified by an inplace operation"):
        _ = trace.sweep


def test_a_failing_run_leaves_the_trace_so_far() -> None:
    def fails(x: Tensor) -> Tensor:
        h = torch.tanh(x)
        return h @ torch.ones(5)

    with pytest.raises(RuntimeError) as caught:
        gs.trace(fails, start())
    assert caught.value.__notes__[0].startswith("graphstep: failed in mv(f32[2,3], f32[5]) at ")
    partial = caught.value.__dict__["graphstep_trace"]
    assert [value.op for value in partial.values.values()] == ["input", "tanh"]
    assert partial.check().ok


def test_modes_statistics_and_hooks_stay() -> None:
    norm = nn.BatchNorm1d(3)
    untraced = nn.BatchNorm1d(3)
    x = torch.randn(4, 3)
    calls: list[str] = []
    norm.register_forward_hook(lambda m, i, o: calls.append("forward"))
    untraced(x)
    trace = gs.trace(norm, x, loss=lambda out: (out**3).sum())
    assert trace.check().ok
    assert calls == ["forward"]
    assert norm.training
    assert norm.running_mean is not None
    assert untraced.running_mean is not None
    assert torch.equal(norm.running_mean, untraced.running_mean)
    assert norm.num_batches_tracked is not None
    assert int(norm.num_batches_tracked) == 1


def test_dropping_the_trace_frees_the_activations_without_the_collector() -> None:
    trace = gs.trace(lambda x: (x * 2).relu().sum(), torch.randn(50, requires_grad=True))
    assert trace.check().ok
    assert trace.table()
    seen = weakref.ref(trace.recorded.values[1].value), weakref.ref(trace)
    gc.collect()
    gc.disable()
    try:
        del trace
        assert [one() for one in seen] == [None, None]
    finally:
        gc.enable()


def test_a_chain_of_ten_thousand_and_five_thousand_uses() -> None:
    def chain(x: Tensor) -> Tensor:
        y = x
        for _ in range(5000):
            y = torch.sin(y) * 1.0001
        return y

    def fan(x: Tensor) -> Tensor:
        return torch.stack([x * k for k in range(5000)]).sum()

    for program, count in ((chain, 10_000), (fan, 5002)):
        trace = gs.trace(program, torch.tensor(0.5, dtype=torch.float64, requires_grad=True))
        assert len(trace.values) == count + 1
        assert all(verdict.ok for verdict in trace.verdicts.values())
        assert trace.table(mode="reverse").count("\n") >= 10
