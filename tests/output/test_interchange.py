"""The graph as other tools read it: networkx reads back both forms."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import networkx as nx
import pytest
import torch
from torch import Tensor

import graphstep as gs

HOSTILE = '<b>&"\x00\ud800\u202e]]>'


def lecture() -> gs.Trace:
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


def squares() -> gs.Trace:
    """x*x uses a value twice, `unused` has no gradient, and a label wants to be markup."""

    def function(x: Tensor, unused: Tensor) -> Tensor:
        return (x * x).sum()

    trace = gs.trace(function, torch.ones(2, 2), torch.ones(1))
    values = trace.recorded.values
    values[0] = replace(values[0], label=HOSTILE)
    return trace


@pytest.mark.parametrize("ending", ["json", "graphml"])
@pytest.mark.parametrize("make", [lecture, squares], ids=lambda make: make.__name__)
def test_networkx_reads_the_same_graph_back(ending: str, make: object, tmp_path: Path) -> None:
    assert callable(make)
    trace: gs.Trace = make()
    (path,) = trace.export(tmp_path / f"graph.{ending}")
    if ending == "json":
        found = nx.node_link_graph(json.loads(path.read_text("utf-8")), edges="edges")
    else:
        found = nx.read_graphml(path, node_type=int, edge_key_type=int, force_multigraph=True)
    assert isinstance(found, nx.MultiDiGraph)
    assert set(found.nodes) == set(trace.graph.nodes)
    uses = sorted((tail, head, data["position"]) for tail, head, data in found.edges(data=True))
    assert uses == sorted(trace.graph.edges(keys=True))


def test_a_node_says_what_it_is(tmp_path: Path) -> None:
    (path,) = lecture().export(tmp_path / "graph.graphml")
    graph = nx.read_graphml(path, node_type=int)
    assert graph.nodes[-1] == {
        "name": "v_-1",
        "label": "a",
        "kind": "input",
        "op": "input",
        "formula": "a",
        "value": "10",
        "adjoint": "23",
        "shape": "[]",
        "dtype": "float32",
        "device": "cpu",
        "torch": "23",
        "agrees": True,
    }
    assert graph.nodes[3]["kind"] == "output"
    assert graph.nodes[2]["source"] == "<expression>:1:7"
    assert graph.edges[-1, 2]["partial"] == "v₀"
    assert graph.edges[-1, 2]["contribution_value"] == "20"


def test_a_value_without_a_gradient_says_why_and_markup_stays_text(tmp_path: Path) -> None:
    (path,) = squares().export(tmp_path / "graph.graphml")
    graph = nx.read_graphml(path, node_type=int, force_multigraph=True)
    assert graph.nodes[0]["no_path"] == "unused"
    assert graph.nodes[0]["adjoint"] == "no path"
    assert "agrees" not in graph.nodes[0] or graph.nodes[0]["agrees"]
    assert graph.nodes[0]["label"] == '<b>&"␀��]]>'
    assert len(graph.edges) == 3
