"""A three-layer network with cross-entropy from a user's file: stepped, checked, exported."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.cli.main import main

PROGRAM = """\
import torch
from torch import nn
from torch.nn import functional as F

net = nn.Sequential(
    nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 8), nn.Tanh(), nn.Linear(8, 3)
)


def loss(x):
    scores = net(x)
    return F.cross_entropy(scores, torch.tensor([0, 2, 1, 1, 0]))
"""
SOURCE = ["net.py:loss", "x=randn(5,4)"]
OPS = ["t", "addmm", "relu", "t", "addmm", "tanh", "t", "addmm", "_log_softmax",
       "nll_loss_forward"]  # fmt: skip


@pytest.fixture(autouse=True)
def _file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "net.py").write_text(PROGRAM, "utf-8")
    monkeypatch.chdir(tmp_path)


def test_every_node_is_ours_and_agrees(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", *SOURCE, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["ok"] is True
    assert [node["op"] for node in found["nodes"]][7:] == OPS
    assert {node["rule"] for node in found["nodes"]} == {"leaf", "own"}
    assert all(node["ok"] for node in found["nodes"])
    assert set(found["oracles"].values()) == {"ok"}
    assert list(found["inputs"]) == [
        "x", "0.weight", "0.bias", "2.weight", "2.bias", "4.weight", "4.bias",
    ]  # fmt: skip
    assert found["nodes"][14]["label"] == "scores"


def test_it_is_stepped(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["step", *SOURCE]) == 0
    seen = capsys.readouterr()
    assert seen.err == ""
    assert seen.out.endswith("every adjoint agrees\n")
    assert "✗" not in seen.out
    assert "17 of 17 adjoints as torch's engine has them (10 by our rules, 0 by" in seen.out


def test_it_is_exported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", *SOURCE, "-o", "net.svg"]) == 0
    first = (tmp_path / "net.svg").read_bytes()
    assert main(["export", *SOURCE, "-o", "net.svg"]) == 0
    assert (tmp_path / "net.svg").read_bytes() == first
    assert capsys.readouterr() == ("", "wrote net.svg\nwrote net.svg\n")
    root = ElementTree.fromstring(first)
    words = "".join(root.itertext())
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "scores" in words


def test_the_same_weights_and_values_for_the_same_seed() -> None:
    from graphstep.api import open_source

    one, same, other = (
        open_source("net.py:loss", ["x=randn(5,4)"], seed=seed) for seed in (1, 1, 2)
    )
    for i in one.values:
        assert torch.equal(one.value(i), same.value(i))
    assert not torch.equal(one.value("0.weight"), other.value("0.weight"))
    assert isinstance(one, gs.Trace)
