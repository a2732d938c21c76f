"""One operation opened on the command line: printed, and written to a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphstep.cli.main import main
from graphstep.textbook import opened
from graphstep.textbook.expansion import Expansion

SOFTMAX = ["open", "softmax(x, 0)[0]", "x=[1,2]", "--value", "v_1"]
AGREES = [
    "✓ the value agrees with torch's kernel (max abs error 0)",
    "✓ the adjoint of x agrees with torch's kernel (max abs error 0)",
]


def test_an_opened_operation_is_a_table_and_its_agreement(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(SOFTMAX) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "Forward values"
    assert lines[-4].startswith("v₁ opens into: e = exp(x - detach(amax(x, 0, keepdim=True)))")
    assert lines[-3] == "where x is v₀"
    assert [line.split(" (")[0] for line in lines[-2:]] == [a.split(" (")[0] for a in AGREES]


@pytest.mark.parametrize("ending", ["html", "svg", "tex", "json", "graphstep"])
def test_an_opened_operation_is_exported_as_any_trace_is(
    ending: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / f"softmax.{ending}"
    assert main([*SOFTMAX, "-o", str(path)]) == 0
    told = capsys.readouterr()
    assert told.err == f"wrote {path}\n"
    assert told.out.startswith("v₁ opens into: ")
    assert path.stat().st_size > 500


def test_a_textbook_that_disagrees_is_said_to_and_ends_with_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = {"_softmax": lambda scope: Expansion("exp(x)")}
    monkeypatch.setattr(opened, "EXPANSIONS", {**opened.EXPANSIONS, **wrong})
    assert main([*SOFTMAX, "-o", str(tmp_path / "wrong.svg")]) == 1
    assert "✗ the value does not agree with torch's kernel" in capsys.readouterr().out
    assert main(SOFTMAX) == 1


def test_one_entry_of_a_convolution(capsys: pytest.CaptureFixture[str]) -> None:
    source = ["conv1d(x, w)", "x=[[[1,2,3,4]]]", "w=[[[1,-1]]]"]
    assert main(["open", *source, "--value", "v_1", "--element", "0,0,1"]) == 0
    out = capsys.readouterr().out
    assert "v₁[0, 0, 1] opens into: patch = x[0, 0:1, 1:3]; kernel = y[0, :, 0:2]" in out
