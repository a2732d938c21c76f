from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

import graphstep as gs
from graphstep.api import Trace
from tests.tui.terminal import Terminal


@pytest.fixture(params=["C.UTF-8"])
def terminal(tmux: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Terminal]:
    made = Terminal(tmux, tmp_path, request.param)
    yield made
    subprocess.run([*made.words, "kill-server"], capture_output=True, check=False, timeout=30)


@pytest.fixture
def lecture() -> Trace:
    """y = 3a + ab at a = 10, b = 20."""
    return gs.trace("3*a + a*b", a=10.0, b=20.0)


@pytest.fixture
def no_path() -> Trace:
    """A function whose first input is detached."""

    def cut(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
        return (a.detach() * b).sum()

    return gs.trace(cut, torch.tensor(2.0), torch.tensor([1.0, 2.0]))


@pytest.fixture(scope="session")
def chain() -> Trace:
    """3,000 values, one of them used by every other one."""

    def long(x: torch.Tensor, w: torch.Tensor) -> torch.Tensor:
        for _ in range(1500):
            x = torch.sin(x) * w
        return x

    return gs.trace(long, torch.tensor(1.0), torch.tensor(1.01))
