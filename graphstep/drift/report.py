"""What drifted, as text and as JSON: the digits that each gradient kept, and who lost them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from graphstep.drift.loss import Loss, adjoint_errors, losses
from graphstep.drift.reference import Reference
from graphstep.explain.quoting import quoted
from graphstep.format.plain import plain
from graphstep.format.tensors import dtype_name
from graphstep.graph.trace_graph import TraceGraph
from graphstep.sweep.reverse import ReverseSweep

TOLD = 8
"""So many losses are told in the text, the largest ones."""
NOTABLE = 1.0
"""Less than a digit is what the rounding of one operation does, and not told."""


@dataclass(frozen=True, slots=True)
class Kept:
    """Say how far the gradient of one input is from the other run's, by its largest entry."""

    label: str
    name: str
    error: float

    @property
    def digits(self) -> int:
        """How many decimal digits of the largest entry hold; 17 where there is no difference."""
        return 17 if not self.error else max(0, math.floor(-math.log10(min(self.error, 1.0))))


@dataclass(frozen=True, slots=True)
class Drift:
    """Hold how far one run drifted from another.

    `losses` are those of every operation, values in order and then adjoints in reverse.
    """

    source: str
    run: str
    against: str
    parted: str
    gradients: tuple[Kept, ...]
    losses: tuple[Loss, ...]

    @property
    def notable(self) -> list[Loss]:
        """The losses of more than a rounding, largest first."""
        found = [loss for loss in self.losses if loss.digits > NOTABLE]
        return sorted(found, key=lambda loss: -loss.digits)

    def to_json(self) -> dict[str, Any]:
        """Return the drift as plain data; what is not finite as text."""
        return {
            "source": self.source,
            "run": self.run,
            "against": self.against,
            "parted": self.parted or None,
            "gradients": {
                one.label: {"name": one.name, "error": plain(one.error), "digits": one.digits}
                for one in self.gradients
            },
            "losses": [
                {
                    "name": loss.name,
                    "op": loss.op,
                    "half": loss.half,
                    "arrived": plain(loss.arrived),
                    "error": plain(loss.error),
                    "digits": plain(loss.digits),
                    "why": loss.why,
                    "source": None if loss.place is None else str(loss.place),
                }
                for loss in self.notable
            ],
        }

    def text(self) -> str:
        """Return the drift for a person."""
        lines = [f"{self.run} against {self.against}: errors relative to the largest entry"]
        if self.parted:
            lines.append(f"  ! the runs part: {self.parted}; what follows is not compared")
        width = max((len(one.label) for one in self.gradients), default=0)
        places = max((len(one.name) for one in self.gradients), default=0)
        for one in self.gradients:
            digits = f"{one.digits} digit{'s' * (one.digits != 1)} hold{'s' * (one.digits == 1)}"
            said = "the same" if not one.error else f"{one.error:.1e}  {digits}"
            lines.append(f"  gradient of {one.label:{width}}  {one.name:{places}}  {said}")
        notable = self.notable
        lines.append("where digits are lost:" if notable else "no operation loses a digit")
        rows = [
            (
                loss.name if loss.half == "value" else f"adjoint of {loss.name}",
                loss.op,
                f"{loss.arrived:.1e} → {loss.error:.1e}",
                loss.why,
            )
            for loss in notable[:TOLD]
        ]
        widths = [max(len(row[k]) for row in rows) for k in range(3)] if rows else []
        for row, loss in zip(rows, notable, strict=False):
            cells = [cell.ljust(size) for cell, size in zip(row, widths, strict=False)]
            lines.append("  " + "  ".join([*cells, row[3]]).rstrip())
            lines += [f"    {text}" for text in quoted(loss.place)]
        if len(notable) > TOLD:
            lines.append(f"  … and {len(notable) - TOLD} more")
        return "\n".join(lines)


def drift_of(
    trace: TraceGraph, sweep: ReverseSweep, reference: Reference, source: str, device: str
) -> Drift:
    """Return how far a trace, swept on `device`, drifted from a reference."""
    by_adjoint = adjoint_errors(sweep, reference)
    kept = tuple(
        Kept(trace.values[i].shown_name, trace.values[i].name, by_adjoint[i])
        for i in trace.inputs
        if i in by_adjoint
    )
    dtype = dtype_name(trace.output_tensors[-1].dtype)
    return Drift(
        source,
        f"{dtype} on {device}",
        reference.name,
        reference.parted,
        kept,
        tuple(losses(trace, sweep, reference)),
    )
