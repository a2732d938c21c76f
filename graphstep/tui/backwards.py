"""Backwards: the further backwards that the reader ran on a trace, and what each did."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphstep.steps.accumulated import (
    accumulation_equations,
    gradient_equations,
    released_text,
)

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.equation import Equation


@dataclass(frozen=True, slots=True)
class Outcome:
    """Say what a backward did to every `.grad`, or with `error` how it was refused.

    `released` names the operations that have lost what they saved: for an error those that had
    lost it before, and empty where the error has nothing to do with it.
    """

    equations: tuple[Equation, ...]
    released: str
    error: Exception | None = None


class Backwards:
    """Run backwards on one trace, and count those that went through."""

    def __init__(self, trace: Trace) -> None:
        self._trace = trace
        self.retain = False
        """What the next one is given as `retain_graph`."""
        self.count = 0
        self._released: str | None = None

    @property
    def retain_text(self) -> str:
        return f"retain_graph: {'on' if self.retain else 'off'}"

    def again(self) -> Outcome:
        """Run one more. What it raises, in torch or in the user's own hooks, is its outcome."""
        graph = self._trace.recorded
        # A backward from outside the app may have gone before.
        gone = released_text(graph) if self._released is None else self._released
        try:
            found = self._trace.backward(retain_graph=self.retain)
        except Exception as error:  # torch's, or what a hook of the user's raised
            self._released = released_text(graph)
            return Outcome(
                gradient_equations(graph), gone if isinstance(error, RuntimeError) else "", error
            )
        self.count += 1
        self._released = released_text(graph)
        return Outcome(accumulation_equations(found), self._released)
