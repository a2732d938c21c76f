"""Notices: what the app says in passing, in a corner of the screen."""

from __future__ import annotations

from dataclasses import dataclass
from time import time

from textual.notifications import Notification

SHORTEST = 0.05
"""Seconds that a notice stays at least, once it is on the screen."""


@dataclass
class Notice(Notification):
    """Say something for a while.

    A notice can expire between the question whether it has and the timer that takes it off the
    screen. Textual's timer never returns from an interval below zero, and the app would hang.
    """

    @property
    def time_left(self) -> float:
        return max(SHORTEST, super().time_left)

    @property
    def has_expired(self) -> bool:
        return self.raised_at + self.timeout <= time()
