"""Where a run stops being finite, as a whole and for one gradient."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from torch import Tensor

from graphstep.explain.cause import Cause, is_finite
from graphstep.explain.origin import ending, origins, value_sentence
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.finite import flaw
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep


@dataclass(frozen=True, slots=True)
class NonFinite:
    """Name a value, and say in one sentence how it or its adjoint stopped being finite."""

    i: int
    where: Literal["value", "adjoint"]
    sentence: str


def first_non_finite(trace: TraceGraph, sweep: ReverseSweep) -> NonFinite | None:
    """Return the earliest value, then adjoint, in the order of computation that is not finite.

    An inf that a mask wrote is passed over. For an adjoint the sentence names the term that
    brought it, and a zero adjoint that met an infinite local partial as such.
    """
    for i in origins(trace).values():
        return NonFinite(i, "value", value_sentence(trace, i))
    for term in sweep.terms:
        if flaw(term.value):
            return NonFinite(term.parent, "adjoint", _term_sentence(trace, sweep, term))
    return None


def non_finite_causes(trace: TraceGraph, sweep: ReverseSweep, i: int) -> tuple[Cause, ...]:
    """Return where the adjoint of v_i, which is not finite, stopped being so.

    From v_i towards the output, every adjoint that is not finite is followed to the terms that
    made it so out of a finite one; where these met a value that is not finite, it is followed
    back to the operation that made it.
    """
    causes: list[Cause] = []
    began = origins(trace)
    seen = {i}
    waiting = [i]
    while waiting:
        k = waiting.pop()
        found = [term for term in sweep.incoming[k] if not is_finite(term.value)]
        if k in sweep.seeds and not is_finite(sweep.seeds[k]):
            kind = flaw(sweep.seeds[k])
            causes.append(Cause(k, f"the seed of {trace.values[k].name} is {kind}"))
        elif not found:
            what = "a hook makes" if k in sweep.unhooked else "its terms add up to"
            kind = flaw(sweep.adjoints[k])
            causes.append(Cause(k, f"the adjoint of {trace.values[k].name}: {what} {kind}"))
        for term in found:
            above = [r for r in term.application.results.values() if _bad(sweep.adjoints[r])]
            if not above:
                causes.append(_source(trace, sweep, term, began))
            for r in above:
                if r not in seen:
                    seen.add(r)
                    waiting.append(r)
    return tuple(dict.fromkeys(causes))


def _source(
    trace: TraceGraph, sweep: ReverseSweep, term: Contribution, began: Mapping[int, int]
) -> Cause:
    """Return the value that spoiled a term, or the term itself where no value did."""
    application = term.application
    touched = [*application.results.values(), *(p for p in application.parents if p is not None)]
    spoiled = [k for k in touched if k in began]
    if not spoiled:
        place = trace.values[application.first].source
        return Cause(application.first, _term_sentence(trace, sweep, term), place)
    nan = [k for k in spoiled if flaw(trace.values[k].value) == "nan"]
    k = began[min(nan or spoiled)]
    return Cause(k, value_sentence(trace, k), trace.values[k].source)


def _bad(tensor: Tensor | None) -> bool:
    return not is_finite(tensor)


def _term_sentence(trace: TraceGraph, sweep: ReverseSweep, term: Contribution) -> str:
    child = trace.values[term.application.first].name
    parent = trace.values[term.parent].name
    kind = flaw(term.value)
    sentence = f"the term from {child} ({term.application.name}) to {parent} is {kind}"
    above = sweep.adjoints[term.application.first]
    if above is not None and bool((above == 0).any()) and _is_infinite(term.partial):
        return sentence + f": a zero adjoint times an infinite local partial d{child}/d{parent}"
    return sentence + ending(kind, term.value)


def _is_infinite(partial: object) -> bool:
    if isinstance(partial, Tensor):
        return not is_finite(partial)
    return isinstance(partial, float) and not math.isfinite(partial)
