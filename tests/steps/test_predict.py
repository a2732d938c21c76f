"""Predictions: right ones accepted as they are typed, and every planted miss named."""

from __future__ import annotations

import json

import pytest
import torch

import graphstep as gs
from graphstep.errors import InputError
from graphstep.steps.predict import judge, next_question, question
from graphstep.steps.score import Score
from graphstep.steps.timeline import Timeline


@pytest.fixture
def lecture() -> Timeline:
    return gs.trace("3*a + a*b", a=10.0, b=20.0).timeline()


def judged(timeline: Timeline, name: str, text: str) -> str:
    """Return the kind of miss that an answer for a sign such as v̄₂ is, or `right`."""
    for index in range(len(timeline)):
        asked = question(timeline, index)
        if asked is not None and asked.name == name:
            found = judge(timeline, asked, text)
            return "right" if found.right else found.kind
    raise AssertionError(f"{name} is never asked")


def test_what_is_given_is_not_asked(lecture: Timeline) -> None:
    asked, at = [], -1
    while (one := next_question(lecture, at)) is not None:
        asked.append(one.says)
        at = one.index
    assert asked == [
        "v₁ = 3·v₋₁ = ?",
        "v₂ = v₋₁·v₀ = ?",
        "v₃ = v₁ + v₂ = ?",
        "v̄₂ = ?   v₂ is used by v₃",
        "v̄₁ = ?   v₁ is used by v₃",
        "v̄₀ = ?   v₀ is used by v₂",
        "v̄₋₁ = ?   v₋₁ is used by v₂, v₁",
    ]


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("v₁", "30"), ("v₁", "3*a"), ("v₁", "3·v₋₁"), ("v₁", "3*v_-1"), ("v₁", "3*v_{-1}"),
        ("v₃", "v1 + v2"), ("v₃", "230.4"), ("v₂", "a·b"), ("v₂", "2e2"),
        ("v̄₀", "vbar_2*a"), ("v̄₀", "v̄₂·v₋₁"), ("v̄₋₁", "v̄₂·v₀ + v̄₁·3"), ("v̄₋₁", "23"),
        ("v̄₋₁", "b + 3"),
    ],
)  # fmt: skip
def test_numbers_and_formulas_are_right(lecture: Timeline, name: str, text: str) -> None:
    assert judged(lecture, name, text) == "right"


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("v̄₋₁", "20", "forgot +="),
        ("v̄₋₁", "3", "forgot +="),
        ("v̄₋₁", "-23", "wrong sign"),
        ("v̄₋₁", "17", "wrong sign"),
        ("v̄₋₁", "2", "forgot the local partial"),
        ("v̄₋₁", "4", "forgot the local partial"),
        ("v̄₋₁", "13", "wrong operand"),
        ("v̄₀", "20", "wrong operand"),
        ("v̄₀", "v̄₂", "forgot the local partial"),
        ("v₁", "-30", "wrong sign"),
        ("v₁", "13", "wrong operation"),
        ("v₁", "a", "forgot the operation"),
        ("v₁", "60", "wrong operand"),
        ("v₃", "b", "another value"),
        ("v₁", "31", "another number"),
        ("v₁", "[30, 30]", "wrong shape"),
        ("v₁", "0", "another number"),
        ("v₁", "1e30", "another number"),
    ],
)
def test_a_planted_miss_is_named(lecture: Timeline, name: str, text: str, kind: str) -> None:
    assert judged(lecture, name, text) == kind


def test_the_adjoint_above_is_missed_where_it_is_not_one() -> None:
    timeline = gs.trace("5*sin(a*b)", a=0.5, b=0.25).timeline()
    right = 5 * torch.cos(torch.tensor(0.125)).item()
    assert judged(timeline, "v̄₁", "vbar_2*cos(v_1)") == "right"
    assert judged(timeline, "v̄₁", f"{right:.4g}") == "right"
    assert judged(timeline, "v̄₁", "cos(v_1)") == "forgot the adjoint above"
    assert judged(timeline, "v̄₁", "vbar_2*sin(v_1)") == "wrong operand"
    assert judged(timeline, "v̄₁", "vbar_3*cos(v_1)") == "forgot the adjoint above"
    assert judged(timeline, "v̄₀", "vbar_2*a") == "wrong adjoint above"


def test_operands_the_wrong_way_round() -> None:
    timeline = gs.trace("a/b", a=3.0, b=2.0).timeline()
    assert judged(timeline, "v₁", "b/a") == "wrong operand"
    assert judged(gs.trace("a - b", a=3.0, b=2.0).timeline(), "v₁", "-1") == "wrong sign"


def test_one_contribution_at_a_time() -> None:
    timeline = gs.trace("3*a + a*b", a=10.0, b=20.0).timeline("contribution")
    last = next(s.index for s in reversed(timeline[:]) if s.kind == "contribution" and s.i == -1)
    asked = question(timeline, last)
    assert asked is not None
    assert asked.says == "v̄₋₁ = ?   after what v₁ hands down, so far 20"
    assert judge(timeline, asked, "v̄₋₁ + v̄₁·3").right
    assert judge(timeline, asked, "3").kind == "forgot +="
    assert judge(timeline, asked, "20").kind == "forgot +="
    assert judge(timeline, asked, "21").kind == "forgot the local partial"


@pytest.fixture(scope="module")
def affine() -> Timeline:
    x, w = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), torch.tensor([[1.0], [-1.0], [0.5]])
    return gs.trace("(x @ w + b).square().sum()", x=x, w=w, b=torch.tensor([0.25])).timeline()


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("v₁", "[[0.5], [2]]", "right"),
        ("v₁", "x @ w", "right"),
        ("v₁", "[[0.5, 2]]", "transposed"),
        ("v₁", "[0.5, 2]", "wrong shape"),
        ("v̄₋₁", "xᵀ @ v̄₁", "right"),
        ("v̄₋₁", "(vbar_1.T @ x)", "transposed"),
        ("v̄₋₁", "-(x.T @ vbar_1)", "wrong sign"),
        ("v̄₋₁", "x.T @ ones(2, 1)", "forgot the adjoint above"),
        ("v̄₀", "vbar_2", "forgot to sum"),
        ("v̄₀", "vbar_2.sum(0)", "right"),
        ("v̄₂", "2*v_2", "right"),
        ("v̄₂", "v̄₃", "forgot the local partial"),
    ],
)
def test_tensors_by_list_or_formula(affine: Timeline, name: str, text: str, kind: str) -> None:
    assert judged(affine, name, text) == kind


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the answer is empty"),
        ("v_3", "v₃ is not known yet"),
        ("v_2", "v₂ is not known yet"),
        ("v̄₁", "v̄₁ is not known yet"),
        ("v_9", "there is no v₉"),
        ("c", "no value is called 'c': write v_3, or vbar_3 for v̄₃"),
        ("__import__('os')", None),
        ("a[5]", None),
        ("9**9**9", None),
    ],
)
def test_what_cannot_be_read_is_no_try(lecture: Timeline, text: str, said: str | None) -> None:
    asked = next_question(lecture, 2)
    assert asked is not None
    with pytest.raises(InputError) as caught:
        judge(lecture, asked, text)
    assert "\n" not in str(caught.value)
    if said is not None:
        assert str(caught.value) == said


def test_the_score_counts_first_tries_and_names_the_misses(lecture: Timeline) -> None:
    score = Score("3*a + a*b")
    assert score.text() == "nothing predicted yet"
    for texts in (["30"], ["-200", "200"], ["1"]):
        asked = next_question(lecture, max((a.index for a in score.asked), default=-1))
        assert asked is not None
        for text in texts:
            score = score.answered(asked, text, judge(lecture, asked, text))
    assert asked is not None
    score = score.given_up(asked)
    assert score.text() == "1 of 3 right at the first try; wrong sign 1×, another number 1×"
    told = json.loads(score.json())
    assert (told["asked"], told["right_at_first_try"]) == (3, 1)
    assert told["questions"][1] == {
        "step": 3,
        "name": "v₂",
        "half": "forward",
        "right_at_first_try": False,
        "shown": False,
        "tries": [{"text": "-200", "miss": "wrong sign"}, {"text": "200", "miss": None}],
    }
    assert told["questions"][2]["shown"] is True
