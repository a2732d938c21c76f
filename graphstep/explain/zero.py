"""Where a gradient that is 0 at every entry became so."""

from __future__ import annotations

import torch
from torch import Tensor

from graphstep.check.verdict import strided
from graphstep.explain.cause import Cause, all_entries, is_zero, labelled, peak
from graphstep.format.numbers import number
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.equation import partial_formula
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep


def zero_causes(trace: TraceGraph, sweep: ReverseSweep, i: int) -> tuple[Cause, ...]:
    """Return where the adjoint of v_i, which is zero, became so, nearest to v_i first.

    From v_i towards the output, zero adjoints are followed to the terms that are zero although
    the adjoint above is not.
    """
    causes: list[Cause] = []
    seen = {i}
    waiting = [i]
    for k in waiting:
        terms = sweep.incoming[k]
        if k in sweep.unhooked and not is_zero(sweep.unhooked[k]):
            causes.append(Cause(k, f"a hook sets the adjoint of {trace.values[k].name} to 0"))
            continue
        if any(not is_zero(term.value) for term in terms):
            count = len(terms) + (k in sweep.seeds)
            causes.append(Cause(k, f"the {count} terms of {labelled(trace, k)} cancel to 0"))
            continue
        if k in sweep.seeds:
            causes.append(Cause(k, f"the seed of {trace.values[k].name} is 0"))
        for term in terms:
            results = term.application.results.values()
            above = [r for r in results if sweep.adjoints[r] is not None]
            if any(not is_zero(sweep.adjoints[r]) for r in above):
                place = trace.values[term.application.first].source
                causes.append(Cause(term.application.first, _sentence(trace, sweep, term), place))
                continue
            for r in above:
                if r not in seen:
                    seen.add(r)
                    waiting.append(r)
    return tuple(dict.fromkeys(causes))


def _sentence(trace: TraceGraph, sweep: ReverseSweep, term: Contribution) -> str:
    application = term.application
    child, parent = trace.values[application.first], trace.values[term.parent]
    largest = max(peak(sweep.adjoints[r]) for r in application.results.values())
    arrives = f"{child.name} ({application.name}) has an adjoint of up to {number(largest)}"
    return f"{arrives}, but {_reason(trace, sweep, term, child.name, parent.name)}"


def _reason(
    trace: TraceGraph, sweep: ReverseSweep, term: Contribution, child: str, parent: str
) -> str:
    if term.is_product:
        partial = term.partial
        formula = partial_formula(trace, term)
        slope = f"d{child}/d{parent}" + (f" ({formula.text('ascii')})" if formula else "")
        if partial is None:
            return f"{slope} passes none of it on"
        entries = strided(partial) if isinstance(partial, Tensor) else torch.tensor(partial)
        if not bool(entries.any()):
            return f"{slope} is 0{all_entries(entries.numel())}"
        above = sweep.adjoints[term.application.first]
        if above is not None and not bool(((strided(above) != 0) & (entries != 0)).any()):
            return f"{slope} is 0 wherever that is not"
        if term.summed:
            return f"its entries cancel where they are summed to the shape of {parent}"
        size = number(peak(entries))
        return f"{slope} is at most {size}, and what is left rounds to 0"
    for k in dict.fromkeys(term.application.parents):
        if k is not None and k != term.parent and is_zero(trace.values[k].value):
            return f"{labelled(trace, k)} is 0 at every entry"
    return f"nothing of it reaches {parent}"
