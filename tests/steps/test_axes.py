"""What happens to axes, as the card says it, on torch's own shapes."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.steps.axes import axis_facts


@pytest.mark.parametrize(
    ("run", "expected"),
    [
        (lambda x: x.sum(), [("reduces", "axes 0, 1, 2 of v₀ [2, 3, 4]")]),
        (lambda x: x.sum(1), [("reduces", "axis 1 of v₀ [2, 3, 4]")]),
        (lambda x: x.mean((0, -1), keepdim=True), [("reduces", "axes 0, 2 of v₀ [2, 3, 4]")]),
        (lambda x: x.amax(-1), [("reduces", "axis 2 of v₀ [2, 3, 4]")]),
        (lambda x: x.logsumexp(0), [("reduces", "axis 0 of v₀ [2, 3, 4]")]),
        (lambda x: x.norm(), [("reduces", "axes 0, 1, 2 of v₀ [2, 3, 4]")]),
        (lambda x: x.softmax(1), [("goes along", "axis 1 of v₀ [2, 3, 4]")]),
        (lambda x: x.cumsum(-2), [("goes along", "axis 1 of v₀ [2, 3, 4]")]),
        # Where `dim` says something else, nothing is claimed.
        (lambda x: x.select(1, 2), []),
        (lambda x: x.unsqueeze(1), []),
        (lambda x: torch.cat([x, x], 1), []),
        (lambda x: x.exp(), []),
    ],
)
def test_one_operand(run: Callable[[Tensor], Tensor], expected: list[tuple[str, str]]) -> None:
    trace = gs.trace(run, torch.rand(2, 3, 4) + 1)
    assert list(axis_facts(trace.timeline(), 1)) == expected


def test_what_is_broadcast() -> None:
    x, b, c = torch.rand(2, 3, 4), torch.rand(3, 1), torch.rand(4)
    timeline = gs.trace(lambda x, b, c: torch.where(x > 0, b, c) * x, x, b, c).timeline()
    where = timeline.trace.made_by[1].first
    assert list(axis_facts(timeline, where)) == [
        ("broadcast", "v₋₁ [3, 1] along axes 0, 2"),
        ("broadcast", "v₀ [4] along axes 0, 1"),
    ]
    assert list(axis_facts(timeline, 0)) == []
