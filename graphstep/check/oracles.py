"""Two oracles that share nothing with our sweep: forward-mode tangents and central differences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TypeAlias

import torch
from torch import Tensor
from torch.autograd import forward_ad

from graphstep.check.differences import numeric_finding
from graphstep.check.finding import COARSE, NOT_FINITE, Finding, coarsest, short, too_coarse
from graphstep.check.products import inner, precise
from graphstep.check.suitable import unsuitable
from graphstep.check.verdict import tolerance
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.internals import dual_number, load_forward_decompositions
from graphstep.steps.finite import flaw
from graphstep.sweep.replay import NotReplayable, replay
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.tangent import tangent_sweep

_PRECISE = torch.float64
_Inputs: TypeAlias = Mapping[int, Tensor]


def further_findings(trace: TraceGraph, sweep: ReverseSweep) -> tuple[Finding, Finding]:
    """Return what the tangents and what the differences say, both along one random direction."""
    why = unsuitable(trace)
    if why:
        return Finding(None, why), Finding(None, why)
    start = {i: precise(trace.value(i)) for i in trace.inputs}
    direction = _direction(start, len(trace))
    return (
        _tangent_finding(trace, sweep, start, direction),
        numeric_finding(trace, sweep, start, direction),
    )


def _tangent_finding(
    trace: TraceGraph, sweep: ReverseSweep, start: _Inputs, direction: _Inputs
) -> Finding:
    """Compare ⟨v̄, v̇⟩ before and after every operation.

    For one operation with results j and operands i, Σ_j ⟨v̄_j, v̇_j⟩ = Σ_i ⟨term_i, v̇_i⟩, for
    the terms are the transpose of the map that makes the tangents. The v̇ come from torch's
    forward mode over the recorded operations, in float64; from our own forward sweep where
    those cannot be run again.
    """
    try:
        tangents: Mapping[int, Tensor] = _forward_mode(trace, start, direction)
    except (NotReplayable, RuntimeError) as error:
        # So torch says that an operation has no forward mode, or no float64 kernel.
        own = tangent_sweep(trace, {i: d.to(trace.value(i).dtype) for i, d in direction.items()})
        if own.missing:
            return Finding(None, f"no forward mode ({short(error)})")
        tangents = own.tangents
    above: dict[int, float] = {}
    below: dict[int, float] = {}
    size: dict[int, float] = {}
    known: dict[int, tuple[Tensor | None, tuple[float, float]]] = {}

    def along(adjoint: Tensor | None, i: int) -> tuple[float, float]:
        # The only term of an adjoint is the adjoint itself.
        if i not in known or known[i][0] is not adjoint:
            known[i] = adjoint, inner(adjoint, tangents[i])
        return known[i][1]

    for term in sweep.terms:
        if term.hooked:
            continue
        first = term.application.first
        if first not in above:
            products = [along(sweep.adjoints[i], i) for i in term.application.results.values()]
            above[first] = sum(p[0] for p in products)
            size[first] = sum(p[1] for p in products)
            below[first] = 0.0
        value, magnitude = along(term.value, term.parent)
        below[first] += value
        size[first] += magnitude
    relative, absolute = tolerance(coarsest(trace))
    for first in sorted(above, reverse=True):
        if not math.isfinite(size[first]):
            return Finding(None, NOT_FINITE)
        gap = abs(above[first] - below[first])
        # Rounding of n products of rounded factors stays below √n times one rounding of their
        # sizes' sum; `relative` is some ten roundings.
        count = math.prod(trace.values[first].shape or ()) or 1
        if gap > absolute + relative * math.sqrt(count) * size[first]:
            name = trace.values[first].name
            if relative >= COARSE:
                return Finding(None, too_coarse(trace))
            made = trace.made_by[first]
            touched = (*made.results.values(), *(p for p in made.parents if p is not None))
            if any(flaw(trace.values[i].value) for i in touched):
                return Finding(None, NOT_FINITE)
            return Finding(False, f"⟨v̄, v̇⟩ differs by {gap:.3g} across {name}", first)
    return Finding(True)


def _forward_mode(trace: TraceGraph, start: _Inputs, direction: _Inputs) -> dict[int, Tensor]:
    try:
        return _dual_values(trace, start, direction)
    except NotImplementedError:
        # An operation asks for the decompositions, which are slow to load and seldom needed.
        if not load_forward_decompositions():
            raise
    return _dual_values(trace, start, direction)


def _dual_values(trace: TraceGraph, start: _Inputs, direction: _Inputs) -> dict[int, Tensor]:
    with forward_ad.dual_level() as level:

        def without_tangent(constant: Tensor) -> Tensor:
            # Torch would make the zeros of a constant that has none through its tracing
            # compiler, whose import alone takes seconds.
            return dual_number(constant, torch.zeros_like(constant), level)

        duals = {i: dual_number(x, direction[i], level) for i, x in start.items()}
        with torch.no_grad():
            values = replay(trace, duals, _PRECISE, without_tangent)
        found: dict[int, Tensor] = {}
        for i, value in values.items():
            tangent = forward_ad.unpack_dual(value).tangent
            found[i] = torch.zeros_like(value) if tangent is None else tangent.detach()
        return found


def _direction(start: _Inputs, seed: int) -> dict[int, Tensor]:
    """Return a random direction, the same for the same trace, one precise tensor an input."""
    generator = torch.Generator().manual_seed(seed)
    # Drawn in float32, which is six times as quick; any direction will do.
    found = {}
    for i, x in start.items():
        kind = torch.complex64 if x.is_complex() else torch.float32
        found[i] = torch.randn(x.shape, generator=generator, dtype=kind).to(x.device, x.dtype)
    return found
