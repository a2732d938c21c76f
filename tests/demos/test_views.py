"""What demos print below their traces, word for word, and the two ways to a Jacobian."""

from __future__ import annotations

import math

import pytest
import torch

import graphstep as gs
from graphstep.demos import views
from graphstep.demos.views import (
    curve_plot,
    jacobian_columns,
    jacobian_rows,
    tangents_plot,
    view_text,
)

QUOTIENT = "10/(1 + exp(3*a + a*b))"


def test_a_jacobian_by_rows_and_by_columns() -> None:
    trace = gs.trace("stack([x0*x1, sin(x0), x1**2])", x0=1.0, x1=2.0)
    assert view_text("jacobian", trace).splitlines() == [
        "Jacobian, ∂y/∂(x0, x1): 3 × 2",
        "  row by row, 3 reverse sweeps, each seeded with 1 in one output",
        "    row 0: [2  1]",
        "    row 1: [0.5403  0]",
        "    row 2: [0  4]",
        "  column by column, 2 forward sweeps, each with ẋ = 1 in one input",
        "    column 0: [2  0.5403  0]",
        "    column 1: [1  0  4]",
        "  both give the same matrix",
        "  forward mode is cheaper here: 2 against 3 sweeps",
    ]


@pytest.mark.parametrize(
    ("text", "last"),
    [
        ("sum(x)", "  reverse mode is cheaper here: 1 against 3 sweeps"),
        ("2*x", "  as many outputs as inputs: both modes take 3 sweeps"),
    ],
)
def test_which_mode_is_cheaper(text: str, last: str) -> None:
    trace = gs.trace(text, x=[1.0, 2.0, 3.0])
    assert view_text("jacobian", trace).splitlines()[-1] == last


def test_both_ways_are_torchs() -> None:
    x = torch.tensor([1.0, 2.0, 3.0], dtype=torch.float64)

    def function(x: torch.Tensor) -> torch.Tensor:
        return torch.stack([x.prod(), x.sin().sum()])

    trace = gs.trace(function, x)
    expected = torch.func.jacrev(function)(x)
    torch.testing.assert_close(torch.stack(jacobian_rows(trace)), expected)
    torch.testing.assert_close(torch.stack(jacobian_columns(trace), 1), expected)


def test_two_ways_that_differ_are_not_called_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = gs.trace("2*x", x=[1.0, 2.0])
    monkeypatch.setattr(views, "jacobian_columns", lambda _: [torch.ones(2), torch.ones(2)])
    assert "  the two DISAGREE" in view_text("jacobian", trace).splitlines()


def test_gradients_accumulate() -> None:
    trace = gs.trace(QUOTIENT, a=1.0, b=2.0)
    assert view_text("accumulation", trace).splitlines() == [
        "1. y.backward(retain_graph=True)",
        "     a.grad = None + −0.3324 = −0.3324",
        "     b.grad = None + −0.06648 = −0.06648",
        "2. y.backward()",
        "     a.grad = −0.3324 + −0.3324 = −0.6648",
        "     b.grad = −0.06648 + −0.06648 = −0.133",
    ]


def test_the_tree_is_released() -> None:
    lines = view_text("release", gs.trace(QUOTIENT, a=1.0, b=2.0)).splitlines()
    assert lines[:4] == [
        "1. y.backward()",
        "     a.grad = None + −0.3324 = −0.3324",
        "     b.grad = None + −0.06648 = −0.06648",
        "2. y.backward()",
    ]
    assert lines[4].startswith(
        "     RuntimeError: Trying to backward through the graph a second time"
    )
    assert lines[5].startswith("     graphstep: the backward before this one freed what these")


def test_tangents_of_exp() -> None:
    trace = gs.trace("exp(x)", x=[1.0, 3.0])
    lines = view_text("tangents", trace, ascii=True).splitlines()
    assert lines[:3] == [
        "Tangents, each over [x − 1/2, x + 1/2]",
        "  x = 1: slope 2.7183, from 1.3591 to 4.0774",
        "  x = 3: slope 20.0855, from 10.0428 to 30.1283",
    ]
    assert lines[4] == "exp and its tangents"
    assert lines[-2:] == ["o tangent at 1, slope 2.7183", "x tangent at 3, slope 20.0855"]
    assert "".join(lines[4:-2]).isascii()


def test_the_plotted_tangents_touch_the_curve() -> None:
    plot = tangents_plot(gs.trace("exp(x)", x=[1.0, 9.0]))
    for tangent, x in zip(plot.curves[1:], (1.0, 9.0), strict=True):
        (left, low), (right, high) = tangent.points
        assert (left, right) == (x - 0.5, x + 0.5)
        assert (low + high) / 2 == pytest.approx(math.exp(x), rel=1e-6)
        assert high - low == pytest.approx(math.exp(x), rel=1e-6)


def test_table_2_for_either_input() -> None:
    trace = gs.trace("log(x1) + x1*x2 - sin(x2)", order="level", x1=2.0, x2=5.0)
    text = view_text("tangent", trace)
    assert text.count("Forward tangents") == 2
    ends = [line for line in text.splitlines() if line.startswith("  v̇₅")]
    assert [line.rpartition("= ")[2] for line in ends] == ["5.5", "1.7163"]


def test_cards_of_every_value() -> None:
    text = view_text("cards", gs.trace("2*x", x=[[1.0, 2.0], [3.0, 4.0]]))
    assert "x: v₀\n  operation  input\n  shape      [2, 2]\n  dtype      float32\n" in text
    assert "    1  2\n    3  4\n" in text
    assert "\n\nv₁\n  operation  mul\n" in text


def test_the_curve_of_a_function_of_one_vector() -> None:
    trace = gs.trace("exp(x)", x=[0.0, 1.0, 2.0])
    (curve,) = curve_plot(trace).curves
    assert [x for x, _ in curve.points] == [0.0, 1.0, 2.0]
    assert [y for _, y in curve.points] == pytest.approx([1.0, math.e, math.e**2])
    lines = view_text("curve", trace, ascii=True).splitlines()
    assert lines[:2] == ["exp(x)", "y"]
    assert lines[-1].strip() == "x"
