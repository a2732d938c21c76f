"""The terminal app: it shows steps and computes nothing."""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.tui.app import StepApp
from graphstep.tui.crash import TOLD, AppStopped, kept_text
from graphstep.tui.recent import state_folder

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.source.request import Request
    from graphstep.steps.step import Grain
    from graphstep.tui.looks import Look
    from graphstep.tui.opening import Opener
    from graphstep.tui.predicting import Predicting

__all__ = ["AppStopped", "StepApp", "make_app", "run", "run_opening"]


def make_app(trace: Trace, grain: Grain = "adjoint") -> StepApp:
    """Return the app on a trace, not running yet: commands, tests and pictures all start here.

    Raises as torch does where the trace cannot be differentiated.
    """
    return StepApp(trace, grain)


def run(trace: Trace, grain: Grain = "adjoint") -> None:
    """Show a trace in the terminal until the reader quits.

    Raises AppStopped, a RuntimeError, where the app stopped on an error, which it has printed by
    then.
    """
    _run(make_app(trace, grain), trace, None)


def run_opening(
    opener: Opener,
    request: Request | None,
    state: Path | None = None,
    look: Look | None = None,
    predicting: Predicting | None = None,
) -> int:
    """Show the first frame, let `opener` run the request, and step through its trace.

    Without a request the app starts on its start page. Returns the exit code: 0, or what a signal
    gives. Raises as `opener` does for a request that cannot be opened, and AppStopped as `run`
    does.
    """
    app = StepApp(
        None, request=request, opener=opener, state=state, look=look, predicting=predicting
    )
    code = _run(app, None, state, mouse=look is None or look.mouse)
    if app.opening is not None and app.opening.runs:
        # The end of an interpreter under a thread that runs user code can crash, or never come.
        sys.stdout.flush()
        os._exit(code)
    if app.failure is not None:
        raise app.failure
    return code


def _run(app: StepApp, trace: Trace | None, state: Path | None, *, mouse: bool = True) -> int:
    # A full collection visits every value of a large trace: a quarter of a second amid a key.
    gc.collect()
    gc.freeze()
    try:
        app.run(mouse=mouse)
    finally:
        gc.unfreeze()
    code = app.return_code or 0
    if 0 < code < TOLD and app.failure is None:
        folder = state_folder() if state is None else state
        raise AppStopped(kept_text(app.trace or trace, app.request, folder))
    return code
