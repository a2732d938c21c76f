"""Baydin et al. 2018, Tables 2 and 3, row by row, for ln(x1) + x1 x2 - sin(x2) at (2, 5)."""

from __future__ import annotations

import math

import pytest
import torch

import graphstep as gs

VALUES = {
    -1: ("input", 2.0),
    0: ("input", 5.0),
    1: ("log", 0.6931471805599453),
    2: ("mul", 10.0),
    3: ("sin", -0.9589242746631385),
    4: ("add", 10.693147180559945),
    5: ("sub", 11.652071455223084),
}
TANGENTS = {-1: 1.0, 0: 0.0, 1: 0.5, 2: 5.0, 3: 0.0, 4: 5.5, 5: 5.5}

# Number, formula, running sum and whether it is finished, in the order of Table 3.
ROWS = [
    (5, "vbar_5 = 1", 1.0, True),
    (4, "vbar_4 = vbar_5*dv_5/dv_4 = vbar_5*1 = 1*1 = 1", 1.0, True),
    (3, "vbar_3 = vbar_5*dv_5/dv_3 = vbar_5*(-1) = 1*(-1) = -1", -1.0, True),
    (1, "vbar_1 = vbar_4*dv_4/dv_1 = vbar_4*1 = 1*1 = 1", 1.0, True),
    (2, "vbar_2 = vbar_4*dv_4/dv_2 = vbar_4*1 = 1*1 = 1", 1.0, True),
    (
        0,
        "vbar_0 = vbar_3*dv_3/dv_0 = vbar_3*cos(v_0) = (-1)*0.2837 = -0.2837",
        -0.28366218546322625,
        False,
    ),
    (-1, "vbar_-1 = vbar_2*dv_2/dv_-1 = vbar_2*v_0 = 1*5 = 5", 5.0, False),
    (
        0,
        "vbar_0 = vbar_0 + vbar_2*dv_2/dv_0 = vbar_0 + vbar_2*v_-1 = -0.2837 + 1*2 = 1.7163",
        1.7163378145367738,
        True,
    ),
    (
        -1,
        "vbar_-1 = vbar_-1 + vbar_1*dv_1/dv_-1 = vbar_-1 + vbar_1*(1/v_-1) = 5 + 1*0.5 = 5.5",
        5.5,
        True,
    ),
    (0, "x2.grad = vbar_0 = 1.7163", 1.7163378145367738, True),
    (-1, "x1.grad = vbar_-1 = 5.5", 5.5, True),
]


@pytest.fixture(scope="module")
def survey() -> gs.Trace:
    x1, x2 = torch.tensor([2.0, 5.0], dtype=torch.float64)
    return gs.trace("log(x1) + x1*x2 - sin(x2)", order="level", x1=x1, x2=x2)


def test_table_2_primal(survey: gs.Trace) -> None:
    assert {i: v.op for i, v in survey.values.items()} == {i: op for i, (op, _) in VALUES.items()}
    for i, (_, number) in VALUES.items():
        assert survey.value(i).item() == pytest.approx(number, rel=1e-15), f"v_{i}"


def test_table_2_tangents(survey: gs.Trace) -> None:
    for i, expected in TANGENTS.items():
        found = survey.tangent(seed="x1", name=f"v_{i}").item()
        assert found == pytest.approx(expected, rel=1e-15), f"v_{i}"
    assert survey.tangent(seed="x1").item() == 5.5
    assert survey.tangent(seed="x2").item() == pytest.approx(1.7163378145367738, rel=1e-15)
    assert survey.tangent(seed="x2", name="v_3").item() == pytest.approx(math.cos(5), rel=1e-15)
    assert survey.tangent(seed="x2", name="v_1").item() == 0


def test_table_3_row_by_row(survey: gs.Trace) -> None:
    timeline = survey.timeline("contribution")
    reverse = [step for step in timeline if step.half == "reverse"]
    assert [(s.i, timeline.equation(s.index).one_line("ascii")) for s in reverse] == [
        (i, text) for i, text, _, _ in ROWS
    ]
    assert [step.kind for step in reverse] == ["seed", *["contribution"] * 8, *["gradient"] * 2]
    for step, (i, _, total, finished) in zip(reverse, ROWS, strict=True):
        state = timeline.adjoint_state(i, step.index)
        assert state.kind == ("final" if finished else "partial")
        assert state.text == f"{total:.4f}".rstrip("0").rstrip(".").replace("-", "−")


def test_partial_sums_are_exact(survey: gs.Trace) -> None:
    sums: dict[int, float] = {}
    for term, (i, _, total, _) in zip(survey.sweep.terms, ROWS[1:9], strict=True):
        assert term.value is not None
        assert term.parent == i
        sums[i] = sums.get(i, 0.0) + term.value.item()
        assert sums[i] == pytest.approx(total, rel=1e-15)


def test_in_order_of_evaluation_python_adds_before_it_takes_the_sine() -> None:
    trace = gs.trace("log(x1) + x1*x2 - sin(x2)", x1=2.0, x2=5.0)
    assert [v.op for v in trace.values.values()][2:] == ["log", "mul", "add", "sin", "sub"]
    assert trace.check().ok
