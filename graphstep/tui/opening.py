"""Open a request in a thread of its own, so that the screen never waits for torch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import App
from textual.message import Message

from graphstep.source.request import Request

if TYPE_CHECKING:
    from graphstep.api import Trace

Say = Callable[[str], None]
Opener = Callable[[Request, Say], "Trace"]
"""Runs a request and returns its trace; it says what it is at, in a few words."""


class Opening:
    """One request on its way to a trace.

    The thread is a daemon: user code that never ends must not keep the app from ending.
    """

    def __init__(
        self, app: App[None], opener: Opener, request: Request, keeps: bool, stamp: object
    ) -> None:
        self.request = request
        self.keeps = keeps
        """Whether the trace takes the place of the present one, at the same step."""
        self.stamp = stamp
        """By what the source's file is known, as it was before it ran."""
        self._app = app
        self._opener = opener
        self._thread = threading.Thread(target=self._run, name="graphstep-opening", daemon=True)

    def start(self) -> None:
        self._thread.start()

    @property
    def runs(self) -> bool:
        return self._thread.is_alive()

    def _run(self) -> None:
        try:
            trace = self._opener(self.request, self._say)
            self._say("drawing")
            # It brings in what computes; the first frame does without.
            import graphstep.tui.screens.step  # noqa: F401  # loaded here, shown by the app
        except Exception as error:  # the user's code may raise anything; the app says it
            self._app.post_message(OpeningFailed(self, error))
        else:
            self._app.post_message(Opened(self, trace))

    def _say(self, stage: str) -> None:
        self._app.post_message(OpeningAt(self, stage))


class OpeningAt(Message):
    """An opening began another stage."""

    def __init__(self, opening: Opening, stage: str) -> None:
        super().__init__()
        self.opening = opening
        self.stage = stage


class Opened(Message):
    """A request became a trace."""

    def __init__(self, opening: Opening, trace: Trace) -> None:
        super().__init__()
        self.opening = opening
        self.trace = trace


class OpeningFailed(Message):
    """A request could not be run."""

    def __init__(self, opening: Opening, error: Exception) -> None:
        super().__init__()
        self.opening = opening
        self.error = error
