"""The Python door: what can be traced, how inputs are named, and what a Trace answers."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.errors import InputError


def labels(trace: gs.Trace) -> list[str | None]:
    return [trace.values[i].label for i in trace.recorded.inputs]


def test_numbers_lists_and_tensors_become_inputs() -> None:
    def function(a: Tensor, b: Tensor, c: Tensor) -> Tensor:
        return (a * b * c).sum()

    constant = torch.ones(2, dtype=torch.float64)
    trace = gs.trace(function, 2, [1.0, 2.0], constant)
    assert labels(trace) == ["a", "b", "c"]
    assert [trace.values[i].dtype for i in trace.recorded.inputs] == [
        "float32", "float32", "float64",
    ]  # fmt: skip
    assert not constant.requires_grad
    assert trace.check().ok


def test_positional_and_named_inputs_mix() -> None:
    trace = gs.trace(lambda a, b, scale=1.0: a * b * scale, 2.0, b=3.0, scale=4.0)
    assert labels(trace) == ["a", "b", "scale"]
    assert trace.value(trace.recorded.outputs[0]).item() == 24.0


def test_other_arguments_pass_as_they_are() -> None:
    def function(x: Tensor, mode: str, flag: bool, indices: Tensor) -> Tensor:
        assert (mode, flag) == ("fast", True)
        return x[indices].sum()

    trace = gs.trace(function, torch.ones(3), "fast", True, torch.tensor([0, 0]))
    assert labels(trace) == ["x"]
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert gradient.tolist() == [2.0, 0.0, 0.0]


def test_no_two_inputs_share_a_name() -> None:
    def given_twice(x: Tensor, /, **more: Tensor) -> Tensor:
        return x * more["x"]

    trace = gs.trace(given_twice, 2.0, x=5.0)
    assert labels(trace) == ["x", "x_2"]
    assert [trace.adjoint(name) for name in ("x", "x_2")] == [5.0, 2.0]

    class Scaled(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.weight = nn.Parameter(torch.tensor(2.0))

        def forward(self, weight: Tensor) -> Tensor:
            return weight * self.weight

    trace = gs.trace(Scaled(), weight=torch.tensor(5.0, requires_grad=True))
    assert labels(trace) == ["weight", "weight_2"]
    assert {name: t.item() for name, t in trace.jacobian().items()} == {
        "weight": 2.0, "weight_2": 5.0,
    }  # fmt: skip


def test_the_functions_own_complaint_of_its_arguments_passes_through() -> None:
    with pytest.raises(TypeError, match="got multiple values for argument 'x'"):
        gs.trace(lambda x: x * 2, 1.0, x=2.0)


def test_a_function_that_ends_the_program_leaves_the_trace_so_far() -> None:
    def ending(a: Tensor) -> Tensor:
        _ = a * 2
        raise SystemExit(3)

    with pytest.raises(SystemExit) as caught:
        gs.trace(ending, 1.0)
    trace = caught.value.__dict__["graphstep_trace"]
    assert trace.value("v_1").item() == 2.0


def test_a_leaf_of_the_users_stays_the_same_object() -> None:
    leaf = torch.tensor(2.0, requires_grad=True)
    seen: list[Tensor] = []

    def function(a: Tensor) -> Tensor:
        seen.append(a)
        return a * a

    trace = gs.trace(function, leaf)
    assert seen[0] is leaf
    assert trace.recorded.leaves[0] is leaf
    assert leaf.grad is None


def test_an_input_that_was_computed_is_an_input_all_the_same() -> None:
    leaf = torch.tensor(2.0, requires_grad=True)
    trace = gs.trace(lambda a: a * a, leaf * 3)
    assert labels(trace) == ["a"]
    gradient = trace.adjoint("a")
    assert gradient is not None
    assert gradient.item() == 12.0
    assert trace.check().ok
    assert leaf.grad is None


def test_a_module_has_its_parameters_as_inputs() -> None:
    net = nn.Sequential(nn.Linear(2, 3), nn.Tanh())
    x = torch.ones(1, 2)
    trace = gs.trace(net, x, loss=lambda out: out.sum())
    assert labels(trace) == ["0.weight", "0.bias"]
    assert repr(trace) == "<Trace of 'Sequential': 2 inputs, 4 values>"
    x.requires_grad_()
    assert labels(gs.trace(net, x, loss=lambda out: out.sum())) == ["input", "0.weight", "0.bias"]


def test_shared_parameters_are_one_input() -> None:
    one = nn.Linear(2, 2, bias=False)
    other = nn.Linear(2, 2, bias=False)
    other.weight = one.weight
    trace = gs.trace(nn.Sequential(one, other), torch.ones(1, 2), loss=lambda out: out.sum())
    assert labels(trace) == ["0.weight"]
    assert len(trace.sweep.incoming[0]) == 2
    assert trace.check().ok


def test_adjoints_by_any_name() -> None:
    trace = gs.trace("z = a*b; z + 3*a", a=10.0, b=20.0)
    for name in ("z", "v_1", 1):
        adjoint = trace.adjoint(name)
        assert adjoint is not None
        assert adjoint.item() == 1.0
    assert trace.value("b").item() == 20.0
    assert repr(trace) == "<Trace of 'z = a*b; z + 3*a': 2 inputs, 3 values>"


def test_the_lazy_door() -> None:
    assert set(gs.__all__) <= set(dir(gs))
    with pytest.raises(AttributeError, match=r"^module 'graphstep' has no attribute 'nothing'$"):
        _ = gs.nothing


@pytest.mark.parametrize(
    ("call", "line"),
    [
        (lambda: gs.trace("3*a", 1.0),
         "an expression takes its values by name: trace('3*a', a=1.0)"),
        (lambda: gs.trace("3*a", a=1.0, order="depth"),  # type: ignore[arg-type]
         "unknown order 'depth' (must be one of evaluation, level)"),
        (lambda: gs.trace(lambda a: None, 1.0), "the result is None, not a tensor"),
        (lambda: gs.trace(lambda a: a.item(), 1.0),
         "the result is a float, not a tensor; what item() or float() takes out of torch carries"
         " no gradient"),
        (lambda: gs.trace(lambda a: [], 1.0), "the result is a list, not a tensor"),
        (lambda: gs.trace(lambda a: torch.ones(2), 1.0),
         "the output depends on no input that requires a gradient (a: unused)"),
        (lambda: gs.trace(lambda a: a.argmax(), torch.ones(2)),
         "the output is int64, which carries no gradient"),
        (lambda: gs.trace(lambda a, i: i + 1, 1.0, torch.tensor(2)),
         "the output is int64, which carries no gradient"
         " (i is int64: a gradient needs a floating dtype)"),
        (lambda: gs.trace(lambda a: a * 2, [[1.0], [2.0, 3.0]]),
         "cannot make a tensor of a: expected sequence of length 1 at dim 1 (got 2)"),
        (lambda: gs.trace("2*a", a=10**400),
         "cannot make a tensor of a: int too large to convert to float"),
    ],
)  # fmt: skip
def test_refusals(call: object, line: str) -> None:
    assert callable(call)
    with pytest.raises(InputError) as caught:
        call()
    assert str(caught.value) == line


def test_it_works_under_no_grad_of_the_callers() -> None:
    trace = gs.trace("a*a", a=3.0)
    with torch.no_grad():
        gradient = trace.adjoint("a")
        assert trace.check().ok
    assert gradient is not None
    assert gradient.item() == 6.0


def test_traces_nest() -> None:
    inner: list[gs.Trace] = []

    def function(a: Tensor) -> Tensor:
        inner.append(gs.trace("b*b", b=2.0))
        return a * 2

    trace = gs.trace(function, a=1.0)
    assert trace.check().ok
    assert inner[0].check().ok
    assert [v.op for v in trace.values.values()] == ["input", "mul"]
