"""Formulas from our own graph are those of the survey's Table 1, and swell as it says."""

from __future__ import annotations

import math
from typing import Any

import pytest
import sympy
import torch

import graphstep as gs
from graphstep.errors import InputError
from graphstep.lab.operations import cost
from graphstep.lab.swell import swell
from graphstep.lab.symbolic import NoClosedForm, closed_forms, count, evaluated, exact, simplified

LOGISTIC = "l2 = 4*x*(1-x); l3 = 4*l2*(1-l2); l4 = 4*l3*(1-l3); 1*l4"
TABLE_1 = {
    "l2": ("4*x*(1-x)", "4*(1-x) - 4*x", "4 - 8*x"),
    "l3": (
        "16*x*(1-x)*(1-2*x)**2",
        "16*(1-x)*(1-2*x)**2 - 16*x*(1-2*x)**2 - 64*x*(1-x)*(1-2*x)",
        "16*(1 - 10*x + 24*x**2 - 16*x**3)",
    ),
    "l4": (
        "64*x*(1-x)*(1-2*x)**2*(1-8*x+8*x**2)**2",
        "128*x*(1-x)*(-8+16*x)*(1-2*x)**2*(1-8*x+8*x**2) + 64*(1-x)*(1-2*x)**2*(1-8*x+8*x**2)**2"
        " - 64*x*(1-2*x)**2*(1-8*x+8*x**2)**2 - 256*x*(1-x)*(1-2*x)*(1-8*x+8*x**2)**2",
        "64*(1 - 42*x + 504*x**2 - 2640*x**3 + 7040*x**4 - 9984*x**5 + 7168*x**6 - 2048*x**7)",
    ),
}


@pytest.mark.parametrize("name", TABLE_1)
def test_table_1(name: str) -> None:
    trace = gs.trace(LOGISTIC, x=0.2).recorded
    forms = closed_forms(trace)
    i = trace.find(name)
    x = sympy.Symbol("x", real=True)
    formula, raw, short = (sympy.sympify(text, {"x": x}) for text in TABLE_1[name])
    assert sympy.expand(forms.formulas[i] - formula) == 0
    found = forms.derivative(i, 0)
    assert sympy.expand(found - raw) == 0
    made_short = simplified(found)
    assert made_short is not None
    assert sympy.expand(made_short - short) == 0
    assert count(made_short) <= count(found)


def test_formulas_swell_and_automatic_modes_do_not() -> None:
    trace = gs.trace(LOGISTIC, x=0.2).recorded
    rows = swell(trace, closed_forms(trace), "x")[:3]
    assert [row.name for row in rows] == ["l2", "l3", "l4"]
    assert [row.operations for row in rows] == [2, 21, 82]
    assert [row.automatic for row in rows] == [7, 14, 21]
    assert [row.simplified_operations for row in rows] == [2, 9, 21]


@pytest.mark.parametrize(
    ("source", "values"),
    [
        ("log(x1) + x1*x2 - sin(x2)", {"x1": 2.0, "x2": 5.0}),
        ("10/(1 + exp(3*a + a*b))", {"a": 1.0, "b": 2.0}),
        ("tanh(x)*sqrt(x) - atan(x)**2 + x.sigmoid()", {"x": 0.7}),
        ("log2(x) + log10(x) + x**1.5 + 1/x + abs(-x) + relu(x)", {"x": 0.7}),
        ("sum(x) + mean(x)*cosh(x)", {"x": 0.3}),
    ],
)
def test_derivatives_are_those_of_the_reverse_sweep(source: str, values: dict[str, float]) -> None:
    doubled: dict[str, Any] = {n: torch.tensor(v, dtype=torch.float64) for n, v in values.items()}
    trace = gs.trace(source, **doubled)
    forms = closed_forms(trace.recorded)
    at = {symbol: exact(trace.recorded.value(i)) for i, symbol in forms.symbols.items()}
    for i in trace.recorded.inputs:
        adjoint = trace.adjoint(i)
        assert adjoint is not None
        derivative = forms.derivative(trace.recorded.outputs[0], i)
        assert evaluated(derivative, at) == pytest.approx(float(adjoint), rel=1e-12)


def test_names_are_never_read_as_formulas() -> None:
    forms = closed_forms(gs.trace("S*E + I", S=2.0, E=3.0, I=1.0).recorded)
    assert {str(s) for s in forms.symbols.values()} == {"S", "E", "I"}
    assert all(isinstance(s, sympy.Symbol) for s in forms.symbols.values())


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("sum(x*[1,2])", "v_1 is f32[2]: a formula takes single numbers"),
        ("where(x > 0, x, -x)", "where has no closed form here"),
        ("floor(x)*x", "floor has no closed form here"),
    ],
)
def test_what_has_no_closed_form(source: str, said: str) -> None:
    with pytest.raises(NoClosedForm) as error:
        closed_forms(gs.trace(source, x=1.0).recorded)
    assert str(error.value) == said
    assert isinstance(error.value, InputError)


def test_a_formula_that_would_swell_out_of_hand_is_not_built() -> None:
    text = "; ".join(["y0 = x*x", *(f"y{k} = y{k - 1}*y{k - 1} + 1" for k in range(1, 14)), "y13"])
    with pytest.raises(NoClosedForm, match="written out, v_14 alone has 381 operations"):
        closed_forms(gs.trace(text, x=0.1).recorded)


def test_a_formula_without_a_value_is_nan() -> None:
    x = sympy.Symbol("x")
    assert math.isnan(evaluated(1 / x, {x: sympy.Integer(0)}))


def test_operations_are_counted_once_each() -> None:
    trace = gs.trace("3*a + a*b", a=1.0, b=2.0).recorded
    assert (cost(trace).values, cost(trace).sweep) == (3, 5)
    assert cost(trace, trace.find("v_1")).values == 1
