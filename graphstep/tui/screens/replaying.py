"""Which timeline of a trace is replayed: its grain, and the order of its reverse half."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from textual import work
from textual.message import Message

from graphstep.errors import GraphstepError
from graphstep.steps.step import Grain
from graphstep.tui.cursor import Cursor
from graphstep.tui.screens.predicting import PredictingScreen

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.timeline import Timeline
    from graphstep.tui.predicting import Predicting


@dataclass
class EngineAsked(Message):
    """The engine ran over the graph, or with `problem` why it could not."""

    trace: Trace | None
    problem: str = ""


class ReplayingScreen(PredictingScreen):
    """Have the trace in both orders and both grains, each made when first asked for.

    `engine_order` starts in the engine's order, once that is known.
    """

    def __init__(
        self, trace: Trace, grain: Grain, predicting: Predicting | None, engine_order: bool
    ) -> None:
        super().__init__(trace, predicting)
        self.engine_order = engine_order
        """Whether the reverse half is in the order in which torch's engine ran the nodes."""
        self._in_engine_order: Trace | None = None
        self._timelines: dict[tuple[Grain, bool], Timeline] = {}
        self._came_from: tuple[Cursor, Cursor] | None = None
        self.set_reactive(ReplayingScreen.cursor, Cursor(self._timeline(grain, False)))

    def on_mount(self) -> None:
        if self.engine_order:
            self._ask_engine()
        self.call_after_refresh(self._cut_both)

    @work(thread=True, group="grains")
    def _cut_both(self) -> None:
        # A quarter of a second at 10,000 values, which the key that changes the grain cannot wait.
        for grain in get_args(Grain):
            self._timeline(grain, False)

    def _timeline(self, grain: Grain, engine_order: bool) -> Timeline:
        key = grain, engine_order
        if key not in self._timelines:
            trace = self._in_engine_order if engine_order else self._trace
            assert trace is not None
            self._timelines[key] = trace.timeline(grain)
        return self._timelines[key]

    def action_grain(self) -> None:
        """Change the grain, keep the place; changed again at once, it leads back exactly."""
        here = self.here
        if self._came_from is not None and self._came_from[1] == here:
            there = self._came_from[0]
        else:
            other: Grain = "contribution" if here.timeline.grain == "adjoint" else "adjoint"
            there = here.in_grain(self._timeline(other, here.timeline.engine_order))
        self._came_from = (here, there)
        self.move(there)

    def action_order(self) -> None:
        """Replay the reverse half in the engine's order, or in reverse v order again."""
        self.pause()
        self.engine_order = not self.engine_order
        if self.engine_order and self._in_engine_order is None:
            self._ask_engine()
        else:
            self._take_order()

    @work(thread=True, exclusive=True, group="engine")
    def _ask_engine(self) -> None:
        # One more pass of the engine: as long as the model's own backward.
        try:
            found = self._trace.in_engine_order()
        except (GraphstepError, RuntimeError) as error:
            self.post_message(EngineAsked(None, str(error)))
        else:
            self.post_message(EngineAsked(found))

    def on_engine_asked(self, message: EngineAsked) -> None:
        if message.trace is None:
            self.engine_order = False
            self.notify(
                message.problem, title="no order of the engine", severity="warning", markup=False
            )
            return
        self._in_engine_order = message.trace
        if self.engine_order:
            self._take_order()

    def save(self, path: Path) -> Path:
        """Write the trace to a file, with the engine's order where it is known.

        Raises as `Trace.save` does.
        """
        return (self._in_engine_order or self._trace).save(path)

    def _take_order(self) -> None:
        here = self.here
        if here.timeline.engine_order != self.engine_order:
            self.cursor = here.in_order(self._timeline(here.timeline.grain, self.engine_order))
