"""A kernel that drops elements out and does not say which goes by torch's node, and only then."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from tests.rules.samples_cuda import FLASH, aten

flash = getattr(aten, FLASH)
HEADS = [torch.randn(1, 2, 3, 8, dtype=torch.float64) for _ in range(3)]


def network(dropout: float, *, train: bool) -> gs.Trace:
    """Trace two layers of an LSTM through time, as cuDNN is given them."""
    torch.manual_seed(0)
    weights = [torch.randn(*shape) for shape in ((12, 2), (12, 3), (12,), (12,))]
    weights += [torch.randn(*shape) for shape in ((12, 3), (12, 3), (12,), (12,))]
    h, c = torch.zeros(2, 1, 3), torch.zeros(2, 1, 3)

    buffer = torch.cat([weight.flatten() for weight in weights])

    def run(x: Tensor, *weights: Tensor) -> Tensor:
        found: Tensor = aten._cudnn_rnn(
            x, list(weights), 4, buffer, h, c, 2, 3, 0, 2, False, dropout, train,
            False, [], None,
        )[0]  # fmt: skip
        return found.sum()

    return gs.trace(run, torch.randn(4, 1, 2), *weights)


def rule_of(trace: gs.Trace, name: str) -> str:
    (rule,) = {term.rule for term in trace.sweep.terms if term.application.name == name}
    return rule


@pytest.mark.parametrize(("rate", "rule"), [(0.0, "own"), (0.5, "torch")])
def test_attention_with_dropout_goes_by_torchs_node(rate: float, rule: str) -> None:
    trace = gs.trace(lambda q, k, v: flash(q, k, v, rate)[0].sum(), *HEADS)
    assert rule_of(trace, FLASH) == rule


def test_every_oracle_answers_for_attention_without_dropout() -> None:
    report = gs.trace(lambda q, k, v: flash(q, k, v)[0].square().sum(), *HEADS).check()
    assert report.ok, report.text()
    oracles = report.oracles()
    assert {oracles[name] for name in ("grad", "engine", "numeric")} == {"ok"}


@pytest.mark.parametrize(
    ("dropout", "train", "rule"), [(0.0, True, "own"), (0.5, False, "own"), (0.5, True, "torch")]
)
def test_a_network_that_drops_out_goes_by_torchs_node(
    dropout: float, train: bool, rule: str
) -> None:
    assert rule_of(network(dropout, train=train), "_cudnn_rnn") == rule


def test_a_network_run_again_reads_the_weights_that_it_is_given() -> None:
    report = network(0.0, train=True).check()
    assert report.ok, report.text()
    assert report.oracles()["numeric"] == "ok"
