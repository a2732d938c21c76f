"""What a trace went by, for assertions: which operations, and which of them by torch's node."""

from __future__ import annotations

import graphstep as gs


def operations(trace: gs.Trace) -> set[str]:
    return {application.name for application in trace.recorded.applications}


def by_torch(trace: gs.Trace) -> set[str]:
    return {term.application.name for term in trace.sweep.terms if term.rule == "torch"}


def devices(trace: gs.Trace) -> set[str | None]:
    return {value.device for value in trace.values.values()}
