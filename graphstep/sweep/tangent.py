"""The forward sweep: every tangent v̇_i from those of its operands (dual numbers)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.graph.application import Application, Slot
from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.operation import Operation, Ref
from graphstep.recording.surroundings import undisturbed
from graphstep.rules.conjugation import unconjugated
from graphstep.rules.language import compiled, compiled_contribution
from graphstep.rules.row import LINEAR, OPERANDS, Row
from graphstep.rules.scope import bind, operand_number, promoted, signature, unwrap
from graphstep.rules.table import row_for


@dataclass(frozen=True, slots=True, eq=False)
class TangentSweep:
    """Hold v̇_i by number; `missing` names the operations that have no forward formula.

    A value behind such an operation has no tangent; one that no seeded input reaches has zeros.
    """

    trace: TraceGraph
    tangents: Mapping[int, Tensor]
    missing: tuple[str, ...] = ()
    blocked: frozenset[int] = field(default=frozenset())

    def tangent(self, i: int) -> Tensor:
        """Return v̇_i. Raises InputError where an operation on the way has no formula."""
        if i in self.blocked:
            names = ", ".join(dict.fromkeys(self.missing))
            raise InputError(f"no tangent for v_{i}: no forward formula for {names}")
        return self.tangents[i]


@undisturbed()
def tangent_sweep(trace: TraceGraph, seeds: Mapping[int, Tensor]) -> TangentSweep:
    """Sweep from the inputs to the outputs; `seeds` gives ẋ by input number, zeros elsewhere."""
    tangents: dict[int, Tensor] = {}
    blocked: set[int] = set()
    missing: list[str] = []
    with torch.no_grad():
        for i in trace.inputs:
            tangents[i] = seeds[i] if i in seeds else torch.zeros_like(trace.value(i))
        for application in trace.applications:
            parents = [p for p in application.parents if p is not None]
            made = None
            if not blocked.intersection(parents):
                made = _push(application, tangents)
                if made is None or len(made) <= max(application.by_position, default=0):
                    missing.append(application.name)
            for number, i in application.by_position.items():
                if made is None or number >= len(made):
                    blocked.add(i)
                else:
                    tangents[i] = made[number]
    return TangentSweep(trace, tangents, tuple(missing), frozenset(blocked))


def _push(application: Application, tangents: Mapping[int, Tensor]) -> list[Tensor] | None:
    """Return the tangent of every result, or None where our rows do not say."""
    row = row_for(application)
    operation = application.operation
    if row is None or operation is None:
        return None
    incoming = {
        slot: tangents[parent]
        for slot, parent in zip(application.slots, application.parents, strict=True)
        if slot is not None and parent is not None
    }
    if row.tangent == LINEAR:
        return _linear(operation, row, incoming)
    result = operation.results[0].tensor
    scope = bind(operation)
    if row.tangent is not None:
        scope.update(_operand_tangents(operation, incoming))
        total = compiled(unconjugated(row.tangent, operation))(scope)
        if isinstance(total, tuple):
            if len(total) > len(operation.results):
                raise RuntimeError(f"the rule of {application.name} gave {len(total)} tangents")
            return list(total)
    else:
        total = None
        scope = promoted(scope)
        for slot, tangent in incoming.items():
            operand = operand_number(operation.function, slot)
            text = row.partial(operand)
            if text is None or not row.is_elementwise(operand):
                return None
            term = compiled_contribution(text)({**scope, "g": tangent.to(result.dtype)})
            total = term if total is None else total + term
    total = torch.as_tensor(0 if total is None else total, device=result.device)
    return [total.expand(result.shape).to(result.dtype)]


def _operand_tangents(operation: Operation, incoming: Mapping[Slot, Tensor]) -> dict[str, Any]:
    """Return dx, dy, dz, dw, then d and the name: the operand's tangent, or zeros like it.

    That of a list is a list.
    """
    found: dict[str, Any] = {}
    scope = bind(operation)
    names = signature(operation.function).operands
    for letter, name in zip((*OPERANDS, *names[len(OPERANDS) :]), names, strict=False):
        operand = scope.get(name)
        if isinstance(operand, tuple):
            found[f"d{letter}"] = [
                incoming.get(Slot(name, k), _nothing_like(item)) for k, item in enumerate(operand)
            ]
        else:
            found[f"d{letter}"] = incoming.get(Slot(name), _nothing_like(operand))
    return found


def _nothing_like(operand: Any) -> Tensor | float:
    return torch.zeros_like(operand) if isinstance(operand, Tensor) else 0.0


def _linear(operation: Operation, row: Row, incoming: Mapping[Slot, Tensor]) -> list[Tensor]:
    """Apply the operation itself to the tangents of the operands that it is linear in."""
    names = signature(operation.function).operands[: len(row.partials)]
    changed = [
        _swapped(item, name, incoming) if name in names else unwrap(item)
        for name, item in zip(
            signature(operation.function).positional, operation.args, strict=False
        )
    ]
    out = operation.function(*changed, **{n: unwrap(v) for n, v in operation.kwargs.items()})
    return [out] if isinstance(out, Tensor) else list(out)


def _swapped(item: Any, name: str, incoming: Mapping[Slot, Tensor]) -> Any:
    if type(item) is Ref:
        tangent = incoming.get(Slot(name), torch.zeros_like(item.tensor))
        # A tangent may lie in memory in another order than its operand: `view` takes this one.
        return tangent.clone(memory_format=torch.contiguous_format)
    if isinstance(item, tuple) and all(type(part) is Ref for part in item):
        return [
            incoming.get(Slot(name, k), torch.zeros_like(part.tensor))
            for k, part in enumerate(item)
        ]
    return unwrap(item)
