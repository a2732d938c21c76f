"""Hooks that the user registered on nodes of torch's graph: seen, shown, and run once."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.autograd.graph import Node

import graphstep as gs
from graphstep.check import engine
from graphstep.recording.node_hooks import NodeHooks, node_hooks

Program = Callable[[Tensor, list[str]], Tensor]
KEPT: list[Any] = []
"""A leaf's accumulator lives as long as somebody holds it."""


def noted(log: list[str], word: str, hook: Callable[..., Any]) -> Callable[..., Any]:
    def run(given: Any) -> Any:
        log.append(word)
        return hook(given)

    return run


def before_a_node(x: Tensor, log: list[str]) -> Tensor:
    def tenfold(above: tuple[Tensor]) -> tuple[Tensor]:
        log.append("before")
        return (above[0] * 10,)

    z = x * 2
    assert z.grad_fn is not None
    z.grad_fn.register_prehook(tenfold)
    return (z * z).sum()


def after_a_node(x: Tensor, log: list[str]) -> Tensor:
    def tripled(below: tuple[Tensor, Tensor], above: tuple[Tensor]) -> tuple[Tensor, Tensor]:
        log.append("after")
        return below[0] * 3, below[1]

    z = x.exp() * x.sin()
    assert z.grad_fn is not None
    z.grad_fn.register_hook(tripled)
    return z.sum()


def before_an_accumulation(x: Tensor, log: list[str]) -> Tensor:
    def tenfold(above: tuple[Tensor]) -> tuple[Tensor]:
        log.append("leaf")
        return (above[0] * 10,)

    node = torch.autograd.graph.get_gradient_edge(x).node
    node.register_prehook(tenfold)
    KEPT.append(node)
    return (x * x).sum()


def beside_a_tensors_own(x: Tensor, log: list[str]) -> Tensor:
    z = x * 2
    assert z.grad_fn is not None
    z.grad_fn.register_prehook(noted(log, "node", lambda above: (above[0] + 1,)))
    z.register_hook(noted(log, "tensor", lambda g: g * 10))
    z.grad_fn.register_hook(lambda below, above: log.append("after"))
    return (z * z).sum()


def around_a_write(x: Tensor, log: list[str]) -> Tensor:
    y = x * 2
    y[0] *= 3
    assert y.grad_fn is not None
    y.grad_fn.register_prehook(noted(log, "write", lambda above: (above[0] * 2,)))
    return (y * y).sum()


def after_a_write(x: Tensor, log: list[str]) -> Tensor:
    def twice(below: tuple[Tensor, None], above: tuple[Tensor]) -> tuple[Tensor, None]:
        log.append("after")
        return below[0] * 2, below[1]

    y = x * 2
    y[0] = 3.0
    assert y.grad_fn is not None
    y.grad_fn.register_hook(twice)
    return (y * y).sum()


def that_only_looks(x: Tensor, log: list[str]) -> Tensor:
    z = x * 2
    assert z.grad_fn is not None
    z.grad_fn.register_prehook(lambda above: log.append("before"))
    z.grad_fn.register_hook(lambda below, above: log.append("after"))
    return (z * z).sum()


CHANGING = [
    before_a_node,
    after_a_node,
    before_an_accumulation,
    beside_a_tensors_own,
    around_a_write,
    after_a_write,
]


def start() -> Tensor:
    return torch.tensor([0.5, -1.5], requires_grad=True)


def plain(program: Program) -> tuple[Tensor, list[str]]:
    x, log = start(), list[str]()
    program(x, log).backward()
    assert x.grad is not None
    return x.grad, log


@pytest.mark.parametrize("program", [*CHANGING, that_only_looks])
@pytest.mark.parametrize("profiled", [False, True])
def test_the_adjoints_are_those_of_a_plain_backward(program: Program, profiled: bool) -> None:
    gradient, expected = plain(program)
    log: list[str] = []
    if profiled:
        sys.setprofile(_seen)
    try:
        trace = gs.trace(lambda x: program(x, log), start())
        report = trace.check()
        assert sys.getprofile() is (_seen if profiled else None)
    finally:
        sys.setprofile(None)
    assert report.ok, report.text()
    torch.testing.assert_close(trace.adjoint("x"), gradient)
    assert log == expected


def _seen(*event: object) -> None:
    """Stand for a profiler of the user's."""


@pytest.mark.parametrize("program", CHANGING)
def test_the_users_own_backward_still_runs_them(program: Program) -> None:
    gradient, expected = plain(program)
    log: list[str] = []
    x = start()
    trace = gs.trace(lambda x: program(x, log), x)
    assert trace.check().ok
    log.clear()
    trace.recorded.output_tensors[0].backward()
    assert x.grad is not None
    torch.testing.assert_close(x.grad, gradient)
    assert log == expected


def test_a_hook_before_a_node_is_a_step_as_one_on_its_tensor_is() -> None:
    trace = gs.trace(lambda x: before_a_node(x, []), start())
    assert [(step.i, step.kind) for step in trace.steps if step.kind == "hook"] == [(1, "hook")]


def test_a_term_that_a_hook_changed_is_called_so() -> None:
    trace = gs.trace(lambda x: after_a_node(x, []), start())
    assert "hook(MulBackward0)" in trace.table(mode="reverse")
    report = trace.check()
    assert report.oracles()["numeric"] == "skipped: a hook of the user's changes an adjoint"


def test_what_follows_an_accumulation_is_not_run() -> None:
    x, ran = start(), list[str]()
    node = torch.autograd.graph.get_gradient_edge(x).node
    node.register_hook(lambda below, above: ran.append("step"))
    trace = gs.trace(lambda x: (x * x).sum(), x)
    assert trace.check().ok
    assert ran == []
    trace.recorded.output_tensors[0].backward()
    assert ran == ["step"]


def test_torchs_complaint_about_a_hook_is_ours() -> None:
    def wrong(x: Tensor) -> Tensor:
        z = x * 2
        assert z.grad_fn is not None
        z.grad_fn.register_prehook(lambda above: above[0])
        return z.sum()

    message = r"^expected tuple, but hook returned 'Tensor'$"
    with pytest.raises(TypeError, match=message):
        wrong(start()).backward()
    with pytest.raises(TypeError, match=message):
        _ = gs.trace(wrong, start()).sweep


def test_without_hooks_only_the_leaves_are_asked_for_any(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(nodes: Iterable[Node]) -> NodeHooks:
        every = list(nodes)
        asked.append(len(every))
        return node_hooks(every)

    monkeypatch.setattr(engine, "node_hooks", counted)
    found = gs.trace(lambda x: (x.exp() * x.sin()).sum(), torch.tensor([0.5, 1.5]))
    assert found.check().ok
    assert asked
    assert set(asked) == {1}
