"""The golden numbers through the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphstep.cli.main import main
from graphstep.demos import networks

NETWORKS = Path(networks.__file__)


@pytest.fixture
def graphstep(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command that succeeds and says nothing on stderr; return what it prints."""

    def run(*words: str) -> str:
        assert main(words) == 0
        seen = capsys.readouterr()
        assert seen.err == ""
        return seen.out

    return run


@pytest.fixture
def report(graphstep: Callable[..., str]) -> Callable[..., dict[str, Any]]:
    """Run `check --json` on a source where all agrees by our own rules."""

    def run(*words: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(graphstep("check", *words, "--json"))
        assert found["ok"] is True
        assert found["first_disagreement"] is None
        assert found["oracles"] == dict.fromkeys(("grad", "engine", "tangent", "numeric"), "ok")
        assert {node["rule"] for node in found["nodes"]} <= {"own", "leaf"}
        return found

    return run


def grads(found: dict[str, Any]) -> dict[str, Any]:
    return {name: one["grad"] for name, one in found["inputs"].items()}


def test_the_lecture_in_a_process_of_its_own() -> None:
    words = [sys.executable, "-m", "graphstep", "check", "3*a + a*b", "a=10", "b=20", "--json"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout) == {
        "ok": True,
        "source": "3*a + a*b",
        "device": "cpu",
        "dtype": "float32",
        "output": 230.0,
        "nodes": [
            node("v_-1", "a", "input", "a", 10.0, 23.0),
            node("v_0", "b", "input", "b", 20.0, 10.0),
            node("v_1", None, "mul", "3*v_-1", 30.0, 1.0),
            node("v_2", None, "mul", "v_-1*v_0", 200.0, 1.0),
            node("v_3", None, "add", "v_1 + v_2", 230.0, 1.0),
        ],
        "inputs": {
            "a": {"name": "v_-1", "grad": 23.0, "torch_grad": 23.0, "ok": True},
            "b": {"name": "v_0", "grad": 10.0, "torch_grad": 10.0, "ok": True},
        },
        "first_disagreement": None,
        "oracles": {"grad": "ok", "engine": "ok", "tangent": "ok", "numeric": "ok"},
        "non_finite": None,
    }


def node(
    name: str, label: str | None, op: str, formula: str, value: float, adjoint: float
) -> dict[str, Any]:
    return {
        "name": name,
        "label": label,
        "op": op,
        "formula": formula,
        "shape": [],
        "value": value,
        "adjoint": adjoint,
        "torch": adjoint,
        "max_abs_error": 0.0,
        "rule": "leaf" if op == "input" else "own",
        "ok": True,
    }


def test_the_quotient(report: Callable[..., dict[str, Any]]) -> None:
    found = report("10/(1 + exp(3*a + a*b))", "a=1", "b=2")
    assert {name: round(g, 4) for name, g in grads(found).items()} == {"a": -0.3324, "b": -0.0665}


def test_the_survey(report: Callable[..., dict[str, Any]], graphstep: Callable[..., str]) -> None:
    source = ("log(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5", "--order", "level", "--dtype", "float64")
    found = report(*source)
    assert [(n["op"], round(n["value"], 3), round(n["adjoint"], 3)) for n in found["nodes"]] == [
        ("input", 2, 5.5),
        ("input", 5, 1.716),
        ("log", 0.693, 1),
        ("mul", 10, 1),
        ("sin", -0.959, -1),
        ("add", 10.693, 1),
        ("sub", 11.652, 1),
    ]
    assert grads(found) == {"x1": 5.5, "x2": pytest.approx(1.7163378145367738, rel=1e-15)}
    table = graphstep("table", *source, "--grain", "contribution", "--format", "json")
    rows = [row for row in json.loads(table) if row["half"] == "reverse"]
    assert [(row["name"], row["result"]) for row in rows] == [
        ("vbar_5", "1"),
        ("vbar_4", "1"),
        ("vbar_3", "-1"),
        ("vbar_1", "1"),
        ("vbar_2", "1"),
        ("vbar_0", "-0.2837"),
        ("vbar_-1", "5"),
        ("vbar_0", "1.7163"),
        ("vbar_-1", "5.5"),
        ("x2.grad", "1.7163"),
        ("x1.grad", "5.5"),
    ]
    assert rows[7]["equation"] == [
        "vbar_0 + vbar_2*dv_2/dv_0", "vbar_0 + vbar_2*v_-1", "-0.2837 + 1*2",
    ]  # fmt: skip


def test_the_networks(report: Callable[..., dict[str, Any]]) -> None:
    assert grads(report("(x + y)*z", "x=-2", "y=5", "z=-4")) == {"x": -4, "y": -4, "z": 3}
    neuron = report(
        "1/(1 + exp(-(w0*x0 + w1*x1 + w2)))", "w0=2", "x0=-1", "w1=-3", "x1=-2", "w2=-3"
    )
    assert round(neuron["output"], 4) == 0.7311
    assert {name: round(g, 4) for name, g in grads(neuron).items()} == {
        "w0": -0.1966, "x0": 0.3932, "w1": -0.3932, "x1": -0.5898, "w2": 0.1966,
    }  # fmt: skip


def test_functions_of_a_file(report: Callable[..., dict[str, Any]]) -> None:
    found = report(f"{NETWORKS}:micrograd", "a=-4", "b=2", "--dtype", "float64")
    assert found["output"] == pytest.approx(24.70408163265306, rel=1e-15)
    assert grads(found) == pytest.approx(
        {"a": 138.83381924198252, "b": 645.5772594752186}, rel=1e-14
    )
    network = report(
        f"{NETWORKS}:mazur",
        "w=[[0.15, 0.20], [0.25, 0.30]]",
        "v=[[0.40, 0.45], [0.50, 0.55]]",
        "--dtype",
        "float64",
    )
    assert network["output"] == pytest.approx(0.2983711087600027, abs=1e-15)
    w, v = grads(network)["w"], grads(network)["v"]
    assert v[0][0] == pytest.approx(0.08216704056, abs=1e-11)
    assert 0.40 - 0.5 * v[0][0] == pytest.approx(0.35891647972, abs=1e-11)
    assert 0.15 - 0.5 * w[0][0] == pytest.approx(0.14978071613, abs=1e-11)
