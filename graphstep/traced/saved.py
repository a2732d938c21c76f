"""A trace on its way into a `.graphstep` file; `reopened` has the way back."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.errors import InputError
from graphstep.output.files import write_whole
from graphstep.saving.schema import Damaged
from graphstep.saving.write import file_content

if TYPE_CHECKING:
    from collections.abc import Mapping

    from graphstep.sweep.tangent import TangentSweep
    from graphstep.traced.trace import Trace

SMALL = 2**16
"""Tangents of so many entries, and the engine's order, are found for a file unasked."""


def saved(trace: Trace, tangents: Mapping[int, TangentSweep], path: Path) -> Path:
    """Write a trace, and the tangents by the input that each was seeded in, whole or not at all.

    The order of torch's engine goes with it where it is known, or the run is small. Raises
    InputError for a place that cannot be used, and for a trace that no file can hold.
    """
    plain = trace.in_v_order()
    try:
        content = file_content(
            plain.recorded, plain.sweep, plain.verdicts, tangents, _order(trace), plain.origin
        )
    except Damaged as damage:
        raise InputError(f"cannot save the trace: {damage}") from None
    return write_whole(path, content)


def sweep_small(trace: Trace) -> None:
    """Compute the tangents of a small run: whoever loads its file cannot."""
    if _is_small(trace):
        for i in trace.recorded.inputs:
            # What a formula cannot do must not keep the file from being written.
            with contextlib.suppress(InputError, RuntimeError):
                trace.tangents(i)


def _order(trace: Trace) -> tuple[int, ...] | None:
    if trace.sweep.order is not None:
        return trace.sweep.order
    if not (trace.engine_pass.order or _is_small(trace)):
        return None
    try:
        return trace.in_engine_order().sweep.order
    # The graph may have been released since; InputError says that a file had no order.
    except (InputError, RuntimeError):
        return None


def _is_small(trace: Trace) -> bool:
    tensors = [value.value for value in trace.values.values()]
    if any(tensor is None for tensor in tensors):
        return False
    entries = sum(tensor.numel() for tensor in tensors if tensor is not None)
    return entries * len(trace.recorded.inputs) <= SMALL
