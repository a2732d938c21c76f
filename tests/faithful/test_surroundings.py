"""A trace within the user's blocks: autocast, no_grad, another default device, other modes."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import torch
from torch import Tensor, nn
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.utils.flop_counter import FlopCounterMode

import graphstep as gs
from graphstep.api import Trace
from graphstep.errors import InputError

Block = Callable[[], AbstractContextManager[object]]
BLOCKS: dict[str, Block] = {
    "autocast": lambda: torch.autocast("cpu", dtype=torch.bfloat16),
    "no_grad": torch.no_grad,
    "inference_mode": torch.inference_mode,
    "anomaly": lambda: torch.autograd.detect_anomaly(check_nan=False),
    "meta by default": lambda: torch.device("meta"),
    "tensors saved elsewhere": torch.autograd.graph.save_on_cpu,
}


def network(x: Tensor) -> Trace:
    torch.manual_seed(0)
    layer = nn.Linear(4, 4)
    target = torch.tensor([0, 1, 2])

    def loss(x: Tensor) -> Tensor:
        return nn.functional.cross_entropy(layer(x).tanh() @ layer.weight, target)

    return gs.trace(loss, x)


@pytest.fixture(name="x")
def start() -> Tensor:
    return torch.linspace(-1, 1, 12).reshape(3, 4).requires_grad_()


@pytest.mark.parametrize("block", BLOCKS)
@pytest.mark.filterwarnings("ignore:Anomaly Detection")
def test_what_is_asked_within_a_block_is_what_is_asked_outside(block: str, x: Tensor) -> None:
    expected, found = network(x), network(x)
    assert expected.check().ok
    with BLOCKS[block]():
        report = found.check()
        tangent = found.tangent("x")
    assert report.ok, report.text()
    torch.testing.assert_close(tangent, expected.tangent("x"), rtol=0, atol=0)
    for i in found.values:
        ours, theirs = found.adjoint(i), expected.adjoint(i)
        assert ours is not None
        assert theirs is not None
        assert torch.equal(ours, theirs)


def test_a_run_under_autocast_keeps_its_dtypes(x: Tensor) -> None:
    layer = nn.Linear(4, 4)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        trace = gs.trace(lambda x: layer(x).float().sum(), x)
        report = trace.check()
    assert report.ok, report.text()
    assert "bfloat16" in {value.dtype for value in trace.values.values()}


def test_another_mode_around_sees_the_forward_once(x: Tensor) -> None:
    layer = nn.Linear(4, 4)
    with FlopCounterMode(display=False) as counter:
        trace = gs.trace(lambda x: layer(x).sum(), x)
    assert counter.get_total_flops() == 2 * 3 * 4 * 4
    assert trace.check().ok


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (lambda x: x.detach().sum(), "x: detached in line {line}"),
        (lambda x: x.argmax().float(),
         "x: argmax gives int64, which carries no gradient in line {line}"),
        (lambda x: torch.ones(2), "x: unused"),
    ],
)  # fmt: skip
def test_a_result_without_a_gradient_says_what_cut_the_path(
    program: Callable[[Tensor], Tensor], why: str, x: Tensor
) -> None:
    def named(x: Tensor) -> Tensor:
        return program(x)

    with pytest.raises(InputError) as caught:
        gs.trace(named, x)
    line = program.__code__.co_firstlineno
    end = f"on no input that requires a gradient ({why.format(line=line)})"
    assert str(caught.value).endswith(end)


@pytest.mark.parametrize("block", [torch.no_grad, torch.inference_mode])
def test_a_run_without_autograd_is_refused_in_one_line(block: Block, x: Tensor) -> None:
    with block(), pytest.raises(InputError) as caught:
        gs.trace(torch.sin, x)
    assert str(caught.value) == (
        "the output depends on no input that requires a gradient"
        " (autograd is off here: no_grad or inference_mode)"
    )


def test_the_meta_device_is_stepped_by_shapes_and_not_checked() -> None:
    trace = gs.trace(lambda x: (x * 2).sum(), torch.ones(3, device="meta", requires_grad=True))
    assert [trace.timeline().equation(k).one_line() for k in (0, 4)] == [
        "v₀ = x = f32[3]@meta",
        "v̄₁ = v̄₂·∂v₂/∂v₁ = spread(v̄₂, v₁) = spread(f32[]@meta, f32[3]@meta) = f32[3]@meta",
    ]
    assert all(verdict.ok for verdict in trace.verdicts.values())
    with pytest.raises(InputError, match=r"^the meta device holds no numbers to check"):
        trace.check()


def test_a_fake_tensor_is_refused_in_one_line() -> None:
    with FakeTensorMode(), pytest.raises(InputError, match=r"^a value is a fake tensor"):
        gs.trace(lambda x: (x * 2).sum(), torch.ones(3, requires_grad=True))
