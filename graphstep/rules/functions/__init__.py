"""The functions that rules may call by name, each with torch's meaning, by subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphstep.rules.functions import (
    attention,
    common,
    complexes,
    distances,
    extremes,
    losses,
    matrices,
    norms,
    places,
    random,
    recurrent,
    replaced,
    running,
    scattered,
    second,
    special,
    windows,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **common.FUNCTIONS,
    **distances.FUNCTIONS,
    **attention.FUNCTIONS,
    **complexes.FUNCTIONS,
    **extremes.FUNCTIONS,
    **losses.FUNCTIONS,
    **matrices.FUNCTIONS,
    **norms.FUNCTIONS,
    **places.FUNCTIONS,
    **random.FUNCTIONS,
    **recurrent.FUNCTIONS,
    **replaced.FUNCTIONS,
    **running.FUNCTIONS,
    **scattered.FUNCTIONS,
    **second.FUNCTIONS,
    **special.FUNCTIONS,
    **windows.FUNCTIONS,
}
