"""The rules' language: what it allows, how a choice is made, how rows are found."""

from __future__ import annotations

import pytest
import torch

from graphstep.api import trace
from graphstep.rules.language import (
    compiled,
    compiled_contribution,
    known_as,
    names,
    parse,
    repeated_calls,
)
from graphstep.rules.row import LINEAR, Row
from graphstep.rules.table import FAMILIES, ROWS, row_for


@pytest.mark.parametrize(
    "text",
    ["x.shape", "x[0]", "[x]", "lambda: x", "(x for x in y)", "x := 1", "f'{x}'", "x if y"],
)
def test_what_leaves_the_language_is_refused(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        parse(text)
    with pytest.raises((ValueError, SyntaxError)):
        Row("made_up", None, text)


def test_the_fault_is_named() -> None:
    with pytest.raises(
        ValueError, match=r"^'x\.shape' is not in the rules' language: 'g\*x\.shape'$"
    ):
        parse("g*x.shape")


def test_names_leave_functions_out() -> None:
    assert names("exp(x)*sign(y) + log(2)") == {"x", "y"}


def test_a_choice_is_made_element_by_element() -> None:
    scope = {"x": torch.tensor([-1.0, 0.0, 2.0]), "g": torch.tensor(3.0)}
    assert compiled("x if x > 0 else 5")(scope).tolist() == [5.0, 5.0, 2.0]
    assert compiled_contribution("x if x > 0 else 0")(scope).tolist() == [0.0, 0.0, 6.0]


def test_an_unselected_branch_hands_on_no_infinity() -> None:
    scope = {"x": torch.tensor([0.0, 1.0]), "g": torch.tensor([float("inf"), 1.0])}
    assert compiled_contribution("0 if x == 0 else 1/x")(scope).tolist() == [0.0, 1.0]


def test_a_condition_that_is_no_tensor_runs_one_side_only() -> None:
    assert compiled("0 if y == 0 else 1/y")({"y": 0}) == 0


def test_what_formulas_have_in_common_is_found_inner_calls_first() -> None:
    texts = ("g*exp(sin(x)) + sin(x)", "exp(sin(x)) - log(x)")
    assert repeated_calls(texts) == ("sin(x)", "exp(sin(x))")
    assert repeated_calls(("exp(x) if y > 0 else x", "exp(x) if y > 0 else 1")) == ()


def test_a_known_result_stands_for_its_call() -> None:
    scope = {"x": torch.tensor(2.0), known_as(0): torch.tensor(7.0)}
    assert compiled("x*exp(x)", ("exp(x)",))(scope) == 14
    assert compiled("x*exp(x)")(scope) == 2 * torch.tensor(2.0).exp()


def test_every_row_stands_once_and_is_in_the_language() -> None:
    listed = [row.name for rows in FAMILIES.values() for row in rows]
    assert len(listed) == len(set(listed)) == len(ROWS)
    for row in ROWS.values():
        for text in (row.forward, *row.partials, row.tangent):
            if text is not None and text != LINEAR:
                parse(text)


def test_every_row_has_a_tangent_or_elementwise_partials() -> None:
    for row in ROWS.values():
        assert row.tangent is not None or all(map(row.is_elementwise, range(len(row.partials))))


@pytest.mark.parametrize(
    ("call", "reason"),
    [
        (lambda x: torch.ops.aten.tanh_backward(x + 1j, x + 1j).abs(), "complex"),
        (lambda x: torch.conv_tbc(x.view(2, 1, 1), torch.ones(1, 1, 1), torch.ones(1)), "no row"),
    ],
)
def test_what_has_no_row_goes_by_torchs_node(call: object, reason: str) -> None:
    assert callable(call)
    found = trace(call, torch.tensor([1.5, -2.0]))
    assert None in [row_for(application) for application in found.recorded.applications]
    assert found.check().by_torch, reason
    assert found.check().ok


def test_in_place_forms_have_the_row_of_the_plain_one() -> None:
    found = trace(lambda x: (x * 2).sigmoid_().mul_(3), torch.tensor(0.5))
    assert [a.name for a in found.recorded.applications] == ["mul", "sigmoid_", "mul_"]
    assert [row_for(a) for a in found.recorded.applications] == [
        ROWS["mul"], ROWS["sigmoid"], ROWS["mul"],
    ]  # fmt: skip


@pytest.mark.parametrize(("alpha", "same"), [(1, True), (1.0, True), (2, False), (True, False)])
def test_a_product_with_a_plain_one_makes_no_copy(alpha: float, same: bool) -> None:
    g = torch.tensor([1.0, 2.0])
    for text in ("alpha*g", "g*alpha"):
        found = compiled(text)({"alpha": alpha, "g": g})
        assert (found is g) is same
        assert torch.equal(found, alpha * g)
