"""The rule table on the command line."""

from __future__ import annotations

import json

import pytest

from graphstep.cli.main import main


def test_one_row_as_text(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "sin"]) == 0
    head, row = capsys.readouterr().out.splitlines()
    assert head.split("  ")[0] == "operation"
    assert row.split() == ["sin", "sin(x)", "cos(x)"]


def test_every_row_as_json_and_markdown(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--format", "json"]) == 0
    rows = json.loads(capsys.readouterr().out)
    assert {"add", "mul", "exp", "mm"} <= {row["name"] for row in rows}
    assert main(["rules", "--format", "markdown"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(rows) + 2
    assert all(line.replace("\\|", "").count("|") == 4 for line in lines)


def test_an_operation_without_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "sinn"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: no rule of ours for 'sinn'; near: sin, sinh, sinc; "
        "torch's own node differentiates what has none\n"
    )
