"""Which texts of a row an operation's operands go by, worked out once for each kind of call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from graphstep.graph.application import Slot
from graphstep.rules.conjugation import NONE, for_call
from graphstep.rules.language import (
    Scope,
    compiled,
    compiled_contribution,
    known_as,
    names,
    repeated_calls,
)
from graphstep.rules.row import Row
from graphstep.rules.scope import operand_number

if TYPE_CHECKING:
    from torch._ops import OpOverload


@dataclass(frozen=True, slots=True)
class PlannedTerm:
    """Say how one operand's contribution comes about.

    `contribution` evaluates it in a scope; `partial` the local partial, where it is a factor.
    """

    position: int
    slot: Slot
    text: str
    contribution: Callable[[Scope], Any]
    partial: Callable[[Scope], Any] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Hold the terms of one operation, the names that they use, and if they need every `g`.

    `repeated` evaluates, in order and by the name in scope, what several terms have in common.
    """

    terms: tuple[PlannedTerm, ...]
    wanted: tuple[str, ...]
    every_adjoint: bool
    repeated: tuple[tuple[str, Callable[[Scope], Any]], ...]


@cache
def plan(
    row: Row,
    function: OpOverload,
    slots: tuple[Slot | None, ...],
    complex_ones: frozenset[str] = NONE,
) -> Plan | None:
    """Return how a row differentiates a call, or None where it leaves an operand out.

    `slots` names the arguments that carry a gradient, at the positions of the node's inputs,
    `complex_ones` the names in the row's scope that are complex.
    """
    found: list[tuple[int, Slot, str, bool]] = []
    for position, slot in enumerate(slots):
        if slot is None:
            continue
        operand = operand_number(function, slot)
        text = row.partial(operand)
        if text is None:
            return None
        elementwise = row.is_elementwise(operand)
        found.append((position, slot, for_call(row.name, text, complex_ones), elementwise))
    # A member of a list has names of its own in scope, a local partial its operands promoted.
    whole = [text for _, slot, text, local in found if not local and slot.member is None]
    known = repeated_calls(tuple(whole))
    terms: list[PlannedTerm] = []
    wanted: dict[str, None] = {}
    for position, slot, text, elementwise in found:
        if elementwise:
            term = PlannedTerm(position, slot, text, compiled_contribution(text), compiled(text))
        else:
            calls = known if slot.member is None else ()
            term = PlannedTerm(position, slot, text, compiled(text, calls), None)
        terms.append(term)
        wanted.update(dict.fromkeys(names(text)))
        if slot.member is not None:
            wanted[slot.argument] = None
    repeated = [(known_as(k), compiled(call, known[:k])) for k, call in enumerate(known)]
    every_adjoint = bool({"gs", "g1", "g2"} & wanted.keys())
    return Plan(tuple(terms), tuple(wanted), every_adjoint, tuple(repeated))
