"""The numbered graph: its networkx form, its names, its order, and why an input has no path."""

from __future__ import annotations

from collections.abc import Callable

import networkx as nx
import pytest
import torch
from torch import Tensor

import graphstep as gs
from graphstep.errors import InputError
from graphstep.graph.numbering import Order


def test_nodes_carry_plain_attributes() -> None:
    graph = gs.trace("z = a*b; 3*a + z", a=2.0, b=5.0).graph
    assert isinstance(graph, nx.MultiDiGraph)
    assert list(graph) == [-1, 0, 1, 2, 3]
    node = dict(graph.nodes[1])
    assert node.pop("value").item() == 10.0
    assert node == {
        "name": "v_1",
        "label": "z",
        "op": "mul",
        "shape": (),
        "dtype": "float32",
        "device": "cpu",
        "module": "",
        "source": "<expression>:1:5",
    }
    assert graph.nodes[-1]["op"] == "input"
    assert graph.nodes[-1]["source"] is None


def test_edges_are_keyed_by_argument_position() -> None:
    graph = gs.trace("a*b + b*b", a=2.0, b=5.0).graph
    assert sorted(graph.edges(keys=True)) == [
        (-1, 1, 0), (0, 1, 1), (0, 2, 0), (0, 2, 1), (1, 3, 0), (2, 3, 1),
    ]  # fmt: skip
    assert nx.is_directed_acyclic_graph(graph)


def test_x_times_x_has_two_edges_and_two_terms() -> None:
    trace = gs.trace("x*x", x=3.0)
    assert trace.graph.number_of_edges(0, 1) == 2
    assert [term.position for term in trace.sweep.incoming[0]] == [0, 1]
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert gradient.item() == 6.0


def test_several_outputs_share_one_operation() -> None:
    trace = gs.trace(lambda x: x.split(2), torch.arange(4.0))
    assert [v.op for v in trace.values.values()] == ["input", "split", "split"]
    assert trace.recorded.outputs == (1, 2)
    (application,) = trace.recorded.applications
    assert dict(application.results) == {0: 1, 1: 2}
    assert trace.check().ok


def test_max_gives_one_value_with_a_gradient() -> None:
    trace = gs.trace(lambda x: x.max(0)[0] * 2, torch.tensor([1.0, 3.0]))
    assert [v.op for v in trace.values.values()] == ["input", "max", "mul"]
    assert trace.check().ok
    gradient = trace.adjoint("x")
    assert gradient is not None
    assert gradient.tolist() == [0.0, 2.0]


def test_an_output_may_also_be_an_inner_value() -> None:
    def function(a: Tensor) -> dict[str, Tensor]:
        y = a * 2
        return {"first": y, "second": y.exp(), "again": y}

    trace = gs.trace(function, a=0.5)
    assert trace.recorded.outputs == (1, 2, 1)
    assert trace.check().ok


def test_a_function_may_return_its_input() -> None:
    trace = gs.trace(lambda a: a, a=0.5)
    assert trace.recorded.outputs == (0,)
    gradient = trace.adjoint("a")
    assert gradient is not None
    assert gradient.item() == 1.0
    assert trace.check().ok


def test_find() -> None:
    trace = gs.trace("z = a*a; z + z", a=2.0)
    assert trace.recorded.find("v_1") == trace.recorded.find("z") == trace.recorded.find(1) == 1
    with pytest.raises(InputError, match=r"^no value 'q' in this trace \(it has v_0 to v_2\)$"):
        trace.value("q")
    with pytest.raises(InputError, match=r"^no value 9 in this trace \(it has v_0 to v_2\)$"):
        trace.value(9)

    def loop(x: Tensor, times: int = 2) -> Tensor:
        y = x * 2
        for _ in range(times):
            x = x * 2
            y = y * 3
        return x + y

    trace = gs.trace(loop, x=1.0)
    assert trace.recorded.find("x") == 0  # the input, and not what the loop calls so later
    with pytest.raises(InputError, match=r"^'y' labels 3 values: v_1, v_3, v_5; name one of them$"):
        trace.value("y")
    many = r"^'y' labels 8 values: v_1, v_3, v_5, v_7, v_9, v_11, …; name one of them$"
    with pytest.raises(InputError, match=many):
        gs.trace(lambda x: loop(x, 7), x=1.0).value("y")


LEAF = torch.tensor(2.0, requires_grad=True)


@pytest.mark.parametrize(
    ("function", "reason"),
    [
        (lambda a, b: a * 2, "unused"),
        (lambda a, b: (b * 3, a * 2)[1], "not used by the output"),
        (lambda a, b: a * b.detach(), "detached"),
        (lambda a, b: a * (b * 2).detach().exp(), "detached"),
        (lambda a, b: a * torch.no_grad()(torch.exp)(b), "computed under no_grad (exp)"),
        (lambda a, b: a * b.reshape(1).argmax(), "argmax gives int64, which carries no gradient"),
        (lambda a, b: a * (b > 1), "gt gives bool, which carries no gradient"),
        (lambda a, b: a * b.long(), "_to_copy gives int64, which carries no gradient"),
        (lambda a, b: a * torch.full_like(b, 2.0), "full_like carries no gradient"),
        (lambda a, b: a * b.data, "detached"),
        (lambda a, b: a * (b * 3).item(),
         "not used by the output; item() took a number out of torch"),
        (lambda a, b: a * 2 if b > 1 else a, "not used by the output"),
        (lambda a, b: a * torch.from_numpy((b * 3).reshape(1).detach().numpy()),
         "not used by the output; detached, as for numpy"),
    ],
    ids=["unused", "aside", "detached", "detached later", "no_grad", "argmax", "compared", "cast",
         "full_like", "data", "item", "branch", "numpy"],
)  # fmt: skip
def test_why_an_input_has_no_path(
    function: Callable[[Tensor, Tensor], Tensor], reason: str
) -> None:
    trace = gs.trace(function, a=torch.tensor(2.0), b=torch.tensor(3.0))
    assert trace.recorded.values[0].no_path == reason
    assert trace.recorded.values[-1].no_path == ""
    assert trace.adjoint("b") is None
    timeline = trace.timeline()
    state = timeline.adjoint_state(0, len(timeline) - 1)
    assert (state.kind, state.text, state.reason) == ("no path", "no path", reason)
    assert trace.check().ok


def test_leaves_of_a_closure_are_inputs() -> None:
    weight = torch.tensor([2.0, 3.0], requires_grad=True)
    trace = gs.trace(lambda x: (x * weight).sum(), torch.ones(2))
    assert [trace.values[i].label for i in trace.recorded.inputs] == ["x", "weight"]
    gradient = trace.adjoint("weight")
    assert gradient is not None
    assert gradient.tolist() == [1.0, 1.0]
    assert weight.grad is None
    assert trace.check().ok


def test_a_leaf_made_inside_is_an_input_too() -> None:
    def function(x: Tensor) -> Tensor:
        z = (x * 2).detach().requires_grad_()
        return z * z

    trace = gs.trace(function, x=3.0)
    assert [trace.values[i].label for i in trace.recorded.inputs] == ["x", "leaf_1"]
    assert trace.recorded.values[-1].no_path == "detached"
    assert trace.check().ok


def test_level_order_sorts_by_depth() -> None:
    text = "exp(exp(a)) + sin(b)"
    by_run = [v.op for v in gs.trace(text, a=0.1, b=0.2).values.values()]
    by_level = [v.op for v in gs.trace(text, a=0.1, b=0.2, order="level").values.values()]
    assert by_run == ["input", "input", "exp", "exp", "sin", "add"]
    assert by_level == ["input", "input", "exp", "sin", "exp", "add"]


def test_every_value_comes_after_its_parents() -> None:
    def function(x: Tensor) -> Tensor:
        for k in range(20):
            x = (x * k + x).tanh() if k % 2 else torch.cat([x[:2], x[2:]])
        return x.sum()

    order: Order
    for order in ("evaluation", "level"):
        graph = gs.trace(function, torch.ones(4), order=order).graph
        assert all(parent < child for parent, child in graph.edges())
