"""The safe expression language: `3*a + a*b` checked against a whitelist, then run with torch."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from graphstep.expression.parse import parse
from graphstep.expression.program import Program

if TYPE_CHECKING:
    import torch

    from graphstep.recording.place import Place

__all__ = ["Program", "parse", "run"]


def run(
    program: Program,
    values: Mapping[str, torch.Tensor | float],
    on_place: Callable[[Place | None], None] = lambda place: None,
) -> torch.Tensor:
    """Run a checked program and return its output.

    `values` gives a tensor or a number for each of `program.names`. `on_place` gets the place
    of the sub-expression just before each torch operation, and None at the end. Raises
    ExpressionError, with the column, for a name without a value, a result that is too large
    and whatever torch refuses.
    """
    from graphstep.expression.evaluate import evaluate

    return evaluate(program, values, on_place)
