"""Literal arguments and lists of numbers."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from graphstep.expression.numbers import CONSTANTS
from graphstep.expression.program import Collect, Constant, Literal, Slot

if TYPE_CHECKING:
    from graphstep.expression.build import Builder


def literal(builder: Builder, node: ast.expr, depth: int, what: str) -> Literal:
    """Return a number, True, False, None, or a tuple of numbers; `what` names it in the error."""
    if isinstance(node, ast.Constant) and node.value is None:
        return None
    if isinstance(node, ast.List | ast.Tuple):
        return tuple(literal(builder, item, depth + 1, what) for item in node.elts)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        raise builder.at.fault(f"{what} cannot be a string", node)
    if isinstance(node, ast.Name) and node.id in CONSTANTS:
        return CONSTANTS[node.id]
    found = builder.draft.constant(builder.visit(node, depth + 1))
    if found is None:
        raise builder.at.fault(f"{what} must be a literal number or tuple", node)
    return found.value


def number_list(builder: Builder, node: ast.List, depth: int) -> Slot:
    """Append a nested list of numbers as one constant, which torch gets as a tensor."""
    items: list[Literal] = []
    for item in node.elts:
        found = builder.draft.constant(builder.visit(item, depth + 1))
        if found is None:
            problem = "a list of tensors is only allowed in cat, stack, hstack and vstack"
            raise builder.at.fault(problem, item)
        items.append(found.value)
    if not items:
        raise builder.at.fault("the list is empty", node)
    if len({extent(item) for item in items}) > 1:
        raise builder.at.fault("the rows of the list differ in length", node)
    return builder.draft.emit(Constant(builder.span(node), tuple(items)))


def extent(item: Literal) -> tuple[int, ...]:
    """Return the shape of a number or of a nested tuple known to be rectangular."""
    shape: list[int] = []
    while isinstance(item, tuple):
        shape.append(len(item))
        item = item[0]
    return tuple(shape)


def tensor_list(builder: Builder, node: ast.expr, depth: int) -> Slot:
    """Append a list display of tensors, or a value that is itself several tensors."""
    if not isinstance(node, ast.List | ast.Tuple):
        return builder.visit(node, depth + 1)
    if not node.elts:
        raise builder.at.fault("the list is empty", node)
    builder.count(node)
    items = tuple(builder.visit(item, depth + 2) for item in node.elts)
    return builder.draft.emit(Collect(builder.span(node), items))
