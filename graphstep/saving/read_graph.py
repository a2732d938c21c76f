"""The values and the operations of a saved trace."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from graphstep.format.formula import Formula, Sum
from graphstep.graph.application import Application, Wording
from graphstep.graph.trace_graph import TraceGraph
from graphstep.graph.value import Metadata, Value
from graphstep.recording.operation import Ref
from graphstep.recording.place import Place
from graphstep.saving.formulas import formula_from, symbols
from graphstep.saving.schema import (
    Damaged,
    StoredApplication,
    StoredPlace,
    StoredTrace,
    StoredValue,
)
from graphstep.saving.tensors import StoredTensors

if TYPE_CHECKING:
    from torch.autograd.graph import Node


class RecordedNode(NamedTuple):
    """Stand for a node of torch's graph, of which a file keeps the name."""

    full_name: str

    def name(self) -> str:
        return self.full_name


def graph_from(data: StoredTrace, tensors: StoredTensors, files: Sequence[str]) -> TraceGraph:
    """Return the graph of a file, whose sources go by the names `files`.

    Raises Damaged unless its values are v_{1-n} … v_l and each operation makes some of
    v_1 … v_l from earlier ones.
    """
    values = {one["i"]: _value(one, tensors, files) for one in data["values"]}
    inputs = sum(1 for i in values if i <= 0)
    expected = range(1 - inputs, len(values) - inputs + 1)
    if sorted(values) != list(expected) or len(values) != len(data["values"]) or not values:
        raise Damaged("its values are not numbered v_1-n to v_l")
    rules: list[dict[int, Formula]] = [{} for _ in data["applications"]]
    for k, term in enumerate(data["contributions"]):
        if not 0 <= term["application"] < len(rules):
            raise Damaged(f"contributions[{k}] names an operation that is not there")
        if term["formula"] is not None:
            rule = _formula(term["formula"], values, f"contributions[{k}]")
            rules[term["application"]][term["position"]] = rule
    applications = tuple(
        _application(one, rules[k], values, f"applications[{k}]")
        for k, one in enumerate(data["applications"])
    )
    made = sorted(i for one in applications for i in one.results.values())
    if made != [i for i in expected if i > 0]:
        raise Damaged("its operations do not make each of its values once")
    outputs = tuple(data["outputs"])
    if not outputs or not all(i in values for i in outputs):
        raise Damaged("its outputs are none of its values")
    ends = [values[i].value for i in outputs]
    found = tuple(tensor for tensor in ends if tensor is not None)
    return TraceGraph(values, applications, outputs, found, {}, (), {}, data["order"])


def _value(stored: StoredValue, tensors: StoredTensors, files: Sequence[str]) -> Value:
    i, shape = stored["i"], stored["shape"]
    tensor = tensors.get(stored["value"], f"v_{i}")
    return Value(
        i,
        stored["label"],
        stored["op"],
        None if tensor is None else Ref(tensor),
        stored["module"],
        _place(stored["place"], files, f"the place of v_{i}"),
        stored["no_path"],
        metadata=Metadata(
            None if shape is None else tuple(shape), stored["dtype"], stored["device"]
        ),
    )


def _place(stored: StoredPlace | None, files: Sequence[str], where: str) -> Place | None:
    if stored is None:
        return None
    source, line, end_line = stored["source"], stored["line"], stored["end_line"]
    column, end_column = stored["column"], stored["end_column"]
    if not (0 <= source < len(files) and 1 <= line <= end_line and min(column, end_column) >= 0):
        raise Damaged(f"{where} is none")
    return Place(files[source], line, column, end_line, end_column)


def _application(
    stored: StoredApplication, rules: Mapping[int, Formula], values: Mapping[int, Value], where: str
) -> Application:
    pairs, parents = stored["results"], tuple(stored["parents"])
    if not pairs or not all(len(pair) == 2 and pair[1] in values for pair in pairs):
        raise Damaged(f"{where}.results are no values")
    results = {pair[0]: pair[1] for pair in pairs}
    first = min(results.values())
    if not all(parent is None or (parent in values and parent < first) for parent in parents):
        raise Damaged(f"{where} takes no earlier values")
    node = cast("Node", RecordedNode(stored["node"]))
    forward = _formula(stored["forward"], values, where)
    parts = [_formula(part, values, where) for part in stored["tangent"] or ()]
    theirs = {*parents, *results.values()}
    if any(s.mark == "tangent" and s.i not in theirs for part in parts for s in symbols(part)):
        raise Damaged(f"{where} has a formula of another operation's tangents")
    wording = Wording(forward, rules, Sum(tuple(parts)) if parts else None)
    return Application(node, stored["name"], None, parents, (), results, first, wording)


def _formula(data: object, values: Container[int], where: str) -> Formula:
    found = formula_from(data)
    if not all(symbol.i in values for symbol in symbols(found)):
        raise Damaged(f"{where} has a formula of values that are not there")
    return found
