"""The way that most of a gradient took, from the output back to one value."""

from __future__ import annotations

import math
from dataclasses import dataclass

from torch import Tensor

from graphstep.explain.cause import peak
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.place import Place
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep


@dataclass(frozen=True, slots=True)
class Link:
    """Pass an adjoint on through one operation, from v_child to v_parent.

    `above` is the size of the largest entry of v_child's adjoint, `passed` that of the term it
    became at v_parent, one of `terms` there.
    """

    child: int
    parent: int
    op: str
    module: str
    above: float
    passed: float
    terms: int
    place: Place | None

    @property
    def factor(self) -> float:
        """By what the largest entry grew; nan where nothing arrived, or what did is not finite."""
        return self.passed / self.above if self.above else float("nan")

    @property
    def change(self) -> float:
        """How far the factor is from 1, as the size of its logarithm."""
        factor = self.factor
        return abs(math.log(factor)) if 0 < factor < math.inf else math.inf


def main_path(trace: TraceGraph, sweep: ReverseSweep, i: int) -> tuple[Link, ...]:
    """Return the links from an output to v_i, along the largest term at every value.

    Where all terms of a value are zero, the one whose adjoint above is largest is taken.
    """
    links: list[Link] = []
    while sweep.incoming[i]:
        term = max(sweep.incoming[i], key=lambda term: _rank(sweep, term))
        application = term.application
        child = _largest_result(sweep, term)
        value = trace.values[child]
        links.append(
            Link(
                child,
                i,
                application.name,
                value.module,
                peak(sweep.adjoints[child]),
                peak(term.value),
                len(sweep.incoming[i]),
                value.source,
            )
        )
        i = child
    return tuple(reversed(links))


def _rank(sweep: ReverseSweep, term: Contribution) -> tuple[float, float]:
    """Order terms by size, one that is not finite before all others."""
    above = sweep.adjoints[_largest_result(sweep, term)]
    return _size(term.value), _size(above)


def _size(tensor: Tensor | None) -> float:
    size = peak(tensor)
    return math.inf if math.isnan(size) else size


def _largest_result(sweep: ReverseSweep, term: Contribution) -> int:
    results = term.application.results.values()
    return max(results, key=lambda k: (sweep.adjoints[k] is not None, _size(sweep.adjoints[k])))
