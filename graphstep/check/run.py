"""Compare a swept trace with torch at every node and every leaf, and ask the other oracles."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from graphstep.check.engine import EnginePass, leaf_gradients, node_verdicts
from graphstep.check.oracles import further_findings
from graphstep.check.report import InputReport, NodeReport, Report, RuleName
from graphstep.check.verdict import compare
from graphstep.errors import InputError
from graphstep.explain import first_non_finite, zero_sentences
from graphstep.format.tensors import dtype_name
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.collection import collection_paused
from graphstep.recording.surroundings import undisturbed
from graphstep.steps.equation import forward_equation
from graphstep.sweep.reverse import ReverseSweep


@undisturbed()
@collection_paused()
def check_trace(
    trace: TraceGraph,
    sweep: ReverseSweep,
    engine: EnginePass,
    source: str,
    device: str,
) -> Report:
    """Return the report on one trace, whose values live on `device`."""
    if any(output.device.type == "meta" for output in trace.output_tensors):
        raise InputError("the meta device holds no numbers to check: trace on another one")
    rules: dict[int, RuleName] = {term.application.first: term.rule for term in sweep.terms}
    verdicts = node_verdicts(trace, sweep, engine.adjoints)
    nodes = []
    for i, value in trace.values.items():
        made = trace.made_by.get(i)
        nodes.append(
            NodeReport(
                i,
                value.name,
                value.label,
                value.op,
                partial(_formula, trace, i),
                value.value,
                sweep.adjoints[i],
                "leaf" if made is None else rules.get(made.first, "own"),
                verdicts[i],
                value.no_path,
            )
        )
    gradients = leaf_gradients(trace, sweep.seeds, engine)
    inputs = []
    for i in trace.inputs:
        value = trace.values[i]
        verdict = compare(sweep.adjoints[i], gradients.get(i))
        if verdicts[i].rounded and compare(engine.adjoints[i], gradients.get(i)).ok:
            verdict = replace(verdict, ok=True, rounded_in=verdicts[i].rounded_in)
        label = value.shown_name
        inputs.append(InputReport(label, value.name, sweep.adjoints[i], verdict, value.no_path))
    output = trace.values[trace.outputs[-1]].value
    assert output is not None
    return Report(
        source,
        device,
        dtype_name(output.dtype),
        output,
        tuple(nodes),
        tuple(inputs),
        *further_findings(trace, sweep),
        first_non_finite(trace, sweep),
        zero_sentences(trace, sweep),
    )


def _formula(trace: TraceGraph, i: int) -> str:
    return forward_equation(trace, i).lines[0].text("ascii")
