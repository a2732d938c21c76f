"""Networks on a cuda device: every adjoint is torch's there, and every node ours."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs
from tests.cuda.seen import by_torch, devices, operations
from tests.full import models
from tests.full.models import MODELS, Loss


@pytest.fixture(name="exact")
def without_tf32() -> Iterator[None]:
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=False):
        yield


def made(name: str, monkeypatch: pytest.MonkeyPatch) -> Loss:
    """Return a model's loss, all of it on cuda."""
    for constant in ("IDS", "CLASSES"):
        monkeypatch.setattr(models, constant, getattr(models, constant).cuda())
    with torch.device("cuda"):
        return MODELS[name]()


DROPPING = ("GPT-2", "BERT", "T5", "Transformer")
"""Models whose attention has a dropout of its own, which the kernel keeps to itself."""


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_right_and_by_rows_of_ours(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with warnings.catch_warnings():
        # transformers warns of what torch deprecates, and of kernels that are not installed.
        warnings.simplefilter("ignore")
        trace = gs.trace(made(name, monkeypatch))
        report = trace.check()
    assert devices(trace) == {"cuda:0"}
    hidden = {"_scaled_dot_product_efficient_attention"} if name in DROPPING else set()
    assert by_torch(trace) <= hidden
    assert report.ok, report.text()


@pytest.mark.parametrize("name", ["U-Net", "ResNet by hand", "LSTM", "GRU"])
def test_what_tf32_rounds_is_not_accused(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with torch.backends.cudnn.flags(enabled=True, allow_tf32=True):
        report = gs.trace(made(name, monkeypatch)).check()
    assert report.ok, report.text()


CELLS: dict[str, tuple[Callable[[], nn.Module], str]] = {
    "lstm": (lambda: nn.LSTMCell(4, 5), "_thnn_fused_lstm_cell"),
    "gru": (lambda: nn.GRUCell(4, 5), "_thnn_fused_gru_cell"),
    "no biases": (lambda: nn.GRUCell(4, 5, bias=False), "_thnn_fused_gru_cell"),
}


@pytest.mark.parametrize("name", CELLS)
def test_a_cell_is_one_operation(name: str) -> None:
    module, operation = CELLS[name]
    cell, x = module().cuda(), torch.randn(3, 4, device="cuda")

    def twice(x: Tensor) -> Tensor:
        state = cell(x)
        found = cell(x, state)
        return (found if isinstance(found, Tensor) else found[0] * found[1]).square().sum()

    trace = gs.trace(twice, x)
    assert operation in operations(trace)
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


@pytest.mark.usefixtures("exact")
@pytest.mark.parametrize("kind", [nn.LSTM, nn.GRU, nn.RNN])
def test_sequences_of_several_lengths(kind: Callable[..., nn.Module]) -> None:
    layer = kind(4, 5, 2, bidirectional=True).cuda()
    x = torch.randn(6, 3, 4, device="cuda")
    lengths = torch.tensor([6, 4, 1])

    def run(x: Tensor) -> Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(x, lengths)
        out, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0])
        return out.square().sum()

    trace = gs.trace(run, x)
    assert "_cudnn_rnn" in operations(trace)
    assert by_torch(trace) == set()
    report = trace.check()
    assert report.ok, report.text()


@pytest.mark.parametrize(("dropout", "own"), [(0.0, True), (0.5, False)])
def test_a_network_that_drops_out_goes_by_torchs_node(dropout: float, own: bool) -> None:
    layer = nn.LSTM(4, 5, 2, dropout=dropout).cuda()
    trace = gs.trace(lambda x: layer(x)[0].sum(), torch.randn(6, 3, 4, device="cuda"))
    assert by_torch(trace) == (set() if own else {"_cudnn_rnn"})
    assert trace.check().ok


def test_a_module_of_the_cpu_is_checked_on_cuda_and_stays() -> None:
    net = nn.Sequential(
        nn.Linear(4, 8),
        nn.BatchNorm1d(8),
        nn.GELU(),
        nn.RMSNorm(8),
        nn.Dropout(0.3),
        nn.Linear(8, 3),
    )
    target = torch.tensor([0, 2, 1])
    trace = gs.trace(
        net, torch.randn(3, 4), loss=lambda out: F.cross_entropy(out, target.to(out.device))
    )
    report = trace.check(device="cuda")
    assert report.ok, report.text()
    assert {p.device.type for p in (*net.parameters(), *net.buffers())} == {"cpu"}


def test_kernels_that_add_in_any_order_are_not_accused() -> None:
    places = torch.randint(0, 5, (4000,), device="cuda")

    def scattered(x: Tensor) -> Tensor:
        added = torch.zeros(5, device="cuda").index_add(0, places, x)
        return (added * x.new_zeros(5).scatter_add(0, places, x * x)).sum() + x[places].sum()

    report = gs.trace(scattered, torch.randn(4000, device="cuda")).check()
    assert report.ok, report.text()


def test_a_planted_error_is_found_on_cuda(monkeypatch: pytest.MonkeyPatch) -> None:
    from graphstep.rules.row import Row
    from graphstep.rules.table import ROWS

    sound = ROWS["cudnn_batch_norm"]
    broken = Row(sound.name, sound.forward, f"2*({sound.partials[0]})", *sound.partials[1:])
    monkeypatch.setitem(ROWS, sound.name, broken)
    net = nn.Sequential(nn.Conv2d(2, 3, 3), nn.BatchNorm2d(3)).cuda()
    x = torch.randn(4, 2, 6, 6, device="cuda")
    trace = gs.trace(net, x, loss=lambda out: out.pow(3).sum())
    assert "cudnn_batch_norm" in operations(trace)
    assert not trace.check().ok
