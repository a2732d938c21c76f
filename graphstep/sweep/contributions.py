"""The contributions of one operation: v̄_j ∂v_j/∂v_i for each operand, by our row or torch."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.operation import Operation
from graphstep.rules.language import compiled, compiled_contribution, names
from graphstep.rules.row import Row
from graphstep.rules.scope import bind, member, operand_number, promoted, widened
from graphstep.rules.table import row_for
from graphstep.sweep.torch_node import node_terms

RuleKind = Literal["own", "torch"]


@dataclass(frozen=True, slots=True, eq=False)
class Contribution:
    """One term of an adjoint: what operation `application` hands to v_parent at `position`.

    `value` has the parent's shape, dtype and device, or is None where the operation gives no
    gradient there. `partial` is the local partial where it is an elementwise factor, `text` the
    rule's formula, `rule` whose formula it is, and `summed` whether broadcast axes were summed.
    """

    parent: int
    application: Application
    position: int
    value: Tensor | None
    rule: RuleKind
    text: str | None = None
    partial: Any = None
    summed: bool = False


def contributions(
    trace: TraceGraph,
    application: Application,
    adjoints: Mapping[int, Tensor | None],
    unhooked: Mapping[int, Tensor],
) -> list[Contribution]:
    """Return what one operation contributes to each of its operands, in operand order.

    `adjoints` holds the finished adjoints of its results, `unhooked` those that the user's
    hooks changed, as they were before. Raises RuntimeError, naming the
    operation, where a row gives a shape that its operand does not have.
    """
    if all(adjoints.get(i) is None for i in application.results.values()):
        return []
    row = row_for(application)
    if row is not None and _covers(row, application):
        return _own(trace, application, row, adjoints)
    return _by_torch(trace, application, adjoints, unhooked)


def _covers(row: Row, application: Application) -> bool:
    operation = application.operation
    assert operation is not None
    for slot in application.slots:
        if slot is not None:
            operand = operand_number(operation, slot)
            if not 0 <= operand < len(row.partials) or row.partials[operand] is None:
                return False
    return True


def _own(
    trace: TraceGraph,
    application: Application,
    row: Row,
    adjoints: Mapping[int, Tensor | None],
) -> list[Contribution]:
    operation = application.operation
    assert operation is not None
    common = widened({**bind(operation), **_above(application, operation, row, adjoints)})
    made = []
    for position, (parent, slot) in enumerate(
        zip(application.parents, application.slots, strict=True)
    ):
        if parent is None or slot is None:
            continue
        operand = operand_number(operation, slot)
        text = row.partials[operand]
        assert text is not None
        scope = member(common, slot)
        partial = None
        if row.is_elementwise(operand):
            scope = promoted(scope)
            partial = compiled(text)(scope)
            if isinstance(partial, Tensor) and partial.dtype != scope["g"].dtype:
                partial = partial.to(scope["g"].dtype)
            raw = compiled_contribution(text)(scope)
        else:
            raw = compiled(text)(scope)
        value, summed = _fit(trace, parent, raw, application)
        made.append(
            Contribution(parent, application, position, value, "own", text, partial, summed)
        )
    return made


def _above(
    application: Application,
    operation: Operation,
    row: Row,
    adjoints: Mapping[int, Tensor | None],
) -> dict[str, Any]:
    """Return g, g1, g2 and gs: the adjoints of the results, zeros where none came in."""
    wants_all = any("gs" in names(text) for text in row.partials if text is not None)
    results = application.by_position
    count = len(operation.results) if wants_all else max(results) + 1
    gs = []
    for number in range(count):
        i = results.get(number)
        adjoint = None if i is None else adjoints.get(i)
        gs.append(
            torch.zeros_like(operation.results[number].tensor) if adjoint is None else adjoint
        )
    return {"gs": gs, "g": gs[0], **{f"g{k}": g for k, g in enumerate(gs) if k}}


def _fit(trace: TraceGraph, parent: int, raw: Any, application: Application) -> tuple[Tensor, bool]:
    """Sum over broadcast axes, cast and move, so that the term fits the operand's adjoint."""
    value = trace.values[parent]
    if value.shape is None or value.dtype is None or value.device is None:
        return raw, False
    dtype: torch.dtype = getattr(torch, value.dtype)
    if not isinstance(raw, Tensor):
        raw = torch.as_tensor(raw, dtype=dtype, device=value.device)
    if raw.layout != torch.strided:
        raw = raw.to_dense()
    summed = tuple(raw.shape) != value.shape
    if summed:
        try:
            raw = raw.sum_to_size(value.shape) if raw.dim() >= len(value.shape) else raw
            raw = raw.expand(value.shape)
        except RuntimeError:
            raise RuntimeError(
                f"the rule of {application.name} gave {list(raw.shape)} for an operand of "
                f"shape {list(value.shape)}"
            ) from None
    if raw.dtype != dtype:
        raw = raw.real if raw.is_complex() and not dtype.is_complex else raw
        raw = raw.to(dtype)
    if str(raw.device) != value.device:
        raw = raw.to(value.device)
    return raw, summed


def _by_torch(
    trace: TraceGraph,
    application: Application,
    adjoints: Mapping[int, Tensor | None],
    unhooked: Mapping[int, Tensor],
) -> list[Contribution]:
    """Let torch's own node say what it contributes."""
    above = {n: a for n, i in application.results.items() if (a := adjoints.get(i)) is not None}
    before = {n: unhooked[i] for n, i in application.results.items() if i in unhooked}
    terms = node_terms(application.node, above, before)
    made = []
    for position, parent in enumerate(application.parents):
        if parent is not None:
            term = terms[position]
            value, summed = None, False
            if term is not None:
                value, summed = _fit(trace, parent, term, application)
            made.append(Contribution(parent, application, position, value, "torch", summed=summed))
    return made
