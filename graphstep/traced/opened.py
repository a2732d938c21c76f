"""Opened: the textbook steps of one operation, as a Trace to step through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from graphstep.check.verdict import Verdict
from graphstep.format.symbols import symbol
from graphstep.textbook.opened import OpenedRun, agreement, open_value
from graphstep.traced.recomputed import is_checkpoint, recomputed
from graphstep.traced.trace import Trace


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """Hold an opened operation: `trace` steps through it, `verdicts` compare it with the kernel.

    `verdicts` has one for `value`, and one for the adjoint of each input of `trace`, against
    torch's own backward of the kernel, or what else `against` names.
    """

    trace: Trace
    run: OpenedRun
    verdicts: Mapping[str, Verdict]
    against: str = "torch's kernel"

    @property
    def ok(self) -> bool:
        """Whether the textbook's steps and torch's kernel agree everywhere."""
        return all(verdict.ok for verdict in self.verdicts.values())

    @property
    def operands(self) -> str:
        """Which value of the trace each input of the steps stands for, in words."""
        return ", ".join(f"{name} is {symbol(k)}" for name, (k, _) in self.run.operands.items())

    def text(self) -> str:
        """Return what stands for what, and a line of agreement for the value and each adjoint."""
        made = self.run
        at = "" if made.element is None else f"[{', '.join(map(str, made.element))}]"
        lines = [f"{symbol(made.i)}{at} opens into: {self.trace.origin.language}"]
        lines.append(f"where {self.operands}")
        for name, verdict in self.verdicts.items():
            what = "the value" if name == "value" else f"the adjoint of {name}"
            said = "agrees" if verdict.ok else "does not agree"
            mark = "✓" if verdict.ok else "✗"
            error = f"{verdict.max_abs_error:.2g}"
            lines.append(f"{mark} {what} {said} with {self.against} (max abs error {error})")
        return "\n".join(lines)


def opened(trace: Trace, name: int | str, element: Sequence[int] | None = None) -> Opened:
    """Open the operation that made a value, seeded with that value's adjoint.

    A reentrant checkpoint opens into the function that it wraps, which runs once more. Raises
    InputError for a value that has no textbook steps.
    """
    recorded = trace.recorded
    i = recorded.find(name)
    made = recorded.made_by.get(i)
    if made is not None and is_checkpoint(made) and element is None:
        again, within, verdicts = recomputed(trace, i)
        return Opened(within, again, verdicts, "torch's engine")
    run = open_value(recorded, i, trace.adjoint(i), element)
    inner = Trace(run.run)
    adjoints = {label: inner.adjoint(label) for label in run.operands}
    value = run.run.graph.output_tensors[-1].detach()
    return Opened(inner, run, agreement(recorded, run, value, adjoints))
