"""A reentrant checkpoint opens into the function that it wraps, run again as torch runs it."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import graphstep as gs
from graphstep.errors import InputError


def two_results(z: Tensor, scale: float) -> tuple[Tensor, Tensor]:
    hidden = LAYER(z).tanh()
    return nn.functional.dropout(hidden, 0.5) * scale, hidden.exp()


torch.manual_seed(0)
LAYER = nn.Linear(3, 3)


def traced(*, autocast: bool = False) -> gs.Trace:
    def program(x: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=autocast):
            a, b = checkpoint(two_results, x * 1, 2.0, use_reentrant=True)
        found: Tensor = (a * b).float().sum()
        return found

    torch.manual_seed(3)
    return gs.trace(program, torch.linspace(-1, 1, 6).view(2, 3).requires_grad_())


@pytest.mark.parametrize("autocast", [False, True])
def test_it_is_what_ran_and_what_torchs_engine_had(autocast: bool) -> None:
    trace = traced(autocast=autocast)
    found = [i for i, v in trace.values.items() if v.op == "CheckpointFunction"]
    assert len(found) == 2
    assert trace.check().ok
    leaves = [
        trace.values[k] for k in trace.recorded.made_by[found[0]].parents[1:] if k is not None
    ]
    assert sorted(str(leaf.label) for leaf in leaves) == ["bias", "weight"]
    state = torch.get_rng_state()
    for i in found:
        opened = trace.open(i)
        assert opened.ok, opened.text()
        assert list(opened.verdicts) == ["value", "operand_1", *(v.label for v in leaves)]
        ops = {value.op for value in opened.trace.values.values()}
        assert {"addmm", "tanh", "exp"} <= ops
        assert opened.trace.check().ok
    assert torch.equal(torch.get_rng_state(), state)
    assert LAYER.weight.grad is None


def test_its_words() -> None:
    lines = traced().open("v_2").text().splitlines()
    assert (
        lines[0]
        == "v₂ opens into: def two_results(z: Tensor, scale: float) -> tuple[Tensor, Tensor]:"
    )
    assert lines[-4:] == [
        "✓ the value agrees with torch's engine (max abs error 0)",
        "✓ the adjoint of operand_1 agrees with torch's engine (max abs error 0)",
        "✓ the adjoint of weight agrees with torch's engine (max abs error 0)",
        "✓ the adjoint of bias agrees with torch's engine (max abs error 0)",
    ]


def test_another_function_is_told_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    trace = traced()
    node = trace.recorded.made_by[2].node
    monkeypatch.setattr(node, "run_function", lambda z, scale: (LAYER(z) * scale, LAYER(z).exp()))
    opened = trace.open("v_2")
    assert not opened.ok
    assert not opened.verdicts["value"].ok


def test_what_a_backward_released_is_said_in_one_line() -> None:
    trace = traced()
    _ = trace.sweep
    trace.backward()
    with pytest.raises(InputError, match=r"^v_2 cannot be opened: a backward has released its"):
        trace.open("v_2")
    LAYER.zero_grad()


def test_autocasts_own_casts_amid_what_is_wrapped() -> None:
    first, second = nn.Linear(3, 3), nn.Linear(3, 2)

    def program(x: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            before = LAYER(x)
            y = checkpoint(lambda z: second(first(z).relu()), before, use_reentrant=True)
        found: Tensor = y.float().sum()
        return found

    trace = gs.trace(program, torch.linspace(-1, 1, 6).view(2, 3).requires_grad_())
    report = trace.check()
    assert report.ok, report.text()
    made = next(a for a in trace.recorded.applications if a.name == "CheckpointFunction")
    assert len(made.parents) == 5
    assert trace.open(made.first).ok
