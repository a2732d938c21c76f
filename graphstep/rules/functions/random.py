"""The functions of the rules for what is drawn at random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def dropped(train: bool | None) -> bool:
    """Tell whether a dropout sets elements to 0 and scales the others: None is training."""
    return train is not False


FUNCTIONS: dict[str, Callable[..., Any]] = {"dropped": dropped}
