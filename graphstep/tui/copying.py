"""What is copied from a step, as text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from graphstep.errors import InputError
from graphstep.format.symbols import symbol
from graphstep.source.request import Request

if TYPE_CHECKING:
    from graphstep.tui.cursor import Cursor

Copied = Literal["latex", "python", "value"]
MOST = 10_000
"""A tensor of more entries is nothing to paste."""


def copied(what: Copied, cursor: Cursor, request: Request | None) -> str:
    """Return the equation of a step as LaTeX, what runs as Python, or the step's result in full.

    Raises InputError for what is not there, or is too large.
    """
    if what == "latex":
        return cursor.timeline.equation(cursor.at).one_line("latex")
    if what == "value":
        return _numbers(cursor)
    if request is None:
        raise InputError("nothing to copy: the trace was made in Python")
    return request.python


def _numbers(cursor: Cursor) -> str:
    """Return the numbers of a step with all of their digits, as Python and a source write them."""
    timeline, step = cursor.timeline, cursor.step
    forward = step.half == "forward"
    name = symbol(step.i, "value" if forward else "adjoint")
    found = timeline.trace.values[step.i].value if forward else timeline.sum_at(step.i, cursor.at)
    if found is None or found.device.type == "meta":
        raise InputError(f"nothing to copy: {name} was not recorded")
    if found.numel() > MOST:
        raise InputError(f"{name} has {found.numel():,} entries; up to {MOST:,} are copied")
    return str(found.detach().to_dense().tolist())
