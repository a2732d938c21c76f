"""The engine's order is that of a real backward, and the sweep in it is sound."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.check.engine_order import engine_order, in_order
from graphstep.recording.gradients import kept_gradients
from graphstep.steps.step import Grain
from graphstep.steps.timeline import Timeline


def names(trace: gs.Trace) -> list[str]:
    return [trace.values[i].label or trace.values[i].name for i in trace.sweep.order or ()]


def of_a_real_backward(trace: gs.Trace) -> list[int]:
    """Return where a plain `backward` comes by, its AccumulateGrad nodes included."""
    seen: list[int] = []

    def note(i: int) -> Callable[[tuple[Tensor, ...]], None]:
        return lambda _: seen.append(i)

    recorded = trace.recorded
    nodes = {a.first: a.node for a in recorded.applications} | recorded.accumulators
    handles = [node.register_prehook(note(i)) for i, node in nodes.items()]
    with kept_gradients(recorded.gradient_holders()):
        torch.autograd.backward(recorded.output_tensors, retain_graph=True)
    for handle in handles:
        handle.remove()
    return seen


def lstm() -> gs.Trace:
    model, x = nn.LSTMCell(3, 4), torch.randn(2, 3)
    state = torch.zeros(2, 4), torch.zeros(2, 4)
    return gs.trace(lambda x: sum(part.sum() for part in model(x, state)), x)


def mlp() -> gs.Trace:
    model = nn.Sequential(nn.Linear(3, 8), nn.GELU(), nn.Linear(8, 2))
    return gs.trace(model, torch.randn(4, 3), loss=lambda y: y.square().mean())


def split() -> gs.Trace:
    def parts(x: Tensor, y: Tensor) -> Tensor:
        a, b = torch.split(x.sin(), 2)
        return ((a * y) * b.exp()).sum() + y.log().sum()

    return gs.trace(parts, torch.rand(4) + 1, torch.rand(2) + 1)


def levels() -> gs.Trace:
    return gs.trace("log(a) + a*b - sin(b)", a=2.0, b=5.0, order="level")


def hooked() -> gs.Trace:
    return gs.trace(twice, torch.tensor(2.0), torch.tensor(3.0))


def twice(a: Tensor, b: Tensor) -> Tensor:
    c = a * b
    c.register_hook(lambda g: g * 2)
    return c.exp() + a.sin() * b


@pytest.mark.parametrize("make", [lstm, mlp, split, levels, hooked])
def test_it_is_the_order_of_a_real_backward(make: Callable[[], gs.Trace]) -> None:
    trace = make()
    firsts = {a.first for a in trace.recorded.applications}
    found = [
        i
        for i in engine_order(trace.recorded, trace.sweep.seeds, trace.engine_pass)
        if i in firsts or i <= 0
    ]
    assert found == of_a_real_backward(trace)


def test_an_input_is_done_as_soon_as_its_terms_are_in() -> None:
    plain = gs.trace("sin(a)*b + c", a=1.0, b=2.0, c=3.0)
    assert plain.sweep.order is None
    trace = plain.in_engine_order()
    assert names(trace) == ["v_3", "c", "v_2", "b", "v_1", "a"]
    assert [step.i for step in trace.steps[-6:]] == [3, 0, 2, -1, 1, -2]
    assert [step.i for step in plain.steps[-6:]] == [3, 2, 1, 0, -1, -2]
    last = [s for s in trace.timeline("contribution") if s.kind == "gradient"]
    assert [step.i for step in last] == [0, -1, -2]
    assert last[0].index < last[-1].index - 2


def test_the_engine_does_not_know_how_the_values_are_numbered() -> None:
    by_evaluation = gs.trace("log(a) + a*b - sin(b)", a=2.0, b=5.0)
    both = [trace.in_engine_order() for trace in (levels(), by_evaluation)]
    ops = [[t.values[i].op for i in t.sweep.order or () if i > 0] for t in both]
    assert ops[0] == ops[1] == ["sub", "sin", "add", "mul", "log"]
    # In reverse v order by level, the logarithm's number is the lowest and sin comes between.
    assert [levels().values[s.i].op for s in levels().steps if s.i > 0][5:] == [
        "sub", "add", "sin", "mul", "log",
    ]  # fmt: skip


def too_early(timeline: Timeline) -> list[int]:
    """Return the steps of which a term comes before the adjoint above it is finished."""
    return [
        step.index
        for step in timeline[timeline.reverse_start :]
        for term in step.terms
        for i in term.application.results.values()
        if timeline.adjoint_state(i, step.index - 1).kind != "final"
        and timeline.sweep.adjoints[i] is not None
    ]


def test_terms_that_come_too_early_are_seen() -> None:
    trace = mlp()
    wrong = in_order(trace.sweep, tuple(trace.values))
    assert too_early(Timeline(trace.recorded, wrong, "contribution"))


@pytest.mark.parametrize("make", [lstm, mlp, split, levels])
@pytest.mark.parametrize("grain", ["adjoint", "contribution"])
def test_no_term_comes_before_the_adjoint_above_it(
    make: Callable[[], gs.Trace], grain: Grain
) -> None:
    plain = make()
    trace = plain.in_engine_order()
    timeline = trace.timeline(grain)
    assert too_early(timeline) == []
    assert len(timeline) == len(plain.timeline(grain))
    for i, adjoint in plain.sweep.adjoints.items():
        assert trace.sweep.adjoints[i] is adjoint
    assert trace.in_engine_order() is trace
    assert trace.in_v_order() is plain


def test_a_users_hook_keeps_its_place_and_runs_once() -> None:
    calls = []

    def double(g: Tensor) -> Tensor:
        calls.append(g)
        return g * 2

    def hooked(a: Tensor, b: Tensor) -> Tensor:
        c = a * b
        c.register_hook(double)
        return c + a

    trace = gs.trace(hooked, torch.tensor(2.0), torch.tensor(3.0)).in_engine_order()
    kinds = [(s.kind, s.i) for s in trace.timeline("contribution") if s.half == "reverse"]
    assert kinds.index(("hook", 1)) < kinds.index(("contribution", 0))
    assert len(calls) == 1
    adjoint = trace.adjoint("a")
    assert adjoint is not None
    assert adjoint.item() == 7


def test_what_has_no_graph_says_so() -> None:
    trace = gs.trace("a*b", a=2.0, b=3.0)
    trace.backward()
    with pytest.raises(RuntimeError, match="second time"):
        trace.in_engine_order()
