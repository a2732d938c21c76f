"""The reverse sweep of a saved trace, and what torch had for every adjoint."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from torch import Tensor

from graphstep.check.verdict import Verdict
from graphstep.format.term import Term
from graphstep.graph.trace_graph import TraceGraph
from graphstep.saving.formulas import term_from
from graphstep.saving.schema import Damaged, StoredContribution, StoredTensor, StoredTrace
from graphstep.saving.tensors import StoredTensors
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.tangent import TangentSweep


def sweep_from(data: StoredTrace, graph: TraceGraph, tensors: StoredTensors) -> ReverseSweep:
    """Return the sweep of a file over its graph.

    Raises Damaged where terms of one adjoint differ in shape or dtype, or go to no operand.
    """
    adjoints: dict[int, Tensor | None] = {}
    seeds: dict[int, Tensor] = {}
    unhooked: dict[int, Tensor] = {}
    for one in data["values"]:
        i = one["i"]
        adjoints[i] = tensors.get(one["adjoint"], f"the adjoint of v_{i}")
        if one["seed"] is not None:
            seeds[i] = _term_of(one["seed"], adjoints[i], tensors, f"the seed of v_{i}")
        if one["unhooked"] is not None:
            unhooked[i] = _term_of(one["unhooked"], adjoints[i], tensors, f"unhooked v_{i}")
    incoming: dict[int, list[Contribution]] = {i: [] for i in graph.values}
    terms = []
    seen = set()
    for k, stored in enumerate(data["contributions"]):
        term = _contribution(stored, graph, adjoints, tensors, f"contributions[{k}]")
        if (place := (stored["application"], stored["position"])) in seen:
            raise Damaged(f"contributions[{k}] is there twice")
        seen.add(place)
        terms.append(term)
        incoming[term.parent].append(term)
    gathered = {i: tuple(found) for i, found in incoming.items()}
    return ReverseSweep(dict(sorted(adjoints.items())), tuple(terms), gathered, seeds, unhooked)


def verdicts_from(data: StoredTrace, tensors: StoredTensors) -> Mapping[int, Verdict]:
    """Return what torch had for every adjoint, and whether ours agreed."""
    found = {}
    for one in data["values"]:
        stored = one["verdict"]
        if stored is not None:
            where = f"the verdict of v_{one['i']}"
            error = term_from(stored["error"], 0)
            if not isinstance(error, float):
                raise Damaged(f"{where} has no error")
            found[one["i"]] = Verdict(stored["ok"], error, tensors.get(stored["torch"], where))
    return found


def tangents_from(
    data: StoredTrace, graph: TraceGraph, tensors: StoredTensors
) -> Mapping[int, TangentSweep]:
    """Return the forward sweeps of a file by the input that was seeded.

    Raises Damaged for one of no input, and where a tangent has no value or no formula to it.
    """
    found: dict[int, TangentSweep] = {}
    for k, stored in enumerate(data["tangents"]):
        where, seed = f"tangents[{k}]", stored["seed"]
        if seed not in graph.inputs or seed in found:
            raise Damaged(f"{where} is for no input, or there twice")
        if len(stored["tangents"]) != len(graph.values):
            raise Damaged(f"{where} has not one tangent a value")
        known: dict[int, Tensor] = {}
        for i, one in zip(graph.values, stored["tangents"], strict=True):
            if one is None:
                continue
            value = graph.values[i].value
            known[i] = tensors.there(one, f"{where} of v_{i}")
            if value is None or value.shape != known[i].shape:
                raise Damaged(f"{where} of v_{i} does not fit its value")
            made = graph.made_by.get(i)
            if made is not None and (made.wording is None or made.wording.tangent is None):
                raise Damaged(f"{where} of v_{i} has no formula")
            if made is not None and any(p not in known for p in made.parents if p is not None):
                raise Damaged(f"{where} of v_{i} comes from none")
        blocked = frozenset(graph.values.keys() - known.keys())
        found[seed] = TangentSweep(graph, known, tuple(stored["missing"]), blocked)
    return found


def engine_order_from(data: StoredTrace, graph: TraceGraph) -> tuple[int, ...] | None:
    """Return the order in which torch's engine came by, or None where the file has none.

    Raises Damaged for one that has not every value once.
    """
    order = data["engine_order"]
    if order is not None and sorted(order) != list(graph.values):
        raise Damaged("its engine_order has not every value once")
    return None if order is None else tuple(order)


def _contribution(
    stored: StoredContribution,
    graph: TraceGraph,
    adjoints: Mapping[int, Tensor | None],
    tensors: StoredTensors,
    where: str,
) -> Contribution:
    application = graph.applications[stored["application"]]
    position, factor = stored["position"], stored["partial"]
    parent = application.parents[position] if 0 <= position < len(application.parents) else None
    if parent is None:
        raise Damaged(f"{where} goes to no operand")
    if (stored["text"] is None) != (stored["formula"] is None) or (factor and not stored["text"]):
        raise Damaged(f"{where} has half a rule")
    value = _term_of(stored["value"], adjoints[parent], tensors, where)
    known = None if factor is None else partial(_only, term_from(factor))
    return Contribution(
        parent,
        application,
        position,
        value,
        stored["rule"],
        stored["text"],
        stored["summed"],
        known,
    )


def _term_of(
    stored: StoredTensor, adjoint: Tensor | None, tensors: StoredTensors, where: str
) -> Tensor:
    """Return a tensor that can be added up to an adjoint."""
    found = tensors.there(stored, where)
    if adjoint is None or (found.shape, found.dtype) != (adjoint.shape, adjoint.dtype):
        raise Damaged(f"{where} does not fit its adjoint")
    return found


def _only(terms: Term) -> Term:
    """Return the one term of a list, which tells a partial of None from none at all."""
    return terms[0] if isinstance(terms, tuple) and len(terms) == 1 else None
