"""The timeline: what each step says, and the four states of a value or an adjoint."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.format.symbols import Style
from graphstep.steps.step import State


@pytest.fixture(scope="module")
def trace() -> gs.Trace:
    return gs.trace(lambda a, b: (3 * a + a * b) + b.detach() * 0, a=10.0, b=20.0)


def test_nothing_is_there_before_the_first_step(trace: gs.Trace) -> None:
    timeline = trace.timeline()
    pending = State("pending", "…")
    for i in trace.values:
        assert timeline.value_state(i, -1) == pending
        assert timeline.adjoint_state(i, -1) == pending


def test_values_arrive_one_by_one(trace: gs.Trace) -> None:
    timeline = trace.timeline()
    for step in timeline[: timeline.reverse_start]:
        for i in trace.values:
            expected = "final" if i <= step.i else "pending"
            assert timeline.value_state(i, step.index).kind == expected


def test_an_adjoint_is_pending_then_partial_then_final() -> None:
    trace = gs.trace("a*a + 3*a", a=2.0)
    timeline = trace.timeline("contribution")
    states = [timeline.adjoint_state(0, k) for k in range(len(timeline))]
    seen = [(s.kind, s.text) for s in states[timeline.reverse_start :]]
    assert [s.kind for s in states[: timeline.reverse_start]] == ["pending"] * 4
    assert list(dict.fromkeys(seen)) == [
        ("pending", "…"), ("partial", "3"), ("partial", "5"), ("final", "7"),
    ]  # fmt: skip


def test_pending_is_never_shown_as_zero() -> None:
    timeline = gs.trace("0*a", a=2.0).timeline()
    texts = [timeline.adjoint_state(0, k).text for k in range(len(timeline))]
    assert texts == ["…", "…", "…", "0"]


def test_grains_have_the_same_end(trace: gs.Trace) -> None:
    one, many = trace.timeline(), trace.timeline("contribution")
    for i in trace.values:
        assert one.adjoint_state(i, len(one) - 1) == many.adjoint_state(i, len(many) - 1)
        assert one.value_state(i, len(one) - 1) == many.value_state(i, len(many) - 1)


@pytest.mark.parametrize("grain", ["adjoint", "contribution"])
def test_steps_are_numbered_and_every_one_has_an_equation(trace: gs.Trace, grain: str) -> None:
    timeline = trace.timeline("contribution" if grain == "contribution" else "adjoint")
    assert [step.index for step in timeline] == list(range(len(timeline)))
    halves = [step.half for step in timeline]
    assert halves == sorted(halves)
    for step in timeline:
        equation = timeline.equation(step.index)
        style: Style
        for style in ("unicode", "ascii", "latex"):
            assert equation.one_line(style)
        assert equation.one_line("ascii").isascii()
        found = timeline.find(step.i, step.half)
        assert found >= step.index
        assert timeline[found].i == step.i


def test_the_ascii_text_is_ascii_for_tensors_too() -> None:
    torch.manual_seed(0)
    net = torch.nn.Sequential(torch.nn.Linear(2, 2), torch.nn.ReLU(), torch.nn.Linear(2, 1))
    timeline = gs.trace(net, torch.randn(3, 2), loss=lambda out: out.abs().mean()).timeline()
    for step in timeline:
        assert timeline.equation(step.index).one_line("ascii").isascii()


def test_find_of_what_gets_no_adjoint() -> None:
    timeline = gs.trace(lambda a, b: a * b.detach(), a=1.0, b=2.0).timeline()
    assert timeline.find(0, "reverse") == -1
    assert timeline[timeline.find(0, "forward")].kind == "input"
    assert timeline.adjoint_state(0, len(timeline) - 1) == State("no path", "no path", "detached")


def test_slices_are_steps(trace: gs.Trace) -> None:
    steps = trace.steps
    assert list(steps[1:3]) == [steps[1], steps[2]]
    assert steps[-1].half == "reverse"


def test_the_terms_that_are_in_grow_by_one() -> None:
    timeline = gs.trace("a*a + 3*a", a=2.0).timeline("contribution")
    edges = list(timeline.trace.graph.edges(keys=True))
    counts = [
        sum(timeline.is_in(child, position, k) for _, child, position in edges)
        for k in range(len(timeline))
    ]
    start = timeline.reverse_start
    assert counts == [0] * (start + 1) + [1, 2, 3, 4, 5, 5]
    assert [timeline.arrived(0, k) for k in range(start, len(timeline))] == [0, 0, 0, 1, 2, 3, 4]


def test_the_term_of_an_edge() -> None:
    timeline = gs.trace(lambda a, b: a * b.detach(), a=1.0, b=2.0).timeline()
    term = timeline.term(1, 0)
    assert term is not None
    assert (term.parent, term.application.first, term.position) == (-1, 1, 0)
    assert timeline.term(1, 1) is None
    assert not timeline.is_in(1, 1, len(timeline))


def test_the_states_of_a_sum() -> None:
    timeline = gs.trace("a*a + 3*a", a=2.0).timeline("contribution")
    assert [s.text for s in timeline.sum_states(0, 9)] == ["3", "5", "7", "7"]
    assert [s.text for s in timeline.sum_states(0, 2)] == ["3", "5"]


def test_what_came_by_torchs_node_says_so() -> None:
    timeline = gs.trace(torch._lazy_clone, torch.tensor(-2.0)).timeline()
    texts = [timeline.equation(s.index).one_line("ascii") for s in timeline if s.half == "reverse"]
    assert texts == [
        "vbar_1 = 1",
        "vbar_0 = vbar_1*dv_1/dv_0 = torch(LazyCloneBackward0) = 1",
    ]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("a**2", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*2*v_0 = 1*6 = 6"),
        ("a**3", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*3*v_0**2 = 1*27 = 27"),
        ("2**a", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*v_1*log(2) = 1*5.5452 = 5.5452"),
        ("1/a", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*(-v_1**2) = 1*(-0.1111) = -0.1111"),
        ("sigmoid(a)", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*v_1*(1 - v_1) = 1*0.04518 = 0.04518"),
        ("a - 2", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*1 = 1*1 = 1"),
        ("2 - a", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*(-1) = 1*(-1) = -1"),
        ("relu(a)", "vbar_0 = vbar_1*dv_1/dv_0 = vbar_1*(0 if v_1 <= 0 else 1) = 1*1 = 1"),
    ],
)
def test_the_formula_of_a_step(text: str, line: str) -> None:
    timeline = gs.trace(text, a=3.0).timeline()
    assert timeline.equation(len(timeline) - 1).one_line("ascii") == line


def test_broadcasting_is_said() -> None:
    def function(x: Tensor, b: Tensor) -> Tensor:
        return x + b

    timeline = gs.trace(function, torch.ones(2, 3), torch.ones(3)).timeline()
    texts = [timeline.equation(s.index).one_line("ascii") for s in timeline if s.half == "reverse"]
    expected = "vbar_0 = vbar_1*dv_1/dv_0 = sum_to(vbar_1*1, [3]) = "
    assert any(text.startswith(expected) for text in texts), texts
