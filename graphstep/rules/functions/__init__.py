"""The functions that rules may call by name, each with torch's meaning, by subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphstep.rules.functions import (
    attention,
    common,
    extremes,
    losses,
    matrices,
    norms,
    places,
    recurrent,
    replaced,
    running,
    special,
    windows,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **common.FUNCTIONS,
    **attention.FUNCTIONS,
    **extremes.FUNCTIONS,
    **losses.FUNCTIONS,
    **matrices.FUNCTIONS,
    **norms.FUNCTIONS,
    **places.FUNCTIONS,
    **recurrent.FUNCTIONS,
    **replaced.FUNCTIONS,
    **running.FUNCTIONS,
    **special.FUNCTIONS,
    **windows.FUNCTIONS,
}
