"""Keep Python's cycle collector out of work that makes many records, none of them garbage."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collection_paused() -> Iterator[None]:
    """Pause the collector, and leave it as it was.

    Each of its full runs walks over all that was recorded: most of the time of a long chain.
    Only for work of ours: the user's forward and hooks run with the collector as it was.
    """
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()
