"""Wrong rules planted on purpose: the check refuses each, and names the node it went wrong at."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor

from graphstep.api import Trace, trace
from graphstep.check.oracles import further_findings
from graphstep.check.report import Report
from graphstep.rules.row import Row
from graphstep.rules.table import ROWS
from graphstep.sweep import reverse
from graphstep.sweep.contributions import Contribution, contributions

X = torch.tensor([[0.5, -1.5], [2.0, 0.75]], dtype=torch.float64)
Y = torch.tensor([[1.25, 0.5], [-0.5, 3.0]], dtype=torch.float64)


def chain(x: Tensor, y: Tensor) -> Tensor:
    """v_1 = x y, v_2 = sin v_1, v_3 = v_2 * x, v_4 = exp v_3, v_5 = sum."""
    return (torch.sin(x @ y) * x).exp().sum()


def plant(monkeypatch: pytest.MonkeyPatch, *rows: Row) -> None:
    for row in rows:
        monkeypatch.setitem(ROWS, row.name, row)


MUL = "x*y"
MM = "dx @ y + x @ dy"
PLANTS = [
    ("sign flip in sin", Row("sin", "sin(x)", "-cos(x)"), "v_1"),
    ("sign flip in mul", Row("mul", MUL, "-y", "x"), "v_2"),
    ("dropped edge in mul", Row("mul", MUL, "0", "x"), "v_2"),
    ("dropped edge to a leaf", Row("mul", MUL, "y", "0"), "v_-1"),
    ("swapped operands", Row("mul", MUL, "x", "y"), "v_2"),
    ("transposed factor", Row("mm", "x @ y", "g @ y", "x.T @ g", tangent=MM), "v_-1"),
    ("transposed first factor", Row("mm", "x @ y", "g @ y.T", "x @ g", tangent=MM), "v_0"),
    ("transposed adjoint", Row("mm", "x @ y", "g.T @ y.T", "x.T @ g", tangent=MM), "v_-1"),
    ("missing factor", Row("exp", "exp(x)", "1"), "v_3"),
    ("input for result", Row("exp", "exp(x)", "x"), "v_3"),
    ("half of it", Row("exp", "exp(x)", "v/2"), "v_3"),
    ("one part in ten thousand", Row("exp", "exp(x)", "v*1.0001"), "v_3"),
    ("wrong sum", Row("sum", None, "2*spread(g, x, dim, keepdim)", tangent="linear"), "v_4"),
    ("mean for sum", Row("sum", None, "spread(g, x, dim, keepdim)/4", tangent="linear"), "v_4"),
]
planted = pytest.mark.parametrize(
    ("row", "node"), [(row, node) for _, row, node in PLANTS], ids=[name for name, _, _ in PLANTS]
)


@planted
def test_the_wrong_node_is_named(row: Row, node: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert trace(chain, X, Y).check().ok
    plant(monkeypatch, row)
    report = trace(chain, X, Y).check()
    assert not report.ok
    assert report.first_disagreement == node
    assert report.oracles()["engine"] == "disagrees"
    assert report.oracles()["grad"] == "disagrees"
    assert report.text().splitlines()[-1] == f"first disagreement in reverse order: {node}"
    assert report.to_json()["first_disagreement"] == node


@planted
def test_the_other_oracles_catch_it_alone(
    row: Row, node: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch, row)
    found = trace(chain, X, Y)
    tangent, numeric = further_findings(found.recorded, found.sweep)
    assert tangent.ok is False
    assert tangent.first is not None
    application = found.recorded.made_by[tangent.first]
    assert application.name == row.name
    assert numeric.ok is False


def test_nothing_planted_and_all_oracles_agree() -> None:
    found = trace(chain, X, Y)
    assert [f.ok for f in further_findings(found.recorded, found.sweep)] == [True, True]
    assert found.check().ok


def sabotaged(
    monkeypatch: pytest.MonkeyPatch, change: Callable[[list[Contribution]], list[Contribution]]
) -> Report:
    def wrong(*given: Any) -> list[Contribution]:
        return change(contributions(*given))

    monkeypatch.setattr(reverse, "contributions", wrong)
    report = trace("z = a*b; w = z*z; w + sin(z)", a=2.0, b=0.75).check()
    assert not report.ok
    return report


def test_a_missing_second_term(monkeypatch: pytest.MonkeyPatch) -> None:
    """z*z hands v̄_z two equal terms; a set of parents would keep one."""

    def once(terms: list[Contribution]) -> list[Contribution]:
        kept: dict[int, Contribution] = {}
        for term in terms:
            kept.setdefault(term.parent, term)
        return list(kept.values())

    report = sabotaged(monkeypatch, once)
    assert report.first_disagreement == "v_1"
    assert report.tangent.ok is False
    assert report.tangent.first == 2
    assert report.numeric.ok is False


def test_an_edge_that_hands_on_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    report = sabotaged(monkeypatch, lambda terms: [t for t in terms if t.application.name != "sin"])
    assert report.first_disagreement == "v_1"
    assert report.numeric.ok is False


def test_a_wrong_leaf_only_is_named_by_its_leaf(monkeypatch: pytest.MonkeyPatch) -> None:
    plant(monkeypatch, Row("neg", "-x", "1"))
    report = trace("-a + b", a=1.0, b=2.0).check()
    assert report.first_disagreement == "v_-1"
    assert [one.verdict.ok for one in report.inputs] == [False, True]


def test_a_wrong_shape_is_an_error_that_names_the_operation(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    plant(monkeypatch, Row("mm", "x @ y", "g", "x.T @ g", tangent=MM))
    found: Trace = trace(lambda x, y: (x @ y).sum(), torch.ones(2, 3), torch.ones(3, 4))
    with pytest.raises(
        RuntimeError, match=r"^the rule of mm gave \[2, 4\] for an operand of shape \[2, 3\]$"
    ):
        _ = found.sweep


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64, torch.float16, torch.bfloat16])
def test_a_float_drift_of_two_per_cent_is_seen(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    x = torch.tensor([0.5, 1.0, -0.25], dtype=dtype)
    assert trace(lambda x: x.exp().sum(), x).check().ok
    plant(monkeypatch, Row("exp", "exp(x)", "v*1.03"))
    assert trace(lambda x: x.exp().sum(), x).check().first_disagreement == "v_0"


def test_a_kink_within_the_step_of_a_difference_is_no_disagreement() -> None:
    x = torch.tensor([1e-8, 1.0], dtype=torch.float64)
    assert trace(lambda x: x.relu().sum() + x.square().sum(), x).check().numeric.ok is True


KINKS: list[tuple[str, Callable[[Tensor], Tensor]]] = [
    ("relu", lambda x: x.relu().sum()),
    ("clamp", lambda x: (x.clamp(0, 1) * x.exp()).sum()),
    ("hardswish", lambda x: torch.nn.functional.hardswish(x + 3).sum()),
]


@pytest.mark.parametrize(("name", "function"), KINKS, ids=[name for name, _ in KINKS])
def test_a_kink_at_the_very_point_is_no_disagreement(
    name: str, function: Callable[[Tensor], Tensor]
) -> None:
    report = trace(function, torch.zeros(3)).check()
    assert report.ok, report.text()
    assert report.oracles()["numeric"] == "skipped: the function is not smooth enough here"


def test_an_error_larger_than_a_kink_is_seen_beside_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def function(x: Tensor) -> Tensor:
        return x.relu().sum() + 10 * x.exp().sum()

    plant(monkeypatch, Row("exp", "exp(x)", "-v"))
    found = trace(function, torch.zeros(3))
    assert further_findings(found.recorded, found.sweep)[1].ok is False


def test_what_rounding_moves_as_far_is_no_disagreement(monkeypatch: pytest.MonkeyPatch) -> None:
    torch.manual_seed(0)
    x = torch.randn(2, 3)
    steep = trace(lambda x: torch.rad2deg(x).sin().sum(), x)
    assert steep.check().ok, steep.check().text()
    plant(monkeypatch, Row("sin", "sin(x)", "cos(x)*1.001"))
    steep = trace(lambda x: torch.rad2deg(x).sin().sum(), x)
    assert further_findings(steep.recorded, steep.sweep)[1].ok is False


def test_a_pole_is_told_as_not_finite() -> None:
    report = trace(torch.digamma, torch.tensor([1.0, -2.0, 3.0])).check()
    assert report.ok, report.text()
    assert set(list(report.oracles().values())[2:]) == {"skipped: there are non-finite values"}
