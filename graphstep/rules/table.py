"""The table of all rows, and the row that fits a recorded operation."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import torch

from graphstep.graph.application import Application
from graphstep.recording.internals import base_name, overload_name
from graphstep.recording.operation import Operation, Ref, flat_refs
from graphstep.rules import (
    activations,
    attention,
    complexes,
    distances,
    elementwise,
    extremes,
    factors,
    linear,
    losses,
    matrices,
    normalisation,
    quantised,
    random,
    recurrent,
    reductions,
    replaced,
    running,
    scattered,
    second,
    second_losses,
    second_norms,
    shapes,
    special,
    windows,
)
from graphstep.rules.conjugation import serves_complex
from graphstep.rules.draws import hides_its_draw
from graphstep.rules.row import Row
from graphstep.rules.scope import bind

if TYPE_CHECKING:
    from torch._ops import OpOverload

FAMILIES = {
    "elementwise": elementwise.ROWS,
    "special functions": special.ROWS,
    "complex numbers and Fourier transforms": complexes.ROWS,
    "activations": activations.ROWS,
    "linear algebra": linear.ROWS,
    "matrices": matrices.ROWS,
    "factors of matrices": factors.ROWS,
    "losses": losses.ROWS,
    "reductions": reductions.ROWS,
    "running and twofold reductions": running.ROWS,
    "scattered reductions": scattered.ROWS,
    "extremes": extremes.ROWS,
    "distances": distances.ROWS,
    "normalisations": normalisation.ROWS,
    "attention": attention.ROWS,
    "recurrent layers": recurrent.ROWS,
    "convolutions and pooling": windows.ROWS,
    "shapes": shapes.ROWS,
    "elements replaced": replaced.ROWS,
    "random draws": random.ROWS,
    "roundings to a few levels": quantised.ROWS,
    "steps of torch's backward": second.ROWS,
    "steps of torch's backward through losses": second_losses.ROWS,
    "steps of torch's backward through norms": second_norms.ROWS,
}
ROWS: dict[str, Row] = {row.name: row for rows in FAMILIES.values() for row in rows}

_OTHER_MEANING = frozenset({"div.Scalar_mode", "scatter.reduce", "scatter.value_reduce"})
"""Overloads that compute something else than the row of their name says."""

_WITH_SPARSE = frozenset({"mm", "mv", "addmm", "_sparse_addmm"})
"""Rows whose texts hold for a first factor that is sparse."""


def row_for(application: Application) -> Row | None:
    """Return the row of ours that differentiates an operation, or None for torch's own node.

    A row named with its overload (`max.dim`) goes before one without; an in-place operation
    has the row of its functional form, one that copies instead of viewing (`view_copy`) that of
    the view. Complex operands go by the rows that hold for them. A call that hides its dropout has
    no row, nor has a recurrent layer with projections.
    """
    operation = application.operation
    if operation is None:
        return None
    row = next(iter(rows_named(operation.function)), None)
    if row is None or hides_its_draw(operation) or _projects(operation):
        return None
    refs: list[Ref] = [*operation.operand_refs(), *flat_refs(operation.results)]
    if any(ref.tensor.layout != torch.strided for ref in refs) and not _serves_sparse(
        row, operation
    ):
        return None
    if not serves_complex(row.name) and any(ref.tensor.is_complex() for ref in refs):
        return None
    return row


def _projects(operation: Operation) -> bool:
    """Tell whether a recurrent layer makes its h smaller by one more matrix."""
    return base_name(operation.function) == "_cudnn_rnn" and bool(
        bind(operation, ("proj_size",))["proj_size"]
    )


def _serves_sparse(row: Row, operation: Operation) -> bool:
    """Tell whether a row holds for a product with sparse constants, as with a graph's edges.

    An operand that is sparse and differentiable has an adjoint at its own places alone, by torch's
    convention, and goes by torch's node.
    """
    refs = zip(operation.operand_refs(), operation.keys, strict=True)
    return row.name in _WITH_SPARSE and all(
        ref.tensor.layout == torch.strided
        for ref in (*(r for r, key in refs if key is not None), *flat_refs(operation.results))
    )


def rows_named(function: OpOverload) -> list[Row]:
    """Return the rows that may stand for an overload, best first."""
    return [ROWS[name] for name in _names(function) if name in ROWS]


@cache
def _names(function: OpOverload) -> tuple[str, ...]:
    """Return the names under which a row may stand for an overload, best first."""
    name, overload = base_name(function), overload_name(function)
    stems = dict.fromkeys((name, name.removesuffix("_"), name.removesuffix("_copy")))
    if any(f"{stem}.{overload}" in _OTHER_MEANING for stem in stems):
        return ()
    return tuple(full for stem in stems for full in (f"{stem}.{overload}", stem))
