"""Running sums that start from a kept one are those that add every term."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.steps.sums import EVERY, RunningSums
from graphstep.sweep.reverse import running_sum


def used_often(x: Tensor) -> Tensor:
    total = x.sum()
    for k in range(200):
        total = total + (x * (0.1 * k)).sum()
    return total


@pytest.mark.parametrize("order", [1, -1])
def test_every_sum_is_the_same_to_the_last_bit(order: int) -> None:
    sweep = gs.trace(used_often, torch.tensor([0.1, 0.2])).sweep
    sums = RunningSums(sweep)
    assert len(sweep.incoming[0]) == 201 > 3 * EVERY
    for arrived in range(202)[::order]:
        ours, plain = sums(0, arrived), running_sum(sweep, 0, arrived)
        assert (ours is None) == (plain is None) == (arrived == 0)
        if ours is not None and plain is not None:
            assert torch.equal(ours, plain)


def test_a_seed_and_a_hook_count() -> None:
    def hooked(x: Tensor) -> Tensor:
        z = x * 2
        z.register_hook(lambda g: g * 10)
        return (z * z).sum()

    sweep = gs.trace(hooked, torch.tensor([1.0, 2.0])).sweep
    sums = RunningSums(sweep)
    i = next(iter(sweep.unhooked))
    count = len(sweep.incoming[i])
    assert [sums(i, k) is running_sum(sweep, i, k) for k in (count, count + 1)] == [True, True]
    assert sums(3, 0) is sweep.seeds[3]
