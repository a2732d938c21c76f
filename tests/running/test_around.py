"""What a function reads from around it goes by the names that its code has for it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.running.around import names_around

X = torch.ones(1, 2)
TARGET = torch.zeros(2)
LAYERS = [nn.Linear(2, 2), nn.Linear(2, 2)]
HEADS = {"mean": nn.Linear(2, 1), "scale": nn.Linear(2, 1)}
SCALE = nn.Parameter(torch.tensor(2.0))


class Trainer:
    def __init__(self) -> None:
        self.net, self.head = nn.Linear(2, 2), nn.Linear(2, 1)

    def loss(self, x: Tensor) -> Tensor:
        found: Tensor = self.head(self.net(x)).sum()
        return found * SCALE


def of_a_list(x: Tensor) -> Tensor:
    for layer in LAYERS:
        x = layer(x)
    return x.sum()


def of_a_dict(x: Tensor) -> Tensor:
    found: Tensor = HEADS["mean"](x) * HEADS["scale"](x)
    return found.sum()


def inputs(function: Callable[..., Any]) -> list[str | None]:
    trace = gs.trace(function, X)
    assert trace.check().ok
    return [trace.values[i].label for i in trace.recorded.inputs]


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (of_a_list, ["LAYERS.0.weight", "LAYERS.0.bias", "LAYERS.1.weight", "LAYERS.1.bias"]),
        (
            of_a_dict,
            ["HEADS.mean.weight", "HEADS.mean.bias", "HEADS.scale.weight", "HEADS.scale.bias"],
        ),
        (Trainer().loss, ["net.weight", "net.bias", "head.weight", "head.bias", "SCALE"]),
        (
            functools.partial(of_a_list),
            ["LAYERS.0.weight", "LAYERS.0.bias", "LAYERS.1.weight", "LAYERS.1.bias"],
        ),
        (lambda x: nn.functional.linear(x, SCALE.expand(2, 2)).sum(), ["SCALE"]),
    ],
    ids=["list", "dict", "self", "partial", "leaf"],
)
def test_parameters_go_by_their_variable(function: Callable[..., Any], names: list[str]) -> None:
    assert [name for name in inputs(function) if name not in ("x", "input_0")] == names


def test_one_module_alone_keeps_the_names_of_its_parameters() -> None:
    layer, loss = nn.Linear(2, 2), nn.MSELoss()
    assert inputs(lambda x: loss(layer(x), x * 0)) == ["x", "weight", "bias"]
    assert inputs(layer) == ["weight", "bias"]


def test_parts_of_one_model_go_by_their_names_within_it() -> None:
    model = nn.ModuleDict({"enc": nn.Linear(2, 2), "dec": nn.Linear(2, 2)})
    assert inputs(lambda x: model["dec"](model["enc"](x)).sum()) == [
        *("x", "enc.weight", "enc.bias", "dec.weight", "dec.bias")
    ]
    layers, head = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)]), nn.Linear(2, 1)

    def loss(x: Tensor) -> Tensor:
        for layer in layers:
            x = layer(x)
        found: Tensor = head(x)
        return found.sum()

    assert inputs(loss)[1::2] == ["layers.0.weight", "layers.1.weight", "head.weight"]


def test_two_of_one_name_are_told_apart() -> None:
    layer, weight = nn.Linear(2, 2), torch.tensor(2.0, requires_grad=True)
    assert inputs(lambda x: (layer(x) * weight).sum()) == ["x", "weight", "bias", "weight_2"]


def test_a_variable_without_a_value_yet_is_passed_over() -> None:
    def outer() -> dict[int, str]:
        def inner(x: Tensor) -> Tensor:
            return x * SCALE * unset

        found = names_around(inner)
        unset = 1.0
        return found

    assert outer() == {id(SCALE): "SCALE"}


def test_what_has_no_python_code_has_nothing_around_it() -> None:
    assert names_around(torch.sin) == {}
    assert names_around(None) == {}


def test_a_constant_of_a_closure_is_named_in_formulas() -> None:
    trace = gs.trace(lambda x: (x - TARGET).square().sum(), X)
    assert "v₁  = v₀ − TARGET" in trace.table(mode="forward")
