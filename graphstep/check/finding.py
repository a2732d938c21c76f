"""What one oracle found, and how coarsely a run was rounded that it judges."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from graphstep.check.tf32 import rounds_to_tf32
from graphstep.check.verdict import tolerance
from graphstep.graph.trace_graph import TraceGraph

NOT_FINITE = "there are non-finite values"
COARSE = tolerance(torch.float16)[0]
"""A dtype whose relative tolerance is at least this is too coarse."""


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


def too_coarse(trace: TraceGraph) -> str:
    """Say what rounds too coarsely to tell.

    In float64 other elements are the largest, and ties part; a difference proves nothing then.
    """
    return f"{'TF32' if rounds_to_tf32(trace) else 'half precision'} rounds too coarsely to tell"


def coarsest(trace: TraceGraph) -> torch.dtype:
    """Return the coarsest dtype among the values, whose rounding rules all that follow.

    TF32 counts as float16, which has as many bits.
    """
    kinds = {v.value.dtype for v in trace.values.values() if v.value is not None}
    kinds |= {torch.float16} if rounds_to_tf32(trace) else set()
    return max(kinds, key=lambda kind: tolerance(kind)[0])


def short(error: Exception) -> str:
    """Return the beginning of what an error says, on one line."""
    return " ".join(str(error).split())[:80]
