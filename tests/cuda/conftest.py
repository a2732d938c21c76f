"""What every test of cuda shares: it is skipped where there is none, and starts from one seed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

# cuBLAS sums in the same order at every run; it reads this when it starts.
os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
HERE = Path(__file__).parent
MARKS = (
    pytest.mark.skipif(not torch.cuda.is_available(), reason="torch sees no cuda device"),
    # torch says this of the threads of its own engine.
    pytest.mark.filterwarnings("ignore:Attempting to run cuBLAS:UserWarning"),
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            for mark in MARKS:
                item.add_marker(mark)


@pytest.fixture(autouse=True)
def _seeded() -> Iterator[None]:
    torch.manual_seed(0)
    yield
    if torch.cuda.is_available():
        torch.cuda.synchronize()
