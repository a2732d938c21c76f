"""A trace whose reverse half is replayed in the order of torch's engine."""

from __future__ import annotations

from graphstep.check.engine_order import engine_order, in_order
from graphstep.running.run import Run
from graphstep.traced.trace import Trace


class EngineOrderedTrace(Trace):
    """Answer as `plain` does, with adjoints and terms in the order in which the engine had them."""

    def __init__(self, plain: Trace) -> None:
        super().__init__(Run(plain.recorded, plain.origin, plain._seeds))
        self._plain = plain
        self._tangents = plain._tangents
        self.engine_pass = plain.engine_pass
        self.verdicts = plain.verdicts
        order = engine_order(plain.recorded, plain.sweep.seeds, plain.engine_pass)
        self.sweep = in_order(plain.sweep, order)

    def in_engine_order(self) -> Trace:
        """Return this trace itself."""
        return self

    def in_v_order(self) -> Trace:
        """Return the trace that replays in reverse v order."""
        return self._plain
