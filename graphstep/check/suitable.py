"""Whether the operations of a trace can be run again in float64, for the further oracles."""

from __future__ import annotations

import torch

from graphstep.check.conventions import convention
from graphstep.check.verdict import same
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph

TOO_LARGE = 20_000_000
"""A trace of more elements than this is not run again in float64."""


def unsuitable(trace: TraceGraph) -> str:
    """Say why the recorded operations of a trace are not to be run again; empty where they may."""
    values = [v.value for v in trace.values.values()]
    if any(v is None for v in values):
        return "a value was not recorded"
    if any(v is not None and v.layout != torch.strided for v in values):
        return "sparse values"
    if sum(v.numel() for v in values if v is not None) > TOO_LARGE:
        return f"more than {TOO_LARGE:,} elements"
    why = next(filter(None, map(convention, trace.applications)), "")
    return why or next(filter(None, (_rewritten(trace, a) for a in trace.applications)), "")


def _rewritten(trace: TraceGraph, application: Application) -> str:
    """Say which operand an operation saw with other numbers than its value has."""
    operation = application.operation
    if operation is None:
        return ""
    seen = [
        ref
        for key, ref in zip(operation.keys, operation.operand_refs(), strict=True)
        if key is not None
    ]
    for i, ref in zip([k for k in application.parents if k is not None], seen, strict=True):
        own = trace.values[i].ref
        if own is not None and own is not ref and not same(own.tensor, ref.tensor):
            return f"{trace.values[i].name} was changed under no_grad between its uses"
    return ""
