"""Two oracles that share nothing with our sweep: forward-mode tangents and central differences."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TypeAlias

import torch
from torch import Tensor
from torch.autograd import forward_ad

from graphstep.check.products import inner, precise
from graphstep.check.suitable import unsuitable
from graphstep.check.tf32 import rounds_to_tf32
from graphstep.check.verdict import tolerance
from graphstep.graph.trace_graph import TraceGraph
from graphstep.lab.numeric import best_step, central_difference, directional_difference
from graphstep.recording.internals import dual_number, load_forward_decompositions
from graphstep.sweep.replay import NotReplayable, replay
from graphstep.sweep.reverse import ReverseSweep
from graphstep.sweep.tangent import tangent_sweep

TOO_COARSE = "half precision rounds too coarsely to tell"
TF32_TOO_COARSE = "TF32 rounds too coarsely to tell"
"""In float64 other elements are the largest, and ties part; a difference proves nothing then."""
COARSE = tolerance(torch.float16)[0]
"""A dtype whose relative tolerance is at least this is too coarse."""
_PRECISE = torch.float64
_Inputs: TypeAlias = Mapping[int, Tensor]


@dataclass(frozen=True, slots=True)
class Finding:
    """Report one oracle: `ok` is None where it could not be asked, and `why` says so.

    `first` names the first value, in reverse order, whose operation broke the agreement.
    """

    ok: bool | None
    why: str = ""
    first: int | None = None

    def word(self) -> str:
        """Return `ok`, `disagrees: …` or `skipped: …`."""
        if self.ok is None:
            return f"skipped: {self.why}"
        return "ok" if self.ok else f"disagrees: {self.why}"


def further_findings(trace: TraceGraph, sweep: ReverseSweep) -> tuple[Finding, Finding]:
    """Return what the tangents and what the differences say, both along one random direction."""
    why = unsuitable(trace)
    if why:
        return Finding(None, why), Finding(None, why)
    start = {i: precise(trace.value(i)) for i in trace.inputs}
    direction = _direction(start, len(trace))
    return (
        _tangent_finding(trace, sweep, start, direction),
        _numeric_finding(trace, sweep, start, direction),
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
            return Finding(None, f"no forward mode ({_short(error)})")
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
    relative, absolute = tolerance(_coarsest(trace))
    for first in sorted(above, reverse=True):
        if not math.isfinite(size[first]):
            return Finding(None, "there are non-finite values")
        gap = abs(above[first] - below[first])
        # Rounding of n products of rounded factors stays below √n times one rounding of their
        # sizes' sum; `relative` is some ten roundings.
        count = math.prod(trace.values[first].shape or ()) or 1
        if gap > absolute + relative * math.sqrt(count) * size[first]:
            name = trace.values[first].name
            if relative >= COARSE:
                return Finding(None, TF32_TOO_COARSE if rounds_to_tf32(trace) else TOO_COARSE)
            return Finding(False, f"⟨v̄, v̇⟩ differs by {gap:.3g} across {name}", first)
    return Finding(True)


def _numeric_finding(
    trace: TraceGraph, sweep: ReverseSweep, start: _Inputs, direction: _Inputs
) -> Finding:
    """Compare the gradient along the direction with a central difference in float64.

    A second, longer step says how far the difference can be trusted; it is taken where the two
    do not agree without it.
    """
    if sweep.unhooked or any(term.hooked for term in sweep.terms):
        return Finding(None, "a hook of the user's changes an adjoint")
    seeds = {i: precise(seed) for i, seed in sweep.seeds.items()}

    moved = {i: torch.empty_like(x) for i, x in start.items()}

    @cache
    def output(shift: float) -> float:
        for i, x in start.items():
            torch.add(x, direction[i], alpha=shift, out=moved[i])
        with torch.no_grad():
            values = replay(trace, moved, _PRECISE)
        return sum(inner(seed, values[i])[0] for i, seed in seeds.items())

    products = [inner(sweep.adjoints[i], direction[i]) for i in trace.inputs]
    expected, size = (sum(p[k] for p in products) for k in (0, 1))
    relative, absolute = tolerance(_coarsest(trace))
    # The adjoints were rounded once an operation on the way, the difference not at all.
    rounding = relative * math.sqrt(len(trace)) * size
    scale = _scale(start)
    try:
        near = central_difference(output, best_step(scale))
        if abs(near - expected) <= absolute + rounding:
            return Finding(True)
        estimate = directional_difference(output, scale)
    except NotReplayable as error:
        return Finding(None, str(error))
    except RuntimeError as error:
        # So torch says that an operation has no float64 kernel.
        return Finding(None, f"float64 cannot run it ({_short(error)})")
    if not (math.isfinite(expected) and math.isfinite(estimate.slope)):
        return Finding(None, "there are non-finite values")
    if estimate.error > 0.01 * max(size, abs(estimate.slope)) > 0:
        return Finding(None, "the function is not smooth enough here")
    gap = abs(estimate.slope - expected)
    if gap <= absolute + rounding + 4 * estimate.error:
        return Finding(True)
    for finer in (1e-2, 1e-4):
        # A kink within the step, as of a relu just above 0, is none within a shorter one.
        nearer = directional_difference(output, finer * scale)
        if abs(nearer.slope - expected) <= rounding + 4 * nearer.error:
            return Finding(True)
    if relative >= COARSE:
        return Finding(None, TF32_TOO_COARSE if rounds_to_tf32(trace) else TOO_COARSE)
    return Finding(False, f"difference {estimate.slope:.6g}, gradient {expected:.6g}")


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


def _scale(inputs: _Inputs) -> float:
    sizes = [float(x.abs().mean()) for x in inputs.values() if x.numel()]
    return max(1.0, sum(sizes) / len(sizes)) if sizes else 1.0


def _coarsest(trace: TraceGraph) -> torch.dtype:
    """Return the coarsest dtype among the values, whose rounding rules all that follow.

    TF32 counts as float16, which has as many bits.
    """
    kinds = {v.value.dtype for v in trace.values.values() if v.value is not None}
    kinds |= {torch.float16} if rounds_to_tf32(trace) else set()
    return max(kinds, key=lambda kind: tolerance(kind)[0])


def _short(error: Exception) -> str:
    return " ".join(str(error).split())[:80]
