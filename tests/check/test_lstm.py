"""An LSTM is checked by every oracle, in float64 too, where oneDNN has no kernel of a layer."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.rules.row import Row
from graphstep.rules.table import ROWS

LAYER = "mkldnn_rnn_layer"
SETTINGS: dict[str, dict[str, int]] = {
    "one layer": {},
    "no biases": {"bias": False},
    "two layers both ways": {"num_layers": 2, "bidirectional": True, "batch_first": True},
}


def traced(settings: dict[str, int]) -> gs.Trace:
    torch.manual_seed(0)
    layer = nn.LSTM(2, 3, **settings)

    def loss(x: Tensor) -> Tensor:
        out, (h, c) = layer(x)
        result: Tensor = out.square().sum() + h.sum() * c.sum()
        return result

    return gs.trace(loss, torch.randn(4, 2, 2))


@pytest.mark.parametrize("name", SETTINGS)
def test_every_oracle_answers(name: str) -> None:
    trace = traced(SETTINGS[name])
    assert LAYER in [application.name for application in trace.recorded.applications]
    report = trace.check()
    assert report.ok, report.text()
    assert set(report.oracles().values()) == {"ok"}


@pytest.mark.parametrize("wrong", range(3))
def test_the_difference_in_float64_finds_a_wrong_row(
    wrong: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = ROWS[LAYER]
    partials = [p and (f"2*({p})" if k == wrong else p) for k, p in enumerate(sound.partials)]
    broken = Row(LAYER, sound.forward, *partials, tangent=sound.tangent)
    monkeypatch.setitem(ROWS, LAYER, broken)
    assert traced({}).check().oracles()["numeric"].startswith("disagrees")
