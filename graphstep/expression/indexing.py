"""Indices and slices."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from graphstep.expression.program import Index, Pick, Slice, Slot

if TYPE_CHECKING:
    from graphstep.expression.build import Builder


def pick(builder: Builder, node: ast.Subscript, depth: int) -> Slot:
    """Append value[indices]."""
    operand = builder.visit(node.value, depth + 1)
    items = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if not items:
        raise builder.at.fault("the index is empty", node.slice)
    indices = tuple(index(builder, item, depth + 1) for item in items)
    return builder.draft.emit(Pick(builder.span(node), operand, indices))


def index(builder: Builder, node: ast.expr, depth: int) -> Index:
    """Return one index: an integer, a slice, None, ... or the slot of an integer tensor."""
    if isinstance(node, ast.Slice):
        parts = (node.lower, node.upper, node.step)
        start, stop, step = (bound(builder, part, depth) for part in parts)
        if step is not None and step < 1:
            raise builder.at.fault("the step of a slice must be 1 or more", node)
        return Slice(start, stop, step)
    if isinstance(node, ast.Constant) and (node.value is None or node.value is ...):
        return None if node.value is None else ...
    slot = builder.visit(node, depth + 1)
    found = builder.draft.constant(slot)
    if found is None or isinstance(found.value, tuple):
        return slot
    if isinstance(found.value, bool) or not isinstance(found.value, int):
        raise builder.at.fault(f"an index must be an integer, not {found.value}", node)
    return found.value


def bound(builder: Builder, node: ast.expr | None, depth: int) -> int | None:
    """Return one bound of a slice."""
    if node is None or (isinstance(node, ast.Constant) and node.value is None):
        return None
    found = builder.draft.constant(builder.visit(node, depth + 1))
    if found is None or isinstance(found.value, bool) or not isinstance(found.value, int):
        raise builder.at.fault("the bounds of a slice must be literal integers", node)
    return found.value
