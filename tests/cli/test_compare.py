"""graphstep compare: the table of ways, JSON, and the figure."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from graphstep.cli.main import main


def test_the_table_of_ways(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "x**3", "x=2"]) == 0
    seen = capsys.readouterr()
    lines = seen.out.splitlines()
    assert lines[0] == "Four ways to the derivative of x**3 by x"
    ways = {line[:21].strip(): line for line in lines[3:9]}
    assert list(ways) == [
        "numerical, forward",
        "numerical, central",
        "symbolic",
        "symbolic, simplified",
        "forward mode",
        "reverse mode",
    ]
    assert ways["symbolic"].rstrip().endswith("3*x**2")
    assert "v₀  x    2  1         12" in lines
    assert "v₁  v₀³  8  12        1" in lines
    assert "regions: round-off" in seen.out
    assert seen.err == ""


def test_json_and_the_figure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "figure.svg"
    assert main(["compare", "log(x)", "x=0", "--json", "-o", str(file)]) == 0
    seen = capsys.readouterr()
    found = json.loads(seen.out, parse_constant=pytest.fail)
    assert found["ways"][-1]["gradient"] == ["inf"]
    assert len(found["errors"]["h"]) == 65
    assert seen.err == f"wrote {file}\n"
    assert ElementTree.parse(file).getroot().get("class") == "graphstep light"


def test_nothing_to_plot(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["compare", "sum(w*w)", "w=ones(9)", "-o", "f.svg"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: nothing to plot: error against h: 9 numbers move, at most 8 do\n"
    )


def test_several_outputs_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "two.py"
    file.write_text("def two(x):\n    return x*x, x + 1\n")
    assert main(["compare", f"{file}:two", "x=1"]) == 2
    said = f"graphstep: compare takes one output, and {file}:two has several\n"
    assert capsys.readouterr().err == said
