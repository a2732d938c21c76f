"""What the user's own code raised: the operation that it failed in, and one line of it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

from graphstep.errors import GraphstepError, InputError
from graphstep.format.tensors import summary
from graphstep.recording.internals import base_name
from graphstep.recording.location import decode
from graphstep.recording.operation import Operation
from graphstep.recording.recorder import Recorder

ASKS_FOR_WHOLE = re.compile(r"\b(long|int|int64|integers?|byte)\b", re.IGNORECASE)
"""Torch's words where it wanted indices or classes."""
LONGEST_QUOTE = 500
"""Of what the user's code says when it fails, so many characters are repeated."""


def failure_note(recorder: Recorder, error: BaseException) -> str:
    """Say which operation failed, where the error came from one, and how many went before."""
    count = len(recorder.operations)
    done = f"after {count} operation{'' if count == 1 else 's'}"
    reason: BaseException | None = error
    while reason is not None and reason is not recorder.failure:
        reason = reason.__cause__ or reason.__context__
    if reason is None or recorder.failed is None:
        return f"graphstep: the run stopped {done}"
    return f"graphstep: failed in {operation_text(recorder.failed)}, {done}"


def operation_text(operation: Operation) -> str:
    """Return an operation with its operands' shapes and its place: `mm(f32[2,3], f32[4,5])`."""
    operands = ", ".join(summary(ref.tensor) for ref in operation.operand_refs())
    place = decode(operation.raw_place)
    where = "" if place is None else f" at {place}"
    return f"{base_name(operation.function)}({operands}){where}"


@contextmanager
def one_line_errors(text: str, whole: str = "") -> Iterator[None]:
    """Turn what the user's own code raises into one InputError line that names the operation.

    `whole` says how to give whole numbers as such; it is added where torch asked for them.
    """
    try:
        yield
    except GraphstepError:
        raise
    except RecursionError as error:
        raise InputError(f"{text} recursed without end") from error
    except (Exception, SystemExit) as error:
        said = " ".join(str(error).split())
        said = said if len(said) <= LONGEST_QUOTE else f"{said[:LONGEST_QUOTE]}…"
        notes = getattr(error, "__notes__", [])
        where = f" ({notes[-1].removeprefix('graphstep: ')})" if notes else ""
        problem = f"{text} raised {type(error).__name__}"
        hint = f"; {whole}" if whole and ASKS_FOR_WHOLE.search(said) else ""
        line = f"{problem}: {said}{where}" if said else f"{problem}{where}"
        raise InputError(line + hint) from error
