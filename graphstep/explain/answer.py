"""Why one gradient is what it is: its kind, its causes, and the way that most of it took."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from torch import Tensor

from graphstep.explain.cause import Cause, is_zero, labelled, peak
from graphstep.explain.non_finite import non_finite_causes
from graphstep.explain.path import Link, main_path
from graphstep.explain.zero import zero_causes
from graphstep.format.plain import plain
from graphstep.format.tensors import sized
from graphstep.graph.trace_graph import TraceGraph
from graphstep.steps.finite import flaw
from graphstep.sweep.reverse import ReverseSweep

Kind = Literal["none", "nan", "inf", "zero", "fine"]


@dataclass(frozen=True, slots=True)
class Answer:
    """Say of the gradient of v_i what kind it is, and why.

    `shown` is the gradient in a few characters, `count` how many entries it has, `size` the size
    of the largest. `causes` is empty where the gradient is fine; `path` leads from an output to
    v_i, where it was asked for.
    """

    i: int
    name: str
    label: str
    kind: Kind
    shown: str
    count: int
    size: float
    causes: tuple[Cause, ...]
    path: tuple[Link, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Return the answer as plain data; sizes that are not finite as text."""
        return {
            "name": self.name,
            "label": self.label,
            "gradient": self.kind,
            "largest": plain(self.size),
            "causes": [
                {
                    "name": f"v_{cause.i}",
                    "sentence": cause.sentence,
                    "source": None if cause.place is None else str(cause.place),
                }
                for cause in self.causes
            ],
            "path": [
                {
                    "from": f"v_{link.child}",
                    "to": f"v_{link.parent}",
                    "op": link.op,
                    "module": link.module,
                    "above": plain(link.above),
                    "passed": plain(link.passed),
                    "terms": link.terms,
                    "source": None if link.place is None else str(link.place),
                }
                for link in self.path
            ],
        }


def answer(
    trace: TraceGraph, sweep: ReverseSweep, name: int | str, *, path: bool = False
) -> Answer:
    """Return why the adjoint of a value, given as i, `v_3` or its label, is what it is.

    `path` adds the way that most of it took. Raises InputError where there is no such value.
    """
    i = trace.find(name)
    value, adjoint = trace.values[i], sweep.adjoints[i]
    kind = kind_of(adjoint)
    causes: tuple[Cause, ...] = ()
    if kind == "none":
        causes = (Cause(i, value.no_path or _unreached(trace, i), value.cut or value.source),)
    elif kind == "zero":
        causes = zero_causes(trace, sweep, i)
    elif kind != "fine":
        causes = non_finite_causes(trace, sweep, i)
    return Answer(
        i,
        value.name,
        value.shown_name,
        kind,
        "None" if adjoint is None else sized(adjoint),
        0 if adjoint is None else adjoint.numel(),
        peak(adjoint),
        causes,
        main_path(trace, sweep, i) if path else (),
    )


def kind_of(adjoint: Tensor | None) -> Kind:
    """Return what kind of gradient an adjoint is; one without entries is fine."""
    if adjoint is None:
        return "none"
    match flaw(adjoint):
        case "nan":
            return "nan"
        case "inf":
            return "inf"
    return "zero" if adjoint.numel() and is_zero(adjoint) else "fine"


def _unreached(trace: TraceGraph, i: int) -> str:
    """Say why nothing arrives at a value that is in the graph."""
    uses = [a for a in trace.applications if i in a.parents]
    if not uses:
        return f"nothing uses {labelled(trace, i)} on the way to an output"
    named = ", ".join(dict.fromkeys(use.name for use in uses))
    return f"what uses it ({named}) passes no gradient on"
