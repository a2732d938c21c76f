"""Tensors handed over inside containers are inputs by their place, and stay the user's."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor

import graphstep as gs


@dataclass
class Output:
    """What some models return."""

    loss: Tensor
    scores: Tensor | None = None


def test_a_dataclass_of_tensors_is_a_result() -> None:
    trace = gs.trace(lambda x: Output((x * 2).sum()), torch.ones(2, requires_grad=True))
    assert trace.check().ok
    assert [v.op for v in trace.values.values()] == ["input", "mul", "sum"]


class Pair(NamedTuple):
    left: Tensor
    right: Tensor


def test_tensors_inside_containers_are_inputs_by_their_place() -> None:
    def total(batch: dict[str, Any], pair: Pair, more: list[Any]) -> Tensor:
        assert isinstance(pair, Pair)
        scale: Tensor = more[0] * more[1][0].exp()
        found: Tensor = (batch["x"] * pair.left).sum() + (pair.right * scale).sum()
        return found

    x = torch.ones(2)
    batch = {"x": x, "mask": torch.tensor([True, False]), "name": "train"}
    trace = gs.trace(
        total,
        batch,
        pair=Pair(torch.ones(2), torch.ones(2, requires_grad=True)),
        more=[torch.tensor(2.0), (torch.tensor(0.5), None)],
    )
    assert trace.check().ok
    assert [v.label for v in trace.values.values() if v.is_input] == [
        "batch.x", "pair.left", "pair.right", "more.0", "more.1.0",
    ]  # fmt: skip
    assert set(batch) == {"x", "mask", "name"}
    assert not x.requires_grad


def test_keys_that_are_written_alike_keep_their_tensors() -> None:
    batch: dict[Any, Any] = {"a": {"b": torch.tensor(2.0)}, "a.b": torch.tensor(5.0)}
    trace = gs.trace(lambda batch: batch["a"]["b"] * batch["a.b"] ** 2, batch)
    assert trace.value(trace.recorded.outputs[0]).item() == 50.0
    assert [v.label for v in trace.values.values() if v.is_input] == ["batch.a.b", "batch.a.b_2"]


def test_a_containers_own_kind_and_a_keys_line_breaks() -> None:
    batch: dict[str, Any] = defaultdict(list, {"x\n\x1b[31m": torch.tensor(2.0)})

    def total(batch: dict[str, Any]) -> Tensor:
        assert batch["absent"] == []
        return cast("Tensor", batch["x\n\x1b[31m"] * 3)

    trace = gs.trace(total, batch)
    assert trace.values[0].label == "batch.x��[31m"
    assert "absent" not in batch


def test_a_container_that_holds_itself_is_left_alone() -> None:
    loop: list[Any] = [torch.ones(2)]
    loop.append(loop)
    trace = gs.trace(lambda items: items[0].sum(), loop)
    assert trace.adjoint("items.0") is not None

    def returned(x: Tensor) -> list[Any]:
        found: list[Any] = [x * 2]
        found.append(found)
        return found

    assert len(gs.trace(returned, torch.ones(2)).recorded.outputs) == 1
