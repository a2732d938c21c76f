"""graphstep descend: the table, the runs beside it, JSON, the plot and the opened iteration."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from graphstep.api import Trace
from graphstep.cli.main import main

PAGE = ["descend", "(x-5)**2", "x=9", "--lr", "0.3", "--tol", "0.1", "--steps", "20"]


def test_the_page_in_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(PAGE) == 0
    seen = capsys.readouterr()
    lines = seen.out.splitlines()
    assert lines[:2] == ["k  x       f         ‖∇f‖     rate", "0  9       16        8        0.3"]
    assert lines[6:8] == [
        "5  5.041   0.001678  0.08192",
        "converged: ‖∇f‖ = 0.08192 ≤ 0.1 after 5 iterations",
    ]
    assert "o plain, lr 0.3: converged after 5 iterations" in lines
    assert seen.err == ""


def test_another_way_stands_beside_plain_descent(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PAGE, "--momentum", "0.2", "--start", "x=1"]) == 0
    out = capsys.readouterr().out
    assert "momentum 0.2, lr 0.3  x = 9  " in out
    assert "plain, lr 0.3         x = 9  5 " in out
    assert "momentum 0.2, lr 0.3  x = 1  " in out
    assert "\no momentum 0.2, lr 0.3 from x = 9: converged after " in out
    assert "\nx plain, lr 0.3 from x = 9: converged after 5 iterations\n" in out
    assert "\n+ momentum 0.2, lr 0.3 from x = 1: converged after " in out


def test_json_holds_every_iteration(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PAGE, "--json"]) == 0
    (run,) = json.loads(capsys.readouterr().out)
    assert (run["iterations"], run["outcome"]) == (5, "converged")
    assert [one["position"]["x"] for one in run["iterates"]][:2] == pytest.approx([9, 6.6])


def test_json_of_a_divergence_is_json(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["descend", "x**4", "x=9", "--lr", "1", "--json"]) == 0
    (run,) = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert run["outcome"] == "diverged"
    assert run["iterates"][-1]["value"] == "inf"


def test_an_iteration_opens(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*PAGE, "--open", "1"]) == 0
    out = capsys.readouterr().out
    assert "6.6" in out
    assert "3.2" in out
    assert main([*PAGE, "--open", "7"]) == 2
    assert capsys.readouterr().err == "graphstep: no iteration 7: this descent has 0 to 5\n"
    for word in (["--json"], ["--all"], ["-o", "x.svg"]):
        assert main([*PAGE, "--open", "1", *word]) == 2
        assert capsys.readouterr().err == (
            "graphstep: --open steps through one iteration; leave out --all, --json and --output\n"
        )


def test_an_iteration_opens_in_the_app_where_there_is_a_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[Trace] = []
    monkeypatch.setattr("graphstep.cli.live.has_terminal", lambda: True)
    monkeypatch.setattr(Trace, "step", lambda trace: opened.append(trace))
    assert main([*PAGE, "--open", "2"]) == 0
    assert [float(trace.value("x")) for trace in opened] == [pytest.approx(5.64)]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "words",
    [["x**2 + 3*y**2", "x=2", "y=1"], ["sum(x*x)", "x=[1,2]"], ["sum(x*x)", "x=[1,2,3,4]"]],
    ids=["two inputs", "two entries", "four entries"],
)
def test_the_plot_is_well_formed(
    words: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "path.svg"
    assert main(["descend", *words, "--theme", "dark", "-o", str(file)]) == 0
    assert capsys.readouterr().err == f"wrote {file}\n"
    root = ElementTree.parse(file).getroot()
    levels = [e for e in root.iter() if e.get("class") == "levels"]
    assert len(levels) == (len(words) == 3 or words[1] == "x=[1,2]")


def test_the_plot_is_svg_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*PAGE, "--json", "-o", str(tmp_path / "path.png")]) == 2
    said = f"the plot is written as .svg, not as '{tmp_path / 'path.png'}'"
    assert capsys.readouterr().err == f"graphstep: {said}\n"


def test_a_rate_is_a_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["descend", "x*x", "x=1", "--lr", "fast"]) == 2
    first = capsys.readouterr().err.splitlines()[0]
    assert first == "graphstep: argument --lr: 'fast' is no number"
