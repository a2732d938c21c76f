"""The rule table on the command line."""

from __future__ import annotations

import json
import xml.etree.ElementTree as ElementTree

import pytest

from graphstep.cli.main import main
from graphstep.cli.rules import FORMATS
from graphstep.output import rule_table
from graphstep.rules.row import Row
from graphstep.rules.table import FAMILIES, ROWS


def printed(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["rules", *words]) == 0
    return capsys.readouterr().out.rstrip("\n")


def test_the_formats_are_those_that_are_written() -> None:
    assert set(rule_table.FORMATS) == set(FORMATS)


def test_one_row_says_all_that_there_is_to_know(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, "div").splitlines() == [
        "div: a row of ours, elementwise",
        "  v      = x/y",
        "  ∂v/∂x  = 1/y",
        "  ∂v/∂y  = −v/y",
        "  torch  self: div_tensor_self_backward(grad, other, self.scalar_type())",
        "  torch  other: div_tensor_other_backward(grad, self, other)",
    ]


def test_a_row_for_an_operation_that_only_a_newer_torch_has_is_written_all_the_same() -> None:
    row = Row("of_a_newer_torch", "x*y", "y", "x")
    assert [line.left for line in rule_table.lines(row, "ascii")] == ["v", "dv/dx", "dv/dy"]


def test_one_row_explains_the_functions_that_it_calls(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "_log_softmax").splitlines()
    assert lines[1:4] == [
        "  v      = log_softmax(x, dim=dim)",
        "  x̄      = v̄ − exp(v)·total(v̄, dim)",
        "  v̇      = ẋ − total(exp(v)·ẋ, dim)",
    ]
    assert lines[-2:] == ["total(x, dim)", "  Sum over `dim`, keeping the axis."]


def test_the_styles_say_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    assert "  x̄ = v̄ @ yᵀ" in printed(capsys, "mm").replace("      =", " =")
    assert "xbar   = vbar @ y.T" in printed(capsys, "mm", "--format", "ascii")
    assert r"\quad $\bar x$ & $= \bar v \, y^{\top}$ \\" in printed(
        capsys, "mm", "--format", "latex"
    )
    fraction = "<mfrac><mrow><mo>∂</mo><mi>v</mi></mrow><mrow><mo>∂</mo><mi>x</mi></mrow></mfrac>"
    assert fraction in printed(capsys, "exp", "--format", "mathml")


def test_every_row_stands_in_every_format(capsys: pytest.CaptureFixture[str]) -> None:
    for format in ("text", "ascii"):
        lines = printed(capsys, "--format", format).splitlines()
        assert {*FAMILIES, *ROWS} <= {line.strip().split("  ")[0] for line in lines}
    assert {row["name"] for row in json.loads(printed(capsys, "--format", "json"))} == set(ROWS)
    lines = printed(capsys, "--format", "markdown").splitlines()
    assert len(lines) == len(ROWS) + 2
    assert all(line.replace("\\|", "").count("|") == 4 for line in lines)


def test_every_row_is_sound_mathml(capsys: pytest.CaptureFixture[str]) -> None:
    table = ElementTree.fromstring(printed(capsys, "--format", "mathml"))
    assert [code.text for code in table.iter("code")] == list(ROWS)
    known = {"mrow", "mi", "mn", "mo", "mtext", "mfrac", "msup", "msub", "msqrt", "mover",
             "mtable", "mtr", "mtd", "mspace"}  # fmt: skip
    children = {"mfrac": 2, "msup": 2, "msub": 2, "mover": 2}
    shown = 0
    for math in table.iter("math"):
        for element in list(math.iter())[1:]:
            shown += 1
            assert element.tag in known
            assert len(element) == children.get(element.tag, len(element)), element.tag
    assert shown > 5000


def test_every_row_is_balanced_latex(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "--format", "latex").splitlines()
    for line in lines[2:-2]:
        plain = line.replace(r"\{", "").replace(r"\}", "")
        assert plain.count("{") == plain.count("}"), line
        assert plain.count(r"\left") == plain.count(r"\right"), line
        assert plain.count("$") % 2 == 0, line
        assert plain.count(r"\begin{cases}") == plain.count(r"\end{cases}"), line


def test_an_operation_that_only_torch_differentiates(capsys: pytest.CaptureFixture[str]) -> None:
    lines = printed(capsys, "conv_tbc").splitlines()
    assert lines[0] == "conv_tbc: no row of ours, torch's own node differentiates it"
    assert lines[1].startswith('  torch  self, weight, bias: "grad.defined() ? conv_tbc_backward(')


def test_an_operation_without_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "sinn"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: no rule of ours for 'sinn'; near: sin, sinh, sinc; "
        "torch's own node differentiates what has none\n"
    )
