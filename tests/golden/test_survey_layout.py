"""Baydin et al. 2018, Tables 2 and 3, in their layout and with the digits that they print."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import replace
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.cli.main import main
from graphstep.format.numbers import number, printed_with
from graphstep.output.survey_table import FORMATS

# As printed, with the rows of the tables from top to bottom.
PRIMAL = ["2", "5", "0.693", "10", "-0.959", "10.693", "11.652", "11.652"]
TANGENT = ["1", "0", "0.5", "5", "0", "5.5", "5.5", "5.5"]
RULES = ["", "", "vdot_-1*(1/v_-1)", "vdot_-1*v_0 + vdot_0*v_-1", "vdot_0*cos(v_0)",
         "vdot_1*1 + vdot_2*1", "vdot_4*1 + vdot_3*(-1)", "vdot_5"]  # fmt: skip
REVERSE = [  # from the bottom up, each with the value that it stands beside
    ("y", "vbar_5", "seed", "", "1"),
    ("v_5", "vbar_4", "vbar_5*dv_5/dv_4", "vbar_5*1", "1"),
    ("v_5", "vbar_3", "vbar_5*dv_5/dv_3", "vbar_5*(-1)", "-1"),
    ("v_4", "vbar_1", "vbar_4*dv_4/dv_1", "vbar_4*1", "1"),
    ("v_4", "vbar_2", "vbar_4*dv_4/dv_2", "vbar_4*1", "1"),
    ("v_3", "vbar_0", "vbar_3*dv_3/dv_0", "vbar_3*cos(v_0)", "-0.284"),
    ("v_2", "vbar_-1", "vbar_2*dv_2/dv_-1", "vbar_2*v_0", "5"),
    ("v_2", "vbar_0", "vbar_0 + vbar_2*dv_2/dv_0", "vbar_0 + vbar_2*v_-1", "1.716"),
    ("v_1", "vbar_-1", "vbar_-1 + vbar_1*dv_1/dv_-1", "vbar_-1 + vbar_1*(1/v_-1)", "5.5"),
    ("v_0", "x2.grad", "vbar_0", "", "1.716"),
    ("v_-1", "x1.grad", "vbar_-1", "", "5.5"),
]


@pytest.fixture(scope="module")
def survey() -> gs.Trace:
    x1, x2 = torch.tensor([2.0, 5.0], dtype=torch.float64)
    return gs.trace("log(x1) + x1*x2 - sin(x2)", order="level", x1=x1, x2=x2)


def test_table_2_has_the_tangents_beside_the_primal(survey: gs.Trace) -> None:
    found = json.loads(survey.table(format="json", mode="tangent", layout="survey", precision=3))
    lefts, rights = zip(*found["rows"], strict=True)
    assert [left["value"] for left in lefts] == PRIMAL
    assert [right["value"] for right in rights] == TANGENT
    assert [right["formula"] for right in rights] == RULES


def test_table_3_has_each_contribution_beside_its_operation(survey: gs.Trace) -> None:
    text = survey.table(format="csv", grain="contribution", layout="survey", precision=3)
    _, *rows = csv.reader(io.StringIO(text))
    assert [row[3] for row in rows if row[3]] == PRIMAL
    beside, found = "", []
    for row in rows:
        beside = row[0] or beside
        found.append((beside, *row[4:]))
    # Rows beside one value come in the order of the sweep from the bottom up, too.
    assert sorted(found) == sorted(REVERSE)
    assert [row for row in reversed(found) if row[0] not in ("v_0", "v_-1")] == REVERSE[:9]


def test_all_digits_of_float64_are_printed_when_asked_for(survey: gs.Trace) -> None:
    text = survey.table(layout="survey", precision=16)
    for digits in ("11.652071455223084", "1.7163378145367738", "0.6931471805599453"):
        assert digits in text
    assert "1.7163 " not in text


def test_gathered_rows_stand_beside_their_value(survey: gs.Trace) -> None:
    found = json.loads(survey.table(format="json", layout="survey"))["rows"]
    assert [(left["name"], right["name"], right["value"]) for left, right in found] == [
        ("v_-1", "vbar_-1", "5.5"),
        ("v_0", "vbar_0", "1.7163"),
        ("v_1", "vbar_1", "1"),
        ("v_2", "vbar_2", "1"),
        ("v_3", "vbar_3", "-1"),
        ("v_4", "vbar_4", "1"),
        ("v_5", "", ""),
        ("y", "vbar_5", "1"),
    ]


def test_every_format_says_the_same_in_its_own_form(
    survey: gs.Trace, capsys: pytest.CaptureFixture[str]
) -> None:
    for format in FORMATS:
        for layout in ("rows", "survey"):
            words = ["log(x1) + x1*x2 - sin(x2)", "x1=2", "x2=5", "--format", format]
            assert main(["table", *words, "--layout", layout, "--precision", "2"]) == 0
            shown = capsys.readouterr().out
            assert "11.65" in shown
            assert "11.6521" not in shown
    html = survey.table(format="html", layout="survey")
    root = ElementTree.fromstring(html.replace("&#x2061;", ""))
    assert len(root.findall("tbody/tr")) == 8
    assert {len(row.findall("td")) for row in root.iter("tr") if row.find("td") is not None} == {8}
    rows = ElementTree.fromstring(survey.table(format="html").replace("&#x2061;", ""))
    assert len(rows.findall("tbody")) == 2
    latex = survey.table(format="latex", layout="survey")
    # Too wide for eight columns on a page: each half of a row is one paragraph.
    assert [line.count("&") for line in latex.splitlines() if line.startswith("$")] == [1] * 8


def test_the_booktabs_table_compiles(survey: gs.Trace, tmp_path: Path) -> None:
    program = shutil.which("lualatex") or shutil.which("pdflatex")
    if program is None:
        pytest.skip("no LaTeX is installed")
    table = survey.table(format="latex", layout="survey")
    needed, _ = table.removeprefix("% needs ").split("\n", 1)
    assert needed.startswith(r"\usepackage{")
    (tmp_path / "main.tex").write_text(
        rf"\documentclass{{article}}{needed}\begin{{document}}" + table + r"\end{document}"
    )
    words = [program, "-interaction=nonstopmode", "-halt-on-error", "main.tex"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-2000:]


def test_several_outputs_an_input_without_a_path_and_hostile_labels() -> None:
    a, b = torch.ones(2), torch.ones(2)
    trace = gs.trace(lambda a, b: (a * 2, a.exp()), a, b)
    values = trace.recorded.values
    values[0] = replace(values[0], label="<b>$x_1&")
    text = trace.table(layout="survey", format="html")
    assert "no path" in text
    assert "<b>" not in text
    assert "y_2" in trace.table(layout="survey")
    assert r"\$x\_1\&" in trace.table(layout="survey", format="latex")
    assert "y\u0307" in gs.trace("3*a", a=1.0).table(layout="survey", mode="tangent")


@pytest.mark.parametrize("decimals", [0, 18])
def test_a_precision_that_means_nothing_is_refused(decimals: int) -> None:
    with pytest.raises(gs.InputError) as caught:
        gs.trace("3*a", a=1.0).table(precision=decimals)
    assert str(caught.value) == f"no precision {decimals}: it is 1 to 17 decimals"
    assert number(1 / 3) == "0.3333"


def test_a_precision_holds_for_a_while_only() -> None:
    with printed_with(2):
        assert (number(2 / 3), number(123.456), number(1e-5), number(1e9)) == (
            "0.67", "123.46", "1e-5", "1e9",
        )  # fmt: skip
    assert number(2 / 3) == "0.6667"
    with pytest.raises(gs.InputError, match=r"^unknown layout 'wide' \(must be one of rows, sur"):
        gs.trace("3*a", a=1.0).table(layout="wide")  # type: ignore[arg-type]
