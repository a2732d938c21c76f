"""keep="summary": a few numbers of each value and adjoint, and nothing of the tensors."""

from __future__ import annotations

import gc
import math
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import graphstep as gs
from graphstep.recording.summary import Summary, summarise


def _program(x: Tensor, w: Tensor) -> Tensor:
    hidden = torch.relu(x @ w)
    left, right = hidden.split(2, dim=1)
    left = left.clone().mul_(2.0)
    result: Tensor = (left * right).sum() + (hidden * hidden).mean()
    return result


def _checkpointed(x: Tensor, w: Tensor) -> Tensor:
    inner = checkpoint(lambda a, b: torch.sigmoid(a @ b), x, w, use_reentrant=True)
    assert isinstance(inner, Tensor)
    return inner.square().sum()


def _unrolled(x: Tensor, w: Tensor) -> Tensor:
    h = x
    for _ in range(3):
        h = torch.tanh(h @ w)
    return h.sum()


def _arguments() -> dict[str, Any]:
    torch.manual_seed(0)
    return {
        "x": torch.randn(3, 4, requires_grad=True),
        "w": torch.randn(4, 4, requires_grad=True),
    }


def _summarised(program: Callable[..., Tensor], **given: Any) -> gs.SummaryTrace:
    trace = gs.trace(program, keep="summary", **given)
    assert isinstance(trace, gs.SummaryTrace)
    return trace


def _close(one: Summary, other: Summary) -> bool:
    kinds = (one.shape, one.dtype, one.device, one.zeros, one.non_finite)
    numbers = zip(
        (one.least, one.greatest, one.mean, one.std),
        (other.least, other.greatest, other.mean, other.std),
        strict=True,
    )
    same = kinds == (other.shape, other.dtype, other.device, other.zeros, other.non_finite)
    # The same kernels on the same numbers, in another memory layout at most: last digits differ.
    return same and all(math.isclose(a, b, rel_tol=1e-5, abs_tol=1e-7) for a, b in numbers)


def test_the_numbers_are_torchs() -> None:
    seen = torch.tensor([[0.0, -2.0], [3.0, 0.0]])
    found = summarise(seen)
    assert (found.least, found.greatest, found.mean, found.zeros) == (-2.0, 3.0, 0.25, 2)
    assert found.std == pytest.approx(float(seen.std(correction=0)))
    assert found.count == 4


@pytest.mark.parametrize(
    "dtype",
    [torch.float16, torch.bfloat16, torch.float8_e5m2, torch.float32, torch.int32],
)
def test_the_deviation_does_not_overflow(dtype: torch.dtype) -> None:
    found = summarise(torch.tensor([1024, 0, -1024]).to(dtype))
    assert (found.least, found.greatest, found.mean) == (-1024.0, 1024.0, 0.0)
    assert found.std == pytest.approx(1024 * (2 / 3) ** 0.5)
    assert (found.zeros, found.non_finite, found.dtype) == (1, 0, dtype)


@pytest.mark.parametrize(
    ("tensor", "non_finite"),
    [
        (torch.tensor([1.0, math.nan, math.inf]), 2),
        (torch.tensor([-math.inf, 1.0]), 1),
        (torch.tensor([complex(math.nan, 0), 1j]), 1),
        (torch.zeros(0, 3), 0),
        (torch.tensor([1, 2]), 0),
    ],
    ids=["nan and inf", "-inf", "complex", "empty", "integers"],
)
def test_entries_that_are_not_finite_are_counted(tensor: Tensor, non_finite: int) -> None:
    assert summarise(tensor).non_finite == non_finite


@pytest.mark.parametrize("program", [_program, _unrolled, _checkpointed])
def test_summaries_are_those_of_the_values_and_of_the_engines_adjoints(
    program: Callable[..., Tensor],
) -> None:
    whole = gs.trace(program, **_arguments())
    trace = _summarised(program, **_arguments())
    assert list(trace.values) == list(whole.values)
    for i, value in whole.values.items():
        assert value.value is not None
        assert _close(trace.summaries[i], summarise(value.value))
        adjoint = whole.engine[i]
        assert adjoint is not None
        assert _close(trace.adjoint_summaries[i], summarise(adjoint))
    for name in ("x", "w"):
        ours, torchs = trace.adjoint(name), whole.engine[whole.recorded.find(name)]
        assert ours is not None
        assert torchs is not None
        torch.testing.assert_close(ours, torchs, rtol=0, atol=0)


def test_a_value_that_torch_does_not_save_is_let_go() -> None:
    seen: list[weakref.ref[Tensor]] = []

    def program(x: Tensor) -> Tensor:
        sum_ = x + 1.0
        seen.append(weakref.ref(sum_))
        return (sum_ + 1.0).sum()

    trace = _summarised(program, x=torch.ones(3))
    gc.collect()
    assert seen[0]() is None
    assert trace.summaries[1].mean == 2.0
    assert gs.trace(program, x=torch.ones(3)).value("v_1") is not None
    assert seen[1]() is None


def test_the_program_does_not_notice() -> None:
    model = nn.Sequential(nn.Linear(3, 4), nn.BatchNorm1d(4), nn.Dropout(0.5), nn.Linear(4, 1))
    x = torch.randn(5, 3)
    kept = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    torch.manual_seed(1)
    expected = model(x).sum()
    plain = {name: tensor.clone() for name, tensor in model.state_dict().items()}
    state = torch.get_rng_state()
    model.load_state_dict(kept)
    torch.manual_seed(1)
    trace = gs.trace(model, x, loss=torch.sum, keep="summary")
    assert isinstance(trace, gs.SummaryTrace)
    assert trace.adjoint_summaries
    assert torch.equal(trace.recorded.output_tensors[0], expected)
    assert torch.equal(torch.get_rng_state(), state)
    assert all(torch.equal(plain[name], t) for name, t in model.state_dict().items())
    assert all(p.grad is None for p in model.parameters())


def test_a_block_can_be_summarised() -> None:
    w = torch.tensor([1.0, -2.0], requires_grad=True)
    with gs.record({"w": w}, keep="summary") as recording:
        loss = (w * w).sum()
    trace = recording.trace(loss)
    assert isinstance(trace, gs.SummaryTrace)
    assert trace.adjoint("w").tolist() == [2.0, -4.0]  # type: ignore[union-attr]  # it has one


def test_what_needs_the_values_is_refused_in_one_line() -> None:
    trace = _summarised(_unrolled, **_arguments())
    rest = "needs the values, and this trace kept summaries only: trace again with keep='all'"
    with pytest.raises(gs.InputError, match=f"^the adjoint of v_1 {rest}$"):
        trace.adjoint("v_1")
    with pytest.raises(gs.InputError, match=f"^the timeline {rest}$"):
        trace.table()
    with pytest.raises(gs.InputError, match=f"^the sweep {rest}$"):
        trace.check()
    with pytest.raises(gs.InputError, match=r"^the value of v_1 was not recorded$"):
        trace.value("v_1")
    with pytest.raises(
        gs.InputError, match=r"^unknown keep 'some' \(must be one of all, summary\)$"
    ):
        gs.trace("3*a", a=1.0, keep="some")  # type: ignore[arg-type]  # the fault to show


def test_a_run_that_fails_leaves_the_summaries_so_far() -> None:
    def program(x: Tensor) -> Tensor:
        y = x.exp()
        return y @ torch.ones(7)

    with pytest.raises(RuntimeError) as caught:
        gs.trace(program, x=torch.ones(3), keep="summary")
    trace = caught.value.graphstep_trace  # type: ignore[attr-defined]  # left there by trace
    assert isinstance(trace, gs.SummaryTrace)
    assert trace.summaries[1].mean == pytest.approx(math.e)


def test_the_table_names_what_is_not_finite_and_what_is_all_zero() -> None:
    def program(x: Tensor) -> Tensor:
        dead = torch.relu(-x)
        return (dead * torch.log(x - 1.0)).sum()

    trace = _summarised(program, x=torch.ones(2))
    assert trace.summary().splitlines() == [
        "    operation  module  kind    least … greatest  mean ± std  adjoint    note",
        "v₀  x                  f32[2]  1 … 1             1 ± 0       nan ± nan"
        "  adjoint: 2 of 2 not finite",
        "v₁  neg                f32[2]  −1 … −1           −1 ± 0      0 ± 0      adjoint: all zero",
        "v₂  dead               f32[2]  0 … 0             0 ± 0       nan ± nan"
        "  value: all zero; adjoint: 2 of 2 not finite",
        "v₃  sub                f32[2]  0 … 0             0 ± 0       nan ± nan"
        "  value: all zero; adjoint: 2 of 2 not finite",
        "v₄  log                f32[2]  −inf … −inf       nan ± nan   0 ± 0"
        "      value: 2 of 2 not finite; adjoint: all zero",
        "v₅  mul                f32[2]  nan … nan         nan ± nan   1 ± 0"
        "      value: 2 of 2 not finite",
        "v₆  sum                f32[]   nan … nan         nan ± nan   1 ± 0"
        "      value: 1 of 1 not finite",
    ]
