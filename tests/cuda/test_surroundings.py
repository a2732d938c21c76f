"""A trace on a cuda device leaves no trace there: same numbers, generator, memory and settings."""

from __future__ import annotations

import gc
from collections.abc import Iterator

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.recording.operation import Keep
from tests.cuda.seen import devices


@pytest.fixture(name="deterministic")
def in_one_order() -> Iterator[None]:
    torch.use_deterministic_algorithms(True)
    yield
    torch.use_deterministic_algorithms(False)


def network() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten(), nn.Dropout(0.4),
        nn.Linear(64, 8),
    ).cuda()  # fmt: skip


@pytest.mark.usefixtures("deterministic")
def test_outputs_and_the_generator_are_those_of_a_plain_run() -> None:
    net, x = network(), torch.randn(3, 2, 6, 6, device="cuda")
    states = torch.cuda.get_rng_state_all()
    plain = net(x)
    after = torch.cuda.get_rng_state_all()
    torch.cuda.set_rng_state_all(states)
    trace = gs.trace(net, x, loss=lambda out: out)
    assert torch.equal(trace.value(trace.recorded.outputs[-1]), plain)
    for ours, theirs in zip(torch.cuda.get_rng_state_all(), after, strict=True):
        assert torch.equal(ours, theirs)
    assert trace.check().ok
    for ours, theirs in zip(torch.cuda.get_rng_state_all(), after, strict=True):
        assert torch.equal(ours, theirs)


def test_a_check_on_cuda_of_a_run_on_the_cpu_leaves_cudas_generator() -> None:
    trace = gs.trace(network().cpu(), torch.randn(3, 2, 6, 6), loss=lambda out: out.sum())
    before = torch.cuda.get_rng_state_all()
    trace.check(device="cuda")
    for ours, theirs in zip(torch.cuda.get_rng_state_all(), before, strict=True):
        assert torch.equal(ours, theirs)


def traced(x: Tensor, keep: Keep) -> int:
    """Trace and sweep, drop it, and return the bytes that were held meanwhile."""
    trace = gs.trace(lambda x: (x.exp() * x.sin()).square().sum(), x, keep=keep)
    if keep == "all":
        assert trace.check().ok
    held = torch.cuda.memory_allocated()
    del trace
    return held


@pytest.mark.parametrize("keep", ["all", "summary"])
def test_a_dropped_trace_keeps_no_memory(keep: Keep) -> None:
    x = torch.randn(256, 256, device="cuda")
    traced(x, keep)  # what cuda's libraries allocate once
    gc.collect()
    before = torch.cuda.memory_allocated()
    assert traced(x, keep) > before
    gc.collect()
    assert torch.cuda.memory_allocated() == before


def test_settings_stay_as_they_are() -> None:
    cudnn, cublas = torch.backends.cudnn, torch.backends.cuda.matmul
    x = torch.randn(3, 2, 6, 6, device="cuda")
    with cudnn.flags(enabled=True, benchmark=True):
        before = (cudnn.benchmark, cudnn.allow_tf32, cudnn.deterministic, cublas.allow_tf32)
        assert gs.trace(network(), x, loss=lambda out: out.sum()).check().ok
        after = (cudnn.benchmark, cudnn.allow_tf32, cudnn.deterministic, cublas.allow_tf32)
    assert after == before


def test_another_stream() -> None:
    stream = torch.cuda.Stream()
    x = torch.randn(64, 64, device="cuda")
    stream.wait_stream(torch.cuda.current_stream())
    with torch.cuda.stream(stream):
        trace = gs.trace(lambda x: (x @ x).tanh().sum(), x)
        report = trace.check()
    torch.cuda.current_stream().wait_stream(stream)
    assert report.ok, report.text()
    assert torch.cuda.current_stream() != stream
    assert trace.check().ok


def test_a_captured_graph_replays_after_a_trace_of_its_function() -> None:
    x = torch.randn(8, device="cuda")
    assert gs.trace(lambda x: (x * 2).sin().sum(), x).check().ok
    graph = torch.cuda.CUDAGraph()
    with torch.no_grad(), torch.cuda.graph(graph):
        y = (x * 2).sin().sum()
    graph.replay()
    torch.testing.assert_close(y, (x * 2).sin().sum())


def test_tensors_of_two_devices() -> None:
    weight = torch.randn(3, 3, device="cuda")

    def there_and_back(x: Tensor, w: Tensor) -> Tensor:
        return (x.to("cuda") @ w).square().sum().cpu() * x.mean()

    trace = gs.trace(there_and_back, torch.randn(2, 3), weight)
    assert devices(trace) == {"cpu", "cuda:0"}
    assert {term.rule for term in trace.sweep.terms} == {"own"}
    gradients = [trace.adjoint(name) for name in ("x", "w")]
    assert [g.device.type for g in gradients if g is not None] == ["cpu", "cuda"]
    report = trace.check()
    assert report.ok, report.text()


def test_pinned_memory_is_read_without_waiting() -> None:
    x = torch.randn(4).pin_memory()
    report = gs.trace(lambda x: x.to("cuda", non_blocking=True).exp().sum(), x).check()
    assert report.ok, report.text()


@pytest.mark.filterwarnings("ignore:Synchronization debug mode is a prototype:UserWarning")
def test_nothing_waits_for_the_device_while_recording() -> None:
    x = torch.randn(16, 16, device="cuda")
    gs.trace(lambda x: (x @ x).tanh().sum(), x)  # cuBLAS starts
    try:
        torch.cuda.set_sync_debug_mode("error")
        with gs.record() as recording:
            y = (x.requires_grad_() @ x).tanh().sum()
    finally:
        torch.cuda.set_sync_debug_mode("default")
    assert recording.trace(y).check().ok


def test_torchs_optimiser_may_fuse_its_steps() -> None:
    net = nn.Linear(4, 2).cuda()
    optimiser = torch.optim.AdamW(net.parameters(), lr=0.1, fused=True)
    x = torch.randn(3, 4, device="cuda")
    with gs.record() as recording:
        loss = net(x).square().sum()
        loss.backward()
        optimiser.step()
        loss = net(x).square().sum()
    report = recording.trace(loss).check()
    assert report.ok, report.text()
