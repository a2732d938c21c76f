"""An oracle that shares nothing with any sweep: a central difference along a random direction."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from functools import cache
from typing import TypeAlias

import torch
from torch import Tensor

from graphstep.check.finding import COARSE, NOT_FINITE, Finding, coarsest, short, too_coarse
from graphstep.check.products import inner, precise
from graphstep.check.verdict import tolerance
from graphstep.graph.trace_graph import TraceGraph
from graphstep.lab.numeric import (
    best_step,
    central_difference,
    directional_difference,
    forward_difference,
)
from graphstep.steps.finite import flaw
from graphstep.sweep.replay import NotReplayable, replay
from graphstep.sweep.reverse import ReverseSweep

ROUGH = "the function is not smooth enough here"
KINK = 1e-2
"""So much shorter is the step on which a kink is told from a curve: the curve bends less there."""
SENSITIVE = "what rounding moves the values by moves the gradient as far"
_PRECISE = torch.float64
_Inputs: TypeAlias = Mapping[int, Tensor]


def numeric_finding(
    trace: TraceGraph, sweep: ReverseSweep, start: _Inputs, direction: _Inputs
) -> Finding:
    """Compare the gradient along the direction with a central difference in float64.

    A second, longer step says how far the difference can be trusted; it is taken where the two
    do not agree without it.
    """
    if sweep.unhooked or any(term.hooked for term in sweep.terms):
        return Finding(None, "a hook of the user's changes an adjoint")
    seeds = {i: precise(seed) for i, seed in sweep.seeds.items()}
    output = _along(trace, seeds, start, direction)
    products = [inner(sweep.adjoints[i], direction[i]) for i in trace.inputs]
    expected, size = (sum(p[k] for p in products) for k in (0, 1))
    relative, absolute = tolerance(coarsest(trace))
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
        return Finding(None, f"float64 cannot run it ({short(error)})")
    if not (math.isfinite(expected) and math.isfinite(estimate.slope)):
        return Finding(None, NOT_FINITE)
    if estimate.error > 0.01 * max(size, abs(estimate.slope)) > 0:
        return Finding(None, ROUGH)
    gap = abs(estimate.slope - expected)
    if gap <= absolute + rounding + 4 * estimate.error:
        return Finding(True)
    for finer in (1e-2, 1e-4):
        # A kink within the step, as of a relu just above 0, is none within a shorter one.
        nearer = directional_difference(output, finer * scale)
        if abs(nearer.slope - expected) <= rounding + 4 * nearer.error:
            return Finding(True)
    if relative >= COARSE:
        return Finding(None, too_coarse(trace))
    shaken = {i: x * (1 + torch.finfo(coarsest(trace)).eps) for i, x in start.items()}
    elsewhere = central_difference(_along(trace, seeds, shaken, direction), best_step(scale))
    why = ""
    if any(flaw(value.value) for value in trace.values.values()):
        why = NOT_FINITE
    elif gap <= _bend(output, best_step(KINK * scale)):
        why = ROUGH
    elif gap <= 4 * math.sqrt(len(trace)) * abs(elsewhere - estimate.slope):
        why = SENSITIVE
    if why:
        return Finding(None, why)
    return Finding(False, f"difference {estimate.slope:.6g}, gradient {expected:.6g}")


def _along(
    trace: TraceGraph, seeds: _Inputs, start: _Inputs, direction: _Inputs
) -> Callable[[float], float]:
    """Return the seeded output of the recorded operations as a function of a step from `start`."""
    moved = {i: torch.empty_like(x) for i, x in start.items()}

    @cache
    def output(shift: float) -> float:
        for i, x in start.items():
            torch.add(x, direction[i], alpha=shift, out=moved[i])
        with torch.no_grad():
            values = replay(trace, moved, _PRECISE)
        return sum(inner(seed, values[i])[0] for i, seed in seeds.items())

    return output


def _bend(output: Callable[[float], float], step: float) -> float:
    """Return by how much the slopes to either side differ: a kink makes them, whatever the step.

    At a kink torch gives the slope of one side, or one in between; a central difference is their
    mean, so that it cannot be off by more than this.
    """
    return abs(forward_difference(output, step) - forward_difference(output, -step))


def _scale(inputs: _Inputs) -> float:
    sizes = [float(x.abs().mean()) for x in inputs.values() if x.numel()]
    return max(1.0, sum(sizes) / len(sizes)) if sizes else 1.0
