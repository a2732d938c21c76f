"""The functions that rules may call by name, each with torch's meaning, by subject."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphstep.rules.functions import (
    attention,
    bags,
    cells,
    common,
    complexes,
    distances,
    extremes,
    factors,
    grids,
    losses,
    margins,
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
    stacks,
    triangles,
    windows,
)

FUNCTIONS: dict[str, Callable[..., Any]] = {
    **common.FUNCTIONS,
    **distances.FUNCTIONS,
    **attention.FUNCTIONS,
    **bags.FUNCTIONS,
    **cells.FUNCTIONS,
    **complexes.FUNCTIONS,
    **extremes.FUNCTIONS,
    **factors.FUNCTIONS,
    **grids.FUNCTIONS,
    **losses.FUNCTIONS,
    **margins.FUNCTIONS,
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
    **stacks.FUNCTIONS,
    **triangles.FUNCTIONS,
    **windows.FUNCTIONS,
}
