"""What torch does that a recorder must expect, each seen on a real program."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor
from torch.utils._pytree import tree_map

import graphstep as gs
from graphstep.errors import InputError
from graphstep.steps.card import card


def test_a_complex_pseudo_inverse_is_the_untraced_one() -> None:
    torch.manual_seed(0)
    z = torch.randn(3, 4, dtype=torch.complex128, requires_grad=True)
    plain = torch.linalg.pinv(z)
    trace = gs.trace(torch.linalg.pinv, z)
    assert torch.equal(trace.value(trace.recorded.outputs[0]), plain.detach())


def test_results_that_carry_no_gradient_do_not_shift_the_others() -> None:
    def lu(x: Tensor) -> Tensor:
        _, lower, upper = torch.linalg.lu(x)
        found: Tensor = (lower**2).sum() + upper.sum()
        return found

    torch.manual_seed(0)
    x = torch.randn(3, 5, dtype=torch.float64, requires_grad=True)
    trace = gs.trace(lu, x)
    _, lower, upper = torch.linalg.lu(x.detach())
    assert torch.equal(trace.value("lower"), lower)
    assert torch.equal(trace.value("upper"), upper)
    assert trace.check().ok


def test_a_trace_inside_a_traced_function_is_its_own() -> None:
    inner: list[gs.Trace] = []

    def outer(x: Tensor) -> Tensor:
        inner.append(gs.trace("3*a + a*b", a=10.0, b=20.0))
        return (x * 2).sum()

    trace = gs.trace(outer, torch.ones(3, requires_grad=True))
    assert [value.op for value in trace.values.values()] == ["input", "mul", "sum"]
    assert inner[0].adjoint("a") == 23
    assert trace.check().ok


class Tagged(torch.Tensor):
    """A subclass without behaviour of its own."""


def test_tensor_subclasses_pass_through() -> None:
    inside = gs.trace(
        lambda x: (x.as_subclass(Tagged) * 2).sum(), torch.ones(2, requires_grad=True)
    )
    outside = gs.trace(lambda x: (x * 2).sum(), torch.ones(2).as_subclass(Tagged))
    for trace in (inside, outside):
        assert trace.check().ok, trace.check().text()
        adjoint = trace.adjoint("x")
        assert adjoint is not None
        assert torch.equal(adjoint, torch.full((2,), 2.0))


class Wrapped(torch.Tensor):
    """Hold the numbers in another tensor, as quantised and distributed tensors do."""

    numbers: Tensor

    @staticmethod
    def __new__(cls, inner: Tensor) -> Wrapped:
        made: Wrapped = torch.Tensor._make_wrapper_subclass(cls, inner.shape, dtype=inner.dtype)
        made.numbers = inner
        return made

    @classmethod
    def __torch_dispatch__(  # type: ignore[override]  # torch's own type leaves the defaults out
        cls, function: Any, types: Any, args: tuple[Any, ...] = (), kwargs: Any = None
    ) -> Any:
        def unwrapped(item: Any) -> Any:
            return item.numbers if isinstance(item, Wrapped) else item

        found = function(*tree_map(unwrapped, args), **tree_map(unwrapped, kwargs or {}))
        return tree_map(lambda item: Wrapped(item) if isinstance(item, Tensor) else item, found)


def test_a_subclass_that_wraps_another_tensor_is_shown_by_its_shape() -> None:
    x = Wrapped(torch.ones(3)).requires_grad_()
    trace = gs.trace(lambda x: (x * 2).sin().sum(), x)
    report = trace.check()
    assert report.ok, report.text()
    assert report.to_json()["nodes"][0]["value"] is None
    assert trace.timeline().equation(0).one_line() == "v₀ = x = f32[3]"
    assert "f32[3]" in trace.table()


def test_nested_tensors_are_refused_in_one_line() -> None:
    def jagged(a: Tensor, b: Tensor) -> Tensor:
        nested = torch.nested.as_nested_tensor([a, b], layout=torch.jagged)
        total: Tensor = nested.sin().values().sum()
        return total

    with pytest.raises(InputError, match=r"^a value is a nested tensor, which cannot be traced"):
        gs.trace(jagged, torch.ones(2, 3, requires_grad=True), torch.ones(4, 3, requires_grad=True))


def test_fake_quantisation_is_no_false_alarm() -> None:
    def quantised(x: Tensor) -> Tensor:
        return torch.fake_quantize_per_tensor_affine(x, 0.1, 0, -8, 7).pow(2).sum()

    report = gs.trace(quantised, torch.linspace(-1, 1, 6, requires_grad=True)).check()
    assert report.ok, report.text()
    assert report.oracles()["numeric"].startswith("skipped: torch passes the adjoint straight")


def test_two_outputs_with_seeds_of_their_own() -> None:
    x = torch.tensor([1.0, 2.0], requires_grad=True)
    trace = gs.trace(
        lambda x: (x * 2, x.exp()),
        x,
        grad_output=[torch.tensor([1.0, 0.0]), torch.tensor([0.0, 1.0])],
    )
    assert trace.check().ok
    torch.testing.assert_close(
        trace.adjoint("x"),
        torch.tensor([2.0, 2.0]).where(torch.tensor([True, False]), torch.tensor(2.0).exp()),
    )


@pytest.mark.parametrize("kind", ["memory_format", "requires_grad"])
def test_what_the_program_sees_of_its_tensors_stays(kind: str) -> None:
    seen: list[object] = []

    def program(x: Tensor) -> Tensor:
        y = torch.nn.functional.relu(x.contiguous(memory_format=torch.channels_last) * 2)
        seen.append(y.stride() if kind == "memory_format" else (x.requires_grad, y.is_leaf))
        return y.sum()

    x = torch.randn(1, 3, 2, 2, requires_grad=True)
    program(x)
    gs.trace(program, x)
    assert seen[0] == seen[1]


def test_a_check_does_not_run_what_follows_an_accumulation() -> None:
    w = torch.tensor([1.0, 2.0], requires_grad=True)
    ran: list[Tensor] = []
    w.register_post_accumulate_grad_hook(ran.append)
    report = gs.trace(lambda w: (w * w).sum(), w).check()
    assert report.ok
    assert report.oracles()["grad"] == "ok"
    assert ran == []
    assert w.grad is None


def test_a_module_hook_that_changes_gradients_is_a_node_of_its_own() -> None:
    layer = torch.nn.Linear(3, 3)

    def five_times(module: torch.nn.Module, below: Any, above: Any) -> tuple[Tensor]:
        return (below[0] * 5,)

    layer.register_full_backward_hook(five_times)
    x = torch.ones(2, 3, requires_grad=True)
    trace = gs.trace(lambda x: layer(x).sum(), x)
    report = trace.check()
    assert report.ok, report.text()
    assert [v.op for v in trace.values.values()].count("BackwardHookFunction") == 2
    adjoint = trace.adjoint("x")
    assert adjoint is not None
    torch.testing.assert_close(adjoint, 5 * layer.weight.detach().sum(0).expand(2, 3))


@pytest.mark.parametrize("dtype", [torch.complex64, torch.complex128])
def test_complex_values_go_by_rows_of_ours_and_agree(dtype: torch.dtype) -> None:
    z = torch.tensor([1 + 2j, -0.5j, 3], dtype=dtype, requires_grad=True)
    report = gs.trace(lambda z: ((z * z.conj()).real + z.exp().abs()).sum(), z).check()
    assert report.ok, report.text()
    assert not report.by_torch


class Partly(torch.nn.Module):
    """Use some parameters, one by a detached value, one in a comparison, and one not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.used, self.unused = torch.nn.Linear(2, 2), torch.nn.Linear(2, 2, bias=False)
        self.cut = torch.nn.Linear(2, 2, bias=False)
        self.compared = torch.nn.Parameter(torch.ones(2))
        self.frozen = torch.nn.Parameter(torch.ones(2), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        cut: Tensor = self.cut(x).detach().sum() + (self.compared > 0).float().sum()
        found: Tensor = self.used(x).sum() + cut * self.frozen.sum()
        return found


def test_a_modules_parameter_without_a_path_is_listed_with_its_reason() -> None:
    trace = gs.trace(Partly(), torch.ones(1, 2))
    assert {v.label: v.no_path for v in trace.values.values() if v.is_input} == {
        "compared": "gt gives bool, which carries no gradient",
        "used.weight": "",
        "used.bias": "",
        "unused.weight": "unused",
        "cut.weight": "detached",
    }
    report = trace.check()
    assert report.ok
    assert "no path: unused" in report.text()


def test_eight_bits_are_compared() -> None:
    report = gs.trace(
        lambda x: (x.to(torch.float8_e4m3fn).float() * x).sum(),
        torch.linspace(-1, 1, 6, requires_grad=True),
    ).check()
    assert report.ok, report.text()
    kinds = {node.adjoint.dtype for node in report.nodes if node.adjoint is not None}
    assert torch.float8_e4m3fn in kinds
    # Torch adds no numbers of eight bits, and a tangent that comes alone asks for no sum.
    trace = gs.trace(lambda x: x.to(torch.float8_e4m3fn).float(), torch.tensor([0.5, 1.0]))
    assert trace.tangent("x").tolist() == [1.0, 1.0]
    timeline = trace.timeline()
    assert "min 0.5 · max 1 · mean 0.75 · std 0.25" in str(card(timeline, 1, len(timeline) - 1))
    assert [timeline.flaw(step.index) for step in timeline] == [""] * len(timeline)
    assert "heat-" in trace.svg(heat="adjoint")
