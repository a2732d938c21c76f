"""Tangents over the steps: one key goes through the inputs whose tangent starts as 1."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual import work
from textual.message import Message

from graphstep.errors import GraphstepError
from graphstep.steps.tangents import Tangents
from graphstep.tui.screens.stopping import StoppingScreen

if TYPE_CHECKING:
    from graphstep.api import Trace


@dataclass
class TangentsFound(Message):
    """The tangents for a seeded input are known, or with `problem` why there are none."""

    seed: int
    tangents: Tangents | None
    problem: str | None


class TangentScreen(StoppingScreen):
    """Have the tangents for one input beside the values, or none."""

    def __init__(self, trace: Trace) -> None:
        super().__init__(trace)
        self._seed: int | None = None

    def action_tangents(self) -> None:
        """Seed the first input, then the next; after the last one show no tangents."""
        self.pause()
        inputs = self._trace.recorded.inputs
        place = 0 if self._seed is None else inputs.index(self._seed) + 1
        self._seed = inputs[place] if place < len(inputs) else None
        if self._seed is None:
            self.tangents = None
        else:
            self._sweep(self._seed)

    @property
    def seed_name(self) -> str | None:
        """The input whose tangents are shown, by its label; None where none are."""
        if self._seed is None:
            return None
        value = self._trace.recorded.values[self._seed]
        return value.shown_name

    def take_seed(self, name: str | None) -> None:
        """Show the tangents for an input once the screen is there, if there is one of this name."""
        values = self._trace.recorded.values
        inputs = self._trace.recorded.inputs
        self._seed = next((i for i in inputs if name in (values[i].label, values[i].name)), None)

    def on_mount(self) -> None:
        if self._seed is not None:
            self._sweep(self._seed)

    @work(thread=True, exclusive=True, group="tangents")
    def _sweep(self, seed: int) -> None:
        # In a large trace the sweep takes longer than a key may.
        try:
            found = Tangents(self._trace.tangents(seed), seed)
        except GraphstepError as error:
            self.post_message(TangentsFound(seed, None, str(error)))
        else:
            self.post_message(TangentsFound(seed, found, found.problem))

    def on_tangents_found(self, message: TangentsFound) -> None:
        if message.seed != self._seed:
            return
        self.tangents = message.tangents
        if message.tangents is None:
            self._seed = None
        if message.problem is not None:
            self.notify(message.problem, severity="warning", markup=False)
