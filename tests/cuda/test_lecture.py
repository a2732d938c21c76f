"""The lecture's expressions, and every demo, on a cuda device."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import graphstep as gs
from graphstep.api import open_source
from graphstep.cli.main import main
from graphstep.demos import DEMOS, Demo
from graphstep.steps.card import card
from tests.cuda.seen import by_torch, devices


def test_the_lecture_has_the_numbers_of_the_cpu() -> None:
    trace = open_source("3*a + a*b", ["a=10", "b=20"], device="cuda")
    assert devices(trace) == {"cuda:0"}
    assert [float(trace.value(i)) for i in trace.values] == [10, 20, 30, 200, 230]
    gradients = [trace.adjoint(name) for name in ("a", "b")]
    assert [float(g) for g in gradients if g is not None] == [23, 10]
    assert trace.check().ok


def test_a_trace_of_the_cpu_is_checked_on_cuda() -> None:
    report = gs.trace("10/(1 + exp(3*a + a*b))", a=1.0, b=2.0).check(device="cuda")
    assert report.ok, report.text()
    assert report.device.startswith("cuda")


@pytest.mark.parametrize("demo", DEMOS.values(), ids=lambda demo: demo.name)
def test_every_demo_is_right_on_cuda(demo: Demo) -> None:
    trace = open_source(demo.source, demo.values, dtype=demo.dtype, order=demo.order, device="cuda")
    report = trace.check()
    assert report.ok, report.text()
    assert by_torch(trace) == set()


def test_a_tensor_says_where_it_is() -> None:
    trace = open_source("sum(a*b)", ["a=randn(2,3)", "b=randn(2,3)"], device="cuda")
    assert "f32[2,3]@cuda:0" in trace.table()
    assert "@cuda:0" in str(card(trace.timeline(), 1, len(trace.timeline()) - 1))
    assert "v₋₁ = f32[2,3]@cuda:0" in trace.dot()


def test_a_trace_is_saved_and_loaded(tmp_path: Path) -> None:
    trace = open_source("3*a + a*b", ["a=10", "b=20"], device="cuda")
    loaded = gs.load(trace.save(tmp_path / "cuda.graphstep"))
    assert loaded.table() == trace.table()
    assert {value.device for value in loaded.values.values()} == {"cuda:0"}
    assert loaded.value("a").device.type == "cpu"


def test_check_on_the_command_line(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["check", "3*a + a*b", "a=10", "b=20", "--device", "cpu", "--device", "cuda", "--json"]
    assert main(words) == 0
    reports = json.loads(capsys.readouterr().out)
    assert [report["ok"] for report in reports] == [True, True]
    assert reports[1]["device"].startswith("cuda")


def test_a_second_card_that_is_not_there_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "3*a", "a=1", "--device", "cuda:77"]) == 3
    assert "torch sees only" in capsys.readouterr().err


def test_drift_from_cuda(capsys: pytest.CaptureFixture[str]) -> None:
    found = gs.trace("sum(exp(x)*w)", x=[0.3, -1.2], w=[1.5, 0.7]).drift("cuda")
    assert all(one.digits >= 5 for one in found.gradients)
    assert main(["drift", "sum(exp(x)*w)", "x=[1,2]", "w=[3,4]", "--against", "cuda"]) == 0
    assert "cuda" in capsys.readouterr().out


def test_drift_of_a_run_on_cuda(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["drift", "(1 - cos(x))/x**2", "x=0.001", "--device", "cuda"]
    assert main(words) == 0
    assert "rsub" in capsys.readouterr().out
