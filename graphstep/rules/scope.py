"""Bind the names of the rules' language to one recorded operation's operands and results."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from torch import Tensor

from graphstep.graph.application import Slot
from graphstep.recording.internals import argument_defaults, argument_names, operand_names
from graphstep.recording.operation import Operation, Ref
from graphstep.rules.row import OPERANDS

if TYPE_CHECKING:
    from torch._ops import OpOverload


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold what a rule needs of an operation's schema: argument names, defaults, operands."""

    positional: tuple[str, ...]
    defaults: dict[str, Any]
    operands: tuple[str, ...]


@cache
def signature(function: OpOverload) -> Signature:
    """Return the signature of an aten operation."""
    positional, _ = argument_names(function)
    return Signature(positional, argument_defaults(function), operand_names(function))


def arguments(operation: Operation) -> dict[str, Any]:
    """Return every argument by name, tensors as Ref, defaults filled in."""
    shape = signature(operation.function)
    given = dict(zip(shape.positional, operation.args, strict=False))
    return {**shape.defaults, **given, **operation.kwargs}


def operand_number(operation: Operation, slot: Slot) -> int:
    """Return which operand of the row (0 is x) an argument is; -1 where a row has no such."""
    operands = signature(operation.function).operands
    return operands.index(slot.argument) if slot.argument in operands else -1


def bind(operation: Operation, slot: Slot | None = None) -> dict[str, Any]:
    """Return the scope for one operand: x, y, z, w, the arguments by name, v, v1 and v2.

    With a `slot` inside a list operand, `x` is that member, `k` its number, `xs` the list.
    """
    named = arguments(operation)
    scope = {"dim": None, "keepdim": None, **{n: unwrap(item) for n, item in named.items()}}
    for letter, name in zip(OPERANDS, signature(operation.function).operands, strict=False):
        scope[letter] = scope.get(name)
    for number, ref in enumerate(operation.results):
        scope["v" if number == 0 else f"v{number}"] = ref.tensor
    if slot is not None and slot.member is not None:
        scope["xs"] = scope[slot.argument]
        scope["x"] = scope["xs"][slot.member]
        scope["k"] = slot.member
    return scope


def promoted(scope: dict[str, Any]) -> dict[str, Any]:
    """Return the scope with its operands in the dtype of the result, as the operation saw them."""
    result = scope["v"]
    if not result.is_floating_point():
        return scope
    cast = {
        letter: scope[letter].to(result.dtype)
        for letter in OPERANDS
        if isinstance(scope.get(letter), Tensor) and scope[letter].dtype != result.dtype
    }
    return {**scope, **cast} if cast else scope


def unwrap(item: Any) -> Any:
    """Replace every Ref by its tensor, in nested tuples too."""
    if type(item) is Ref:
        tensor: Tensor = item.tensor
        return tensor
    if isinstance(item, tuple):
        return tuple(unwrap(part) for part in item)
    return item
