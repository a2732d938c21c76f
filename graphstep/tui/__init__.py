"""The terminal app: it shows steps and computes nothing."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

from graphstep.tui.app import StepApp

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.steps.step import Grain

__all__ = ["StepApp", "make_app", "run"]


def make_app(trace: Trace, grain: Grain = "adjoint") -> StepApp:
    """Return the app on a trace, not running yet: commands, tests and pictures all start here.

    Raises as torch does where the trace cannot be differentiated.
    """
    return StepApp(trace, grain)


def run(trace: Trace, grain: Grain = "adjoint") -> None:
    """Show a trace in the terminal until the reader quits.

    Raises RuntimeError where the app stopped on an error, which it has printed by then.
    """
    app = make_app(trace, grain)
    # A full collection visits every value of a large trace: a quarter of a second amid a key.
    gc.collect()
    gc.freeze()
    try:
        app.run()
    finally:
        gc.unfreeze()
    if app.return_code:
        raise RuntimeError("the terminal app stopped on an error")
