"""The terminal app: it shows steps and computes nothing."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.tui.app import StepApp

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.request import Request
    from graphstep.steps.step import Grain
    from graphstep.tui.looks import Look
    from graphstep.tui.opening import Opener
    from graphstep.tui.predicting import Predicting

__all__ = ["StepApp", "make_app", "run", "run_opening"]


def make_app(trace: Trace, grain: Grain = "adjoint") -> StepApp:
    """Return the app on a trace, not running yet: commands, tests and pictures all start here.

    Raises as torch does where the trace cannot be differentiated.
    """
    return StepApp(trace, grain)


def run(trace: Trace, grain: Grain = "adjoint") -> None:
    """Show a trace in the terminal until the reader quits.

    Raises RuntimeError where the app stopped on an error, which it has printed by then.
    """
    _run(make_app(trace, grain))


def run_opening(
    opener: Opener,
    request: Request | None,
    state: Path | None = None,
    look: Look | None = None,
    predicting: Predicting | None = None,
) -> None:
    """Show the first frame, let `opener` run the request, and step through its trace.

    Without a request the app starts on its start page. Raises as `opener` does for a request
    that cannot be opened, and RuntimeError as `run` does.
    """
    app = StepApp(
        None, request=request, opener=opener, state=state, look=look, predicting=predicting
    )
    _run(app)
    if app.opening is not None and app.opening.runs:
        # The end of an interpreter under a thread that runs user code can crash, or never come.
        sys.stdout.flush()
        os._exit(0)
    if app.failure is not None:
        raise app.failure


def _run(app: StepApp) -> None:
    # A full collection visits every value of a large trace: a quarter of a second amid a key.
    gc.collect()
    gc.freeze()
    try:
        app.run()
    finally:
        gc.unfreeze()
    if app.return_code and app.failure is None:
        raise RuntimeError("the terminal app stopped on an error")
