"""How far a trace drifted from a second run of the same: in float64, or on another device."""

from __future__ import annotations

from typing import TYPE_CHECKING

from graphstep.drift.reference import other_reference, precise_reference
from graphstep.drift.report import Drift, drift_of
from graphstep.errors import InputError

if TYPE_CHECKING:
    from graphstep.traced.trace import Trace


def drifted(trace: Trace, against: str) -> Drift:
    """Run what a trace recorded once more, and compare.

    Raises InputError where there is no such run to compare with, MissingError where a device is
    not there.
    """
    if against in ("float16", "bfloat16", "float32"):
        raise InputError(f"{against} is no reference: say float64, or a device as cpu or cuda")
    if against == "float64":
        reference = precise_reference(trace.recorded, trace.sweep.seeds)
    else:
        other = trace.on(against)
        reference = other_reference(trace.recorded, other.recorded, other.engine, against)
    return drift_of(trace.recorded, trace.sweep, reference, trace.origin.text, str(trace.device))
