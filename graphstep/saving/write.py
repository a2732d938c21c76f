"""From a finished sweep to the bytes of a `.graphstep` file."""

from __future__ import annotations

import json
import linecache
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any

from torch import Tensor

from graphstep import __version__
from graphstep.check.verdict import Verdict
from graphstep.format.formula import Sum
from graphstep.format.term import Term
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.graph.value import Value
from graphstep.recording.place import Place
from graphstep.running.run import Origin
from graphstep.saving.container import packed
from graphstep.saving.formulas import formula_data, term_data
from graphstep.saving.schema import (
    FORMAT,
    VERSION,
    StoredApplication,
    StoredContribution,
    StoredPlace,
    StoredSource,
    StoredTangents,
    StoredTrace,
    StoredValue,
    StoredVerdict,
)
from graphstep.saving.tensors import TensorPool
from graphstep.steps.equation import operation_formula, rule_formula
from graphstep.steps.tangents import tangent_formula
from graphstep.steps.terms import tensor_term
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.tangent import TangentSweep


def file_content(
    trace: TraceGraph,
    sweep: ReverseSweep,
    verdicts: Mapping[int, Verdict],
    tangents: Mapping[int, TangentSweep],
    engine_order: Sequence[int] | None,
    origin: Origin,
) -> bytes:
    """Return the file of a trace: the same bytes for the same trace.

    Raises Damaged for one that is too large for a file.
    """
    pool = TensorPool()
    sources = _Sources(origin)
    numbers = {a.first: k for k, a in enumerate(trace.applications)}
    forward = [tangents[i] for i in sorted(tangents)]
    data: StoredTrace = {
        "format": FORMAT,
        "version": VERSION,
        "written_by": __version__,
        "title": origin.text,
        "code": 0 if origin.language else None,
        "sources": sources.stored,
        "order": trace.order,
        "values": [_value(v, sweep, verdicts, pool, sources) for v in trace.values.values()],
        "outputs": list(trace.outputs),
        "applications": [_application(trace, a, forward) for a in trace.applications],
        "contributions": [
            _contribution(trace, t, numbers[t.application.first], pool) for t in sweep.terms
        ],
        "engine_order": None if engine_order is None else list(engine_order),
        "tangents": [_tangents(trace, i, tangents[i], pool) for i in sorted(tangents)],
    }
    return packed(json.dumps(data, allow_nan=False).encode(), pool.content())


class _Sources:
    """The files of the user's code that some value stands in, by the order of their first use."""

    def __init__(self, origin: Origin) -> None:
        self.stored: list[StoredSource] = []
        self._places: dict[str, int] = {}
        if origin.language:
            self._add(origin.file, origin.language)

    def place(self, place: Place | None) -> StoredPlace | None:
        if place is None:
            return None
        if place.file not in self._places:
            self._add(place.file, "".join(linecache.getlines(place.file)))
        return {
            "source": self._places[place.file],
            "line": place.line,
            "column": place.column,
            "end_line": place.end_line,
            "end_column": place.end_column,
        }

    def _add(self, file: str, text: str) -> None:
        self._places[file] = len(self.stored)
        # Where the user's files lie is nobody else's business.
        self.stored.append({"file": PurePath(file).name or file, "text": text})


def _value(
    value: Value,
    sweep: ReverseSweep,
    verdicts: Mapping[int, Verdict],
    pool: TensorPool,
    sources: _Sources,
) -> StoredValue:
    i = value.i
    return {
        "i": i,
        "label": value.label,
        "op": value.op,
        "shape": None if value.shape is None else list(value.shape),
        "dtype": value.dtype,
        "device": value.device,
        "module": value.module,
        "place": sources.place(value.source),
        "no_path": value.no_path,
        "value": pool.add(value.value),
        "adjoint": pool.add(sweep.adjoints[i]),
        "seed": pool.add(sweep.seeds.get(i)),
        "unhooked": pool.add(sweep.unhooked.get(i)),
        "verdict": None if i not in verdicts else _verdict(verdicts[i], pool),
    }


def _verdict(verdict: Verdict, pool: TensorPool) -> StoredVerdict:
    error = term_data(float(verdict.max_abs_error))
    return {"ok": bool(verdict.ok), "error": error, "torch": pool.add(verdict.torch)}


def _application(
    trace: TraceGraph, application: Application, forward: Sequence[TangentSweep]
) -> StoredApplication:
    tangent: list[Any] | None = None
    if any(i not in sweep.blocked for sweep in forward for i in application.results.values()):
        found = tangent_formula(trace, application)
        tangent = [*map(formula_data, found.parts if isinstance(found, Sum) else (found,))]
    return {
        "name": application.name,
        "node": application.node.name(),
        "parents": list(application.parents),
        "results": [[place, i] for place, i in application.by_position.items()],
        "forward": formula_data(operation_formula(trace, application)),
        "tangent": tangent,
    }


def _tangents(
    trace: TraceGraph, seed: int, sweep: TangentSweep, pool: TensorPool
) -> StoredTangents:
    known = (None if i in sweep.blocked else sweep.tangent(i) for i in trace.values)
    return {"seed": seed, "tangents": [*map(pool.add, known)], "missing": list(sweep.missing)}


def _contribution(
    trace: TraceGraph, term: Contribution, application: int, pool: TensorPool
) -> StoredContribution:
    assert term.value is not None
    partial: Term = None
    if term.is_product:
        found = term.shown_partial
        partial = tensor_term(found) if isinstance(found, Tensor) else found
    return {
        "application": application,
        "position": term.position,
        "value": pool.put(term.value),
        "rule": term.rule,
        "text": term.text,
        "formula": None if term.text is None else formula_data(rule_formula(trace, term)),
        "partial": [term_data(partial)] if term.is_product else None,
        "summed": term.summed,
    }
