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
"""Tangents of so many entries are computed for a file without having been asked for."""


def saved(trace: Trace, tangents: Mapping[int, TangentSweep], path: Path) -> Path:
    """Write a trace, and the tangents by the input that each was seeded in, whole or not at all.

    Raises InputError for a place that cannot be used, and for a trace that no file can hold.
    """
    try:
        content = file_content(trace.recorded, trace.sweep, trace.verdicts, tangents, trace.origin)
    except Damaged as damage:
        raise InputError(f"cannot save the trace: {damage}") from None
    return write_whole(path, content)


def sweep_small(trace: Trace) -> None:
    """Compute the tangents of a small run: whoever loads its file cannot."""
    tensors = [value.value for value in trace.values.values()]
    if any(tensor is None for tensor in tensors):
        return
    entries = sum(tensor.numel() for tensor in tensors if tensor is not None)
    if entries * len(trace.recorded.inputs) <= SMALL:
        for i in trace.recorded.inputs:
            # What a formula cannot do must not keep the file from being written.
            with contextlib.suppress(InputError, RuntimeError):
                trace.tangents(i)
