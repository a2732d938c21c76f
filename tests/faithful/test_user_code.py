"""Hooks and custom backwards of the user's run once, as in a plain backward, and leave no mark."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

import graphstep as gs
from graphstep.api import Trace

Log = list[str]
Program = Callable[[Tensor, Log], Tensor]


class Counted(torch.autograd.Function):
    """Double, and note each backward in a log."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, log: Log) -> Tensor:
        ctx.log = log
        return x * 2

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> tuple[Tensor, None]:
        ctx.log.append("backward")
        return g * 2, None


def noted(log: Log, word: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    def run(*given: Any) -> Any:
        log.append(word)
        return hook(*given)

    return run


def on_an_inner_value(x: Tensor, log: Log) -> Tensor:
    z = x * 2
    z.register_hook(noted(log, "prints", lambda g: None))
    z.register_hook(noted(log, "changes", lambda g: g * 10))
    return (z * z).sum()


def before_a_write(x: Tensor, log: Log) -> Tensor:
    z = x * 2
    z.register_hook(noted(log, "before", lambda g: g * 10))
    z.add_(1)
    z.register_hook(noted(log, "after", lambda g: g + 3))
    return (z * z).sum()


def on_a_leaf(x: Tensor, log: Log) -> Tensor:
    x.register_hook(noted(log, "leaf", lambda g: g.clamp(max=1)))
    return (x * x).sum() + x.exp().sum()


def on_many(x: Tensor, log: Log) -> Tensor:
    z, w = x * 2, x.sin()
    torch.autograd.graph.register_multi_grad_hook((z, w), lambda gs: log.append(str(len(gs))))
    return (z * w).sum()


def in_a_function(x: Tensor, log: Log) -> Tensor:
    found: Tensor = Counted.apply(Counted.apply(x, log), log)  # type: ignore[no-untyped-call]
    return found.exp().sum()


def on_a_module(x: Tensor, log: Log) -> Tensor:
    layer = nn.Linear(3, 3)

    def after(module: nn.Module, below: Any, above: Any) -> tuple[Tensor]:
        log.append("post")
        return (below[0] * 5,)

    layer.register_full_backward_pre_hook(noted(log, "pre", lambda m, g: None))
    layer.register_full_backward_hook(after)
    found: Tensor = layer(x * 1).sum()
    return found


def in_a_checkpoint(x: Tensor, log: Log) -> Tensor:
    def part(z: Tensor) -> Tensor:
        log.append("forward")
        return z.sin().exp()

    found: Tensor = checkpoint(part, x * 1, use_reentrant=True).sum()
    return found


PROGRAMS: dict[str, Program] = {
    "inner value": on_an_inner_value,
    "before a write": before_a_write,
    "leaf": on_a_leaf,
    "several tensors": on_many,
    "custom function": in_a_function,
    "module": on_a_module,
    "reentrant checkpoint": in_a_checkpoint,
}


def run(program: Program, log: Log) -> tuple[Tensor, Trace]:
    x = torch.linspace(-1, 1.5, 6).reshape(2, 3).requires_grad_()
    torch.manual_seed(0)
    return x, gs.trace(lambda x: program(x, log), x)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_users_code_runs_as_often_as_in_a_plain_backward(name: str) -> None:
    expected: Log = []
    torch.manual_seed(0)
    x = torch.linspace(-1, 1.5, 6).reshape(2, 3).requires_grad_()
    PROGRAMS[name](x, expected).backward()
    found: Log = []
    _, trace = run(PROGRAMS[name], found)
    report = trace.check()
    assert report.ok, report.text()
    assert list(trace.steps)
    assert found == expected
    torch.testing.assert_close(trace.adjoint("x"), x.grad)


@pytest.mark.parametrize("name", PROGRAMS)
def test_the_users_own_backward_still_runs_it(name: str) -> None:
    found: Log = []
    x, trace = run(PROGRAMS[name], found)
    assert trace.check().ok
    found.clear()
    trace.recorded.output_tensors[0].backward()
    expected: Log = []
    torch.manual_seed(0)
    plain = torch.linspace(-1, 1.5, 6).reshape(2, 3).requires_grad_()
    y = PROGRAMS[name](plain, expected)
    expected.clear()
    y.backward()
    assert found == expected
    torch.testing.assert_close(x.grad, plain.grad)


@pytest.mark.parametrize("name", PROGRAMS)
def test_dropping_the_trace_frees_it_without_the_collector(name: str) -> None:
    _, trace = run(PROGRAMS[name], [])
    assert trace.check().ok
    seen = weakref.ref(trace), weakref.ref(trace.value(1))
    gc.collect()
    gc.disable()
    try:
        del trace
        assert [one() for one in seen] == [None, None]
    finally:
        gc.enable()


def test_a_hook_is_one_step_more_also_on_an_input() -> None:
    _, trace = run(on_a_leaf, [])
    last = trace.steps[-1]
    assert (last.i, last.kind) == (0, "hook")
    report = trace.check()
    assert report.inputs[0].verdict.ok


def test_a_wrong_sum_before_the_users_hook_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    from graphstep.check.engine import node_verdicts
    from graphstep.sweep import reverse
    from graphstep.sweep.contributions import Contribution, contributions

    def doubled(*given: Any) -> list[Contribution]:
        return [t._replace(value=t.value * 2) for t in contributions(*given) if t.value is not None]

    monkeypatch.setattr(reverse, "contributions", doubled)
    _, trace = run(on_a_leaf, [])
    assert not node_verdicts(trace.recorded, trace.sweep, trace.engine)[0].ok


@pytest.mark.filterwarnings("ignore:None of the inputs have requires_grad")
def test_parameters_inside_a_reentrant_checkpoint_are_inputs() -> None:
    torch.manual_seed(0)
    layer, head = nn.Linear(3, 3), nn.Linear(3, 3)
    layer.weight.register_hook(lambda g: g * 2)

    def inner(z: Tensor) -> Tensor:
        found: Tensor = checkpoint(lambda q: layer(q).sin(), z * 1, use_reentrant=True)
        return found

    def program(x: Tensor) -> Tensor:
        y = checkpoint(lambda z: layer(head(z)), x * 1, use_reentrant=True)
        y = checkpoint(inner, y, use_reentrant=True)
        total: Tensor = layer(y).sum()
        return total

    trace = gs.trace(program, torch.linspace(-1, 1, 6).reshape(2, 3).requires_grad_())
    report = trace.check()
    assert report.ok, report.text()
    made = [a for a in trace.recorded.applications if a.name == "CheckpointFunction"]
    named = {i: value.label or value.op for i, value in trace.values.items()}
    assert [[named[i] for i in a.parents if i is not None] for a in made] == [
        ["mul", "head.weight", "head.bias", "layer.weight", "layer.bias"],
        ["CheckpointFunction", "layer.weight", "layer.bias"],
    ]
    trace.recorded.output_tensors[0].backward()
    for name, leaf in (("layer.weight", layer.weight), ("head.weight", head.weight)):
        torch.testing.assert_close(trace.adjoint(name), leaf.grad)
