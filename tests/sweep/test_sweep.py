"""Sweeps over whole graphs: fan-out, depth, seeds, dtypes, replay, and torch's odd cases."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import graphstep as gs
from graphstep.errors import InputError
from graphstep.sweep.replay import NotReplayable, replay
from graphstep.sweep.reverse import running_sum


def test_a_chain_of_ten_thousand_operations() -> None:
    def function(x: Tensor) -> Tensor:
        for _ in range(5_000):
            x = x * 0.999 + 0.001
        return x

    trace = gs.trace(function, torch.tensor(1.0, dtype=torch.float64))
    assert len(trace.values) == 10_001
    gradient = trace.adjoint("v_0")
    assert gradient is not None
    assert gradient.item() == pytest.approx(0.999**5_000, rel=1e-10)
    assert all(verdict.ok for verdict in trace.verdicts.values())
    timeline = trace.timeline()
    assert len(timeline) == 10_001 + 10_001
    assert timeline.equation(len(timeline) - 1).one_line("ascii").startswith("vbar_0 = ")
    report = trace.check()
    assert report.ok
    assert report.oracles()["tangent"] == "ok"


def test_a_tensor_used_five_thousand_times() -> None:
    def function(x: Tensor) -> Tensor:
        return torch.stack([x * k for k in range(5_000)]).sum()

    trace = gs.trace(function, torch.tensor(2.0, dtype=torch.float64))
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert gradient.item() == sum(range(5_000))
    timeline = trace.timeline()
    equation = timeline.equation(len(timeline) - 1)
    assert "… 4997 more …" in equation.one_line()
    assert len(equation.one_line()) < 500
    assert trace.check().ok


def test_a_diamond_of_sixty_levels_is_walked_once() -> None:
    def function(x: Tensor) -> Tensor:
        for _ in range(60):
            x = x + x
        return x

    trace = gs.trace(function, torch.tensor(1.0, dtype=torch.float64))
    gradient = trace.adjoint("v_0")
    assert gradient is not None
    assert gradient.item() == 2.0**60


def test_running_sums() -> None:
    trace = gs.trace("a*a + 3*a", a=2.0)
    sums = [running_sum(trace.sweep, 0, k) for k in range(4)]
    assert sums[0] is None
    assert [s.item() for s in sums[1:] if s is not None] == [3.0, 5.0, 7.0]


def test_an_output_that_is_also_used_keeps_its_seed() -> None:
    def function(a: Tensor) -> tuple[Tensor, Tensor]:
        y = a * 2
        return y, y * 5

    seeds = [torch.tensor(10.0), torch.tensor(1.0)]
    trace = gs.trace(function, a=1.0, grad_output=seeds)
    first, leaf = trace.adjoint("v_1"), trace.adjoint("a")
    assert first is not None
    assert leaf is not None
    assert [first.item(), leaf.item()] == [15.0, 30.0]
    assert trace.check().ok
    equations = [trace.timeline().caption(s.index) for s in trace.steps if s.half == "reverse"]
    assert "v̄₁ = 10 + v̄₂·∂v₂/∂v₁ = 10 + v̄₂·5 = 10 + 1·5 = 15" in equations


def test_a_seed_of_another_shape_is_refused() -> None:
    trace = gs.trace("exp(x)", x=[1.0, 2.0], grad_output=torch.ones(3))
    line = r"^the seed has shape \[3\], the output v_1 has \[2\]$"
    with pytest.raises(InputError, match=line):
        _ = trace.sweep


def test_too_few_seeds_are_refused() -> None:
    trace = gs.trace(lambda x: (x * 1, x * 2), x=1.0, grad_output=[torch.tensor(1.0)])
    with pytest.raises(InputError, match=r"^2 outputs need 2 seeds, 1 given$"):
        _ = trace.sweep


def test_adjoints_are_of_shape_and_dtype_of_their_values() -> None:
    def function(x: Tensor, w: Tensor) -> Tensor:
        return (x.double() @ w + x[:, :1]).to(torch.float32).exp().mean()

    trace = gs.trace(function, torch.ones(2, 3), torch.ones(3, 4, dtype=torch.float64))
    for i, value in trace.values.items():
        adjoint = trace.adjoint(i)
        assert adjoint is not None
        assert value.value is not None
        assert (adjoint.shape, adjoint.dtype) == (value.value.shape, value.value.dtype)
    assert trace.check().ok


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
def test_dtypes(dtype: torch.dtype) -> None:
    torch.manual_seed(0)
    net = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 3)).to(dtype)
    x, target = torch.randn(5, 4, dtype=dtype), torch.tensor([0, 1, 2, 1, 0])
    trace = gs.trace(net, x, loss=lambda out: F.cross_entropy(out, target))
    report = trace.check()
    assert report.ok, report.text()
    assert report.by_torch == ()
    assert report.dtype == str(dtype).removeprefix("torch.")


@pytest.mark.parametrize(
    "function",
    [
        lambda x: F.layer_norm(x, (4,)).pow(3).sum(),
        lambda x: F.conv1d(x[None], torch.ones(2, 3, 2)).sum(),
        lambda x: torch.linalg.svdvals(x).sum(),
        lambda x: torch.einsum("ij,kj->ik", x, x).sum(),
        lambda x: torch.fft.rfft(x).abs().sum(),
        lambda x: x.cumsum(0).prod(),
        lambda x: torch.logsumexp(x, 1).sum(),
        lambda x: F.scaled_dot_product_attention(x[None], x[None], x[None]).sum(),
        lambda x: x.sort(0).values[0].sum(),
        lambda x: F.embedding(torch.tensor([0, 2, 2]), x).sum(),
        lambda x: F.gelu(x).max(),
        lambda x: (x**0).sum() + (x * 0).sum(),
        lambda x: torch.utils.checkpoint.checkpoint(torch.sin, x, use_reentrant=False).sum(),
        lambda x: F.kl_div(x.log_softmax(1), torch.full((3, 4), 0.25), reduction="batchmean"),
        lambda x: torch.complex(x, x * 2).abs().sum(),
        lambda x: x.to_sparse().to_dense().sum(),
    ],
    ids=["layer_norm", "conv1d", "svd", "einsum", "fft", "cumsum", "logsumexp", "attention",
         "sort", "embedding", "gelu", "zeros", "checkpoint", "kl_div", "complex", "sparse"],
)  # fmt: skip
def test_no_input_fails_for_want_of_a_rule(function: Callable[[Tensor], Tensor]) -> None:
    x = torch.rand(3, 4, generator=torch.Generator().manual_seed(1)) + 0.5
    trace = gs.trace(function, x)
    report = trace.check()
    assert report.ok, report.text()
    assert [trace.timeline().caption(step.index) for step in trace.steps]


def test_a_hook_of_the_users_changes_an_adjoint() -> None:
    def function(a: Tensor) -> Tensor:
        y = a * 2
        y.register_hook(lambda g: g * 10)
        return y * 3

    trace = gs.trace(function, a=1.0)
    gradient = trace.adjoint("a")
    assert gradient is not None
    assert gradient.item() == 60.0
    report = trace.check()
    assert report.ok
    assert report.oracles()["numeric"] == "skipped: a hook of the user's changes an adjoint"


def test_replay_runs_the_same_operations_on_other_inputs() -> None:
    trace = gs.trace("z = a*b; sin(z) + 3*a", a=2.0, b=5.0)
    other = {-1: torch.tensor(1.0), 0: torch.tensor(0.5)}
    values = replay(trace.recorded, other)
    assert [values[i].item() for i in (1, 2, 3, 4)] == [
        0.5, pytest.approx(0.479425538), 3.0, pytest.approx(3.479425538),
    ]  # fmt: skip
    double = replay(trace.recorded, {i: x.double() for i, x in other.items()}, torch.float64)
    assert double[4].dtype == torch.float64
    assert trace.value(1).item() == 10.0


def test_replay_refuses_what_it_cannot_repeat() -> None:
    x = torch.ones(3)
    random = gs.trace(lambda x: torch._standard_gamma(x), x)
    with pytest.raises(NotReplayable, match=r"^_standard_gamma draws random numbers$"):
        replay(random.recorded, {0: x})


def test_tangents_of_what_has_no_formula() -> None:
    trace = gs.trace(lambda a: torch._lazy_clone(a) + a, a=1.0)
    with pytest.raises(
        InputError, match=r"^no tangent for v_2: no forward formula for _lazy_clone$"
    ):
        trace.tangent("a")
    assert trace.tangent("a", "a").item() == 1.0


def test_an_operand_that_a_row_says_nothing_of_has_no_tangent() -> None:
    def drawn(x: Tensor, p: Tensor) -> Tensor:
        return (x * 1).bernoulli_(p).sum() + x.sum()

    trace = gs.trace(drawn, torch.rand(3), torch.rand(3))
    assert trace.check().oracles()["engine"] == "ok"
    with pytest.raises(InputError, match=r"no forward formula for bernoulli_$"):
        trace.tangent("p")
