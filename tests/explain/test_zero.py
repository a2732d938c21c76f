"""Where a gradient became zero: what did it is named, and not what passed it on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.explain import Answer


def only(trace: gs.Trace, name: str) -> Answer:
    (answer,) = trace.why(name).answers
    return answer


@pytest.mark.parametrize(
    ("source", "values", "sentence"),
    [
        (
            "a = relu(x); b = sigmoid(a); 3*b",
            {"x": -1.0},
            "v_1 (relu) has an adjoint of up to 0.75, but dv_1/dv_0 (0 if v_1 <= 0 else 1) is 0",
        ),
        (
            "sigmoid(sigmoid(x))*w",
            {"x": 2.0, "w": 0.0},
            "v_3 (mul) has an adjoint of up to 1, but dv_3/dv_2 (v_0) is 0",
        ),
        ("x - x", {"x": 3.0}, "the 2 terms of v_0 (x) cancel to 0"),
        (
            "x*1e-30*1e-30",
            {"x": 1.0},
            "v_1 (mul) has an adjoint of up to 1e-30, but dv_1/dv_0 (1e-30) is at most 1e-30, "
            "and what is left rounds to 0",
        ),
    ],
)
def test_the_place_and_its_reason(source: str, values: dict[str, Any], sentence: str) -> None:
    found = only(gs.trace(source, **values), "x")
    assert found.kind == "zero"
    assert [cause.sentence for cause in found.causes] == [sentence]


def test_a_layer_that_is_dead_is_named_for_all_that_lies_below_it() -> None:
    torch.manual_seed(0)
    dying = nn.Linear(8, 8)
    with torch.no_grad():
        dying.bias.fill_(-100)
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), dying, nn.ReLU(), nn.Linear(8, 2))
    trace = gs.trace(model, torch.randn(5, 4), loss=lambda y: y.square().mean())
    found = trace.why()
    kinds = {answer.label: answer.kind for answer in found.answers}
    dead = ["0.weight", "0.bias", "2.weight", "2.bias"]
    assert [label for label, kind in kinds.items() if kind == "zero"] == [*dead, "4.weight"]
    assert kinds["4.bias"] == "fine"
    assert not found.ok
    relu = next(i for i, value in trace.values.items() if value.op == "relu")
    for label in dead:
        assert [cause.i for cause in only(trace, label).causes] == [relu]
    # The weight above the dead relu is multiplied with nothing but zeros.
    (cause,) = only(trace, "4.weight").causes
    assert cause.sentence.endswith(f"but v_{relu} is 0 at every entry")


def mask_of_others(x: Tensor) -> Tensor:
    kept = x * torch.tensor([1.0, 0.0, 1.0])
    return (kept * torch.tensor([0.0, 5.0, 0.0])).sum()


def summed_away(x: Tensor) -> Tensor:
    return (x * torch.tensor([2.0, -2.0])).sum()


def not_taken(x: Tensor) -> Tensor:
    return torch.zeros(2).masked_scatter(torch.tensor([False, False]), x).sum()


@pytest.mark.parametrize(
    ("function", "x", "ending"),
    [
        (mask_of_others, torch.ones(3), "is 0 wherever that is not"),
        (summed_away, torch.tensor(1.0), "cancel where they are summed to the shape of v_0"),
        (not_taken, torch.ones(2), "nothing of it reaches v_0"),
    ],
)
def test_entries_that_miss_each_other(
    function: Callable[[Tensor], Tensor], x: Tensor, ending: str
) -> None:
    trace = gs.trace(function, x)
    assert trace.check().ok
    assert only(trace, "x").kind == "zero"
    (cause,) = only(trace, "x").causes
    assert cause.sentence.endswith(ending)
    assert cause.place is not None
    assert cause.place.file == __file__


def test_a_seed_and_a_hook_that_are_zero() -> None:
    trace = gs.trace("exp(x)", x=1.0).seeded(torch.tensor(0.0))
    assert [c.sentence for c in only(trace, "x").causes] == ["the seed of v_1 is 0"]

    def hooked(x: Tensor) -> Tensor:
        y = x.exp()
        y.register_hook(lambda g: g * 0)
        return y * 2

    trace = gs.trace(hooked, torch.tensor(1.0))
    sentences = [c.sentence for c in only(trace, "x").causes]
    assert sentences == ["a hook sets the adjoint of v_1 to 0"]


def test_two_ways_that_both_end_are_both_named() -> None:
    trace = gs.trace("relu(x) + cos(0*x)", x=-1.0)
    named = {cause.i for cause in only(trace, "x").causes}
    assert named == {i for i, value in trace.values.items() if value.op in ("relu", "cos")}


def test_what_is_not_zero_has_no_cause() -> None:
    found = only(gs.trace("3*a + a*b", a=10.0, b=20.0), "a")
    assert (found.kind, found.causes, found.size) == ("fine", (), 23)
