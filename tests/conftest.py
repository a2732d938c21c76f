"""What every test shares: a quiet, repeatable environment, and tools that may be absent."""

from __future__ import annotations

import os
import shutil

import pytest
from hypothesis import settings

# Before torch and textual are imported, here and in child processes. One thread: the tests
# already run side by side, and sums come out the same on every machine.
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["TEXTUAL_ANIMATIONS"] = "none"
for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES"):
    os.environ.pop(name, None)

settings.register_profile("graphstep", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("graphstep")


@pytest.fixture(scope="session")
def tmux() -> str:
    """Return the path of tmux, which gives a program a real terminal."""
    return _tool("tmux")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of a Chromium browser."""
    return _tool("chromium", "chromium-browser", "google-chrome")


def _tool(*names: str) -> str:
    for name in names:
        path = shutil.which(name)
        if path is not None:
            return path
    pytest.skip(f"{names[0]} is not installed")
