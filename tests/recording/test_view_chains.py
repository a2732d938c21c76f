"""In-place operations through any views: right in every step, by rules of ours, and unnoticed."""

from __future__ import annotations

from typing import Any

import pytest
import torch

import graphstep as gs
from tests.recording.view_programs import program, start

EACH = 30
"""So many random programs are one test."""
SINGLE = torch.float32
SUMMED = 12 * torch.finfo(SINGLE).eps
"""A write in float32 sums the adjoints of up to 12 entries there, in whichever order."""


def agrees(seed: int) -> bool:
    """Hold one program against plain torch; False where torch refuses its backward."""
    x = start(seed)
    output = program(seed)(x)
    try:
        output.backward()
    except RuntimeError:
        # Which view torch names in it depends on who asked for the view's node first.
        with pytest.raises(RuntimeError, match="has been modified by an inplace operation"):
            gs.trace(program(seed), start(seed)).check()
        return False
    trace = gs.trace(program(seed), start(seed))
    assert torch.equal(trace.value(trace.recorded.outputs[0]), output.detach())
    rounded = any(v.value is not None and v.value.dtype is SINGLE for v in trace.values.values())
    torch.testing.assert_close(
        trace.adjoint("x"), x.grad, rtol=SUMMED if rounded else 1e-9, atol=1e-12
    )
    report = trace.check()
    assert report.ok, report.text()
    assert report.by_torch == ()
    assert set(report.oracles().values()) == {"ok"}, report.text()
    return True


@pytest.mark.parametrize("first", [0, EACH])
def test_random_chains_of_views_and_writes(first: int) -> None:
    assert sum(map(agrees, range(first, first + EACH))) > EACH // 2


@pytest.mark.parametrize("seed", [0, 13, 29])
def test_every_step_can_be_written(seed: int) -> None:
    timeline = gs.trace(program(seed), start(seed)).timeline("contribution")
    for step in timeline:
        assert timeline.equation(step.index).one_line("latex")


@pytest.mark.full
@pytest.mark.parametrize("first", range(1000, 4000, 500))
def test_many_random_chains_of_views_and_writes(first: int) -> None:
    assert sum(map(agrees, range(first, first + 500))) > 250


@pytest.mark.parametrize("wrong", ["an operand", "a view"])
def test_a_wrong_step_is_found(wrong: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that is wrong within a node of torch's shows at the step itself."""
    from graphstep.sweep import reverse
    from graphstep.sweep.contributions import Contribution, contributions

    name = "mul_" if wrong == "an operand" else "select"

    def doubled(*given: Any) -> list[Contribution]:
        return [
            t._replace(value=t.value * 2)
            if t.application.name == name and t.value is not None
            else t
            for t in contributions(*given)
        ]

    def function(x: torch.Tensor) -> torch.Tensor:
        y = x * 2
        y[1].mul_(x[0].exp())
        return y.sum()

    monkeypatch.setattr(reverse, "contributions", doubled)
    trace = gs.trace(function, start(0))
    report = trace.check()
    assert not report.ok
    first = trace.recorded.find(report.first_disagreement or "")
    users = {a.name for a in trace.recorded.applications if first in a.parents}
    assert name in users
