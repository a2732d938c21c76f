"""What widgets and workers tell the screen."""

from __future__ import annotations

from dataclasses import dataclass

from textual.message import Message

from graphstep.output.cells import CellLayout
from graphstep.steps.card import Card
from graphstep.tui.backwards import Outcome
from graphstep.tui.fitting import Wanted


@dataclass
class StepChosen(Message):
    """A step was clicked."""

    at: int


@dataclass
class ValueChosen(Message):
    """A value was clicked, to be inspected."""

    i: int


@dataclass
class LaidOut(Message):
    """A drawing was placed."""

    wanted: Wanted
    layout: CellLayout


@dataclass
class LayoutFailed(Message):
    """A drawing could not be placed; `problem` says why in one line."""

    wanted: Wanted
    problem: str


@dataclass
class CardMade(Message):
    """The card of a value was computed."""

    card: Card


@dataclass
class BackwardDone(Message):
    """A further backward ended, one way or the other."""

    outcome: Outcome
