"""What is kept when the app stops on an error of its own, and how it ends when it is told to."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import threading
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from textual.app import App

from graphstep.output.files import write_whole
from graphstep.source.request import Request

if TYPE_CHECKING:
    from graphstep.api import Trace

LOOK = 1.0
"""Seconds between two looks at whether the terminal is still there."""
GRACE = 2.0
"""Seconds that the app has to end once its terminal is gone."""
TOLD = 128
"""A program ended by signal N ends with this plus N."""


class AppStopped(RuntimeError):
    """Report that the app stopped on an error of its own, which the terminal shows by now.

    The text says where the trace, or at least what was asked for, is kept.
    """


def kept_text(trace: Trace | None, request: Request | None, folder: Path) -> str:
    """Keep what was open in a file of `folder`; return the line that says where, and how to go on.

    A trace that cannot be saved leaves the words that asked for it.
    """
    said = "the terminal app stopped on an error of its own"
    again = "" if request is None else f"; its source again: graphstep step {request.words}"
    if trace is None and request is None:
        return said
    path = folder / f"stopped-{datetime.now():%Y%m%d-%H%M%S}.graphstep"
    # A trace of the kind that stopped the app may be one that cannot be saved.
    with suppress(Exception):
        folder.mkdir(parents=True, exist_ok=True)
        if trace is not None:
            return f"{said}; the trace is saved: graphstep step {trace.save(path)}{again}"
    with suppress(Exception):
        words = request.words if request is not None else ""
        note = write_whole(path.with_suffix(".txt"), f"graphstep step {words}\n".encode())
        return f"{said}; what was asked for is kept in {note}{again}"
    return f"{said}{again}"


def leave_when_told(app: App[None]) -> None:
    """Let the signals that end a program end the app as q does, so that the terminal is restored.

    Where a loop has no such signals, as on Windows or outside the main thread, nothing changes.
    A terminal that is gone ends the app too: its signal may go to another program alone, as to a
    `make` that waits for the app.
    """
    loop = asyncio.get_running_loop()
    hangup = getattr(signal, "SIGHUP", None)
    began_with_one = _has_terminal()
    for number in (signal.SIGTERM, hangup):
        if number is not None:
            # Windows has none (NotImplementedError is a RuntimeError), and a thread may set none.
            with suppress(RuntimeError, ValueError):
                loop.add_signal_handler(number, _leave, app, number, began_with_one)
    if hangup is not None and began_with_one:
        app.set_interval(LOOK, lambda: None if _has_terminal() else _leave(app, hangup, True))


def _leave(app: App[None], number: signal.Signals, began_with_terminal: bool) -> None:
    app.exit(return_code=TOLD + number)
    if began_with_terminal and not _has_terminal():
        # What restores a terminal waits for ever for one that is gone.
        grace = threading.Timer(GRACE, os._exit, (TOLD + number,))
        grace.daemon = True
        grace.start()


def _has_terminal() -> bool:
    stdin = sys.__stdin__
    return stdin is not None and not stdin.closed and stdin.isatty()
