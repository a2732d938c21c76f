"""How many elementary operations a way to a gradient takes, counted from the rules' texts."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.rules.language import parse
from graphstep.rules.row import ADJOINTS
from graphstep.rules.scope import bind, operand_number
from graphstep.rules.table import row_for

UNKNOWN = 2
"""What one operand of an operation counts that torch's own node differentiates."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Count the operations of the values, and of one sweep of derivatives over them.

    A sweep multiplies each local partial by the derivative that comes in, and adds up: forward
    and reverse mode do so along the same edges, so that both cost the same.
    """

    values: int
    sweep: int


def cost(trace: TraceGraph, upto: int | None = None) -> Cost:
    """Return what a graph costs, or the part of it that leads to one value."""
    wanted = None if upto is None else _behind(trace, upto)
    values = sweep = 0
    for application in trace.applications:
        if wanted is not None and wanted.isdisjoint(application.results.values()):
            continue
        here, derivatives = _cost(application)
        values += here
        sweep += derivatives
    return Cost(values, sweep)


def _behind(trace: TraceGraph, i: int) -> set[int]:
    found, waiting = set[int](), [i]
    while waiting:
        k = waiting.pop()
        if k not in found:
            found.add(k)
            made = trace.made_by.get(k)
            waiting += [p for p in made.parents if p is not None] if made is not None else []
    return found


def _cost(application: Application) -> tuple[int, int]:
    edges = sum(parent is not None for parent in application.parents)
    row, operation = row_for(application), application.operation
    if row is None or operation is None:
        return 1, UNKNOWN * edges + max(edges - 1, 0)
    scope = bind(operation)
    values = max(1, _count(row.forward, scope)) if row.forward is not None else 1
    sweep = max(edges - 1, 0)
    for slot, parent in zip(application.slots, application.parents, strict=True):
        if slot is None or parent is None:
            continue
        text = row.partial(operand_number(operation.function, slot))
        if text is None or _is_one(_bare(parse(text)), scope):
            continue
        has_adjoint = any(
            isinstance(n, ast.Name) and n.id in ADJOINTS for n in ast.walk(parse(text))
        )
        sweep += _count(text, scope) + (not has_adjoint)
    return values, sweep


def _count(text: str, scope: Mapping[str, Any]) -> int:
    return sum(_counts(node, scope) for node in ast.walk(parse(text)))


def _counts(node: ast.AST, scope: Mapping[str, Any]) -> bool:
    """Tell whether a node is an operation; a factor of 1 and a sign are none."""
    if isinstance(node, ast.BinOp):
        ones = _is_one(node.left, scope) or _is_one(node.right, scope)
        return not (isinstance(node.op, ast.Mult) and ones)
    return isinstance(node, (ast.Call, ast.IfExp))


def _bare(node: ast.expr) -> ast.expr:
    return node.operand if isinstance(node, ast.UnaryOp) else node


def _is_one(node: ast.expr, scope: Mapping[str, Any]) -> bool:
    if isinstance(node, ast.Name):
        item = scope.get(node.id)
        return isinstance(item, (int, float)) and item == 1
    return isinstance(node, ast.Constant) and node.value == 1
