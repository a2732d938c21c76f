"""`graphstep why` and `Trace.why`: what is told, for a person and as data."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.cli.main import main

DEAD = """\
import torch

w = torch.nn.Parameter(torch.tensor([[1.0, 2.0]]))


def loss(x):
    hidden = torch.relu(x @ w.T - 100)
    return (hidden - 1).square().sum()
"""


def test_the_line_of_the_file_is_quoted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "net.py"
    file.write_text(DEAD, encoding="utf-8")
    assert main(["why", f"{file}:loss", "x=ones(3,2)", "--of", "x"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "✗ the gradient of x (v_-1) is 0 at all 6 entries",
        "    v_4 (relu) has an adjoint of up to 2, but dv_4/dv_3 (0 if v_4 <= 0 else 1) is 0 "
        "at all 3 entries",
        "      net.py:7: hidden = torch.relu(x @ w.T - 100)",
        "",
        "where most of it came by, from the output: the largest entry before → after",
        "  v_7 → v_6   sum   1 → 1  ×1",
        "  v_6 → v_5   pow   1 → 2  ×2",
        "  v_5 → v_4   sub   2 → 2  ×1",
        "  v_4 → v_3   relu  2 → 0  ×0",
        "  v_3 → v_2   sub   0 → 0",
        "  v_2 → v_-1  mm    0 → 0",
    ]


def test_gradients_that_share_a_cause_are_told_together(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert (
        main(["why", "relu(a + b)*c + sqrt(d) + detach(e)", "a=-2", "b=1", "c=3", "d=0", "e=1"])
        == 0
    )
    assert capsys.readouterr().out.splitlines() == [
        "✗ the gradient of d (v_-1) holds inf",
        "    the term from v_4 (sqrt) to v_-1 is inf",
        "✗ no gradient reaches e (v_0)",
        "    detached",
        "✗ the gradients of a (v_-4), b (v_-3) are 0 at every entry",
        "    v_2 (relu) has an adjoint of up to 3, but dv_2/dv_1 (0 if v_2 <= 0 else 1) is 0",
        "✗ the gradient of c (v_-2) is 0",
        "    v_3 (mul) has an adjoint of up to 1, but dv_3/dv_-2 (v_2) is 0",
    ]


CUT = """\
import torch

layer = torch.nn.Linear(2, 2)


def loss(x, y):
    hidden = layer(x).tanh().detach()
    scale = y.exp().item()
    return (hidden * scale * torch.ones((), requires_grad=True)).sum()
"""


def test_inputs_cut_off_at_one_place_are_told_together_with_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    file.write_text(CUT, encoding="utf-8")
    assert main(["why", f"{file}:loss", "x=[1,2]", "y=0.5"]) == 0
    assert capsys.readouterr().out.splitlines()[:6] == [
        "✗ no gradient reaches x (v_-4), weight (v_-2), bias (v_-1)",
        "    detached",
        "      net.py:7: hidden = layer(x).tanh().detach()",
        "✗ no gradient reaches y (v_-3)",
        "    not used by the output; item() took a number out of torch",
        "      net.py:8: scale = y.exp().item()",
    ]


def test_a_result_that_is_cut_off_names_the_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "net.py"
    file.write_text("def loss(x):\n    y = x.data\n    return y.sum()\n", encoding="utf-8")
    assert main(["why", f"{file}:loss", "x=[1,2]"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: the output depends on no input that requires a gradient "
        "(x: detached in line 2)\n"
    )


def test_the_same_as_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "sqrt(x)*w", "x=0", "w=0", "--of", "x", "--json"]) == 0
    found = json.loads(capsys.readouterr().out, parse_constant=pytest.fail)
    assert found["ok"] is False
    (answer,) = found["answers"]
    assert (answer["name"], answer["gradient"], answer["largest"]) == ("v_-1", "nan", "nan")
    assert answer["causes"][0]["sentence"].endswith("an infinite local partial dv_1/dv_-1")
    assert [link["op"] for link in answer["path"]] == ["mul", "sqrt"]


def test_a_value_that_is_not_there(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why", "2*x", "x=1", "--of", "y"]) == 2
    error = capsys.readouterr().err
    assert error == "graphstep: no value 'y' in this trace (it has v_0 to v_1)\n"


def test_a_nan_is_followed_back_to_the_value_that_brought_it() -> None:
    trace = gs.trace(lambda x, w: ((x - 2).log() * w).exp().sum(), torch.ones(2), torch.ones(2))
    for name in ("x", "w"):
        (answer,) = trace.why(name).answers
        assert answer.kind == "nan"
        assert [(cause.i, cause.sentence) for cause in answer.causes] == [
            (2, "v_2 becomes nan in log")
        ]


def test_a_sum_of_finite_terms_that_overflows() -> None:
    trace = gs.trace(lambda x: x * 2e38 + x * 2e38, torch.tensor(0.0))
    (answer,) = trace.why("x").answers
    assert [cause.sentence for cause in answer.causes] == [
        "the adjoint of v_0: its terms add up to inf"
    ]


@pytest.mark.parametrize(("factor", "told"), [(1e-5, False), (1e-7, True)])
def test_a_gradient_next_to_nothing_beside_another_is_told_of(factor: float, told: bool) -> None:
    text = gs.trace("a*k + 2*b", a=1.0, b=1.0, k=factor).why("a", "b").text()
    line = (
        "! the largest entry of the gradient of a (v_-2) is 5e-8 of that of b (v_-1); asked for "
        "alone, a shows where it shrank"
    )
    assert text.splitlines()[2:] == [line] * told


def test_all_is_well() -> None:
    found = gs.trace("3*a + a*b", a=10.0, b=20.0).why()
    assert found.ok
    assert found.text() == "✓  a  v_-1  23\n✓  b  v_0   10"


def test_the_check_tells_of_zeros_and_still_agrees() -> None:
    report = gs.trace("relu(x)*w", x=-1.0, w=2.0).check()
    assert report.ok
    sentence = (
        "the gradient of x (v_-1) is 0: v_1 (relu) has an adjoint of up to 2, "
        "but dv_1/dv_-1 (0 if v_1 <= 0 else 1) is 0"
    )
    assert report.zero[0] == sentence
    assert f"  ! {sentence}\n" in report.text()
    assert report.to_json()["zero"] == list(report.zero)


def test_names_from_the_user_cannot_steer_a_terminal(tmp_path: Path) -> None:
    file = tmp_path / "evil.py"
    file.write_text("def loss(x):\n    return x.relu()  # \x1b[31m\u202e\n", encoding="utf-8")
    text = gs.load(gs.trace(f"{file}:loss", x=-1.0).save(tmp_path / "x.graphstep")).why().text()
    assert "\x1b" not in text
    assert "\u202e" not in text
