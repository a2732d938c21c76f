"""Bind the names of the rules' language to one recorded operation's operands and results."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from graphstep.graph.application import Slot
from graphstep.recording.internals import argument_defaults, argument_names, operand_names
from graphstep.recording.operation import Operation, Ref
from graphstep.rules.row import OPERANDS

if TYPE_CHECKING:
    from torch._ops import OpOverload


_HALF = (torch.float16, torch.bfloat16)


@dataclass(frozen=True, slots=True)
class Signature:
    """Hold what a rule needs of an operation's schema: argument names, defaults, operands.

    `places` maps a positional argument to its index, `names` each name in a rule's scope to the
    argument that it stands for.
    """

    positional: tuple[str, ...]
    defaults: dict[str, Any]
    operands: tuple[str, ...]
    places: dict[str, int]
    names: dict[str, str]


@cache
def signature(function: OpOverload) -> Signature:
    """Return the signature of an aten operation."""
    positional, keywords = argument_names(function)
    operands = operand_names(function)
    own = {name: name for name in ("dim", "keepdim", *positional, *keywords)}
    letters = dict(zip(OPERANDS, operands, strict=False))
    places = {name: place for place, name in enumerate(positional)}
    return Signature(positional, argument_defaults(function), operands, places, {**own, **letters})


def arguments(operation: Operation) -> dict[str, Any]:
    """Return every argument by name, tensors as Ref, defaults filled in."""
    shape = signature(operation.function)
    named = {**dict(zip(shape.positional, operation.args, strict=False)), **operation.kwargs}
    for name, default in shape.defaults.items():
        named.setdefault(name, default)
    return named


def operand_number(function: OpOverload, slot: Slot) -> int:
    """Return which operand of the row (0 is x) an argument is; -1 where a row has no such."""
    operands = signature(function).operands
    return operands.index(slot.argument) if slot.argument in operands else -1


def bind(operation: Operation, wanted: Collection[str] | None = None) -> dict[str, Any]:
    """Return the scope of an operation: x, y, z, w, the arguments by name, v, v1 and v2.

    With `wanted`, only these names are looked up; what is none of the operation's stays out.
    """
    shape = signature(operation.function)
    given, keywords, defaults = operation.args, operation.kwargs, shape.defaults
    scope: dict[str, Any] = {}
    for name in shape.names if wanted is None else wanted:
        argument = shape.names.get(name)
        if argument is None:
            continue
        place = shape.places.get(argument)
        if place is not None and place < len(given):
            scope[name] = unwrap(given[place])
        elif argument in keywords:
            scope[name] = unwrap(keywords[argument])
        else:
            scope[name] = defaults.get(argument)
    for number, ref in enumerate(operation.results):
        scope["v" if number == 0 else f"v{number}"] = ref.tensor
    return scope


def member(scope: dict[str, Any], slot: Slot) -> dict[str, Any]:
    """Return the scope for one operand: in a list, `x` is the member, `k` its number, `xs` all."""
    if slot.member is None:
        return scope
    xs = scope[slot.argument]
    return {**scope, "xs": xs, "x": xs[slot.member], "k": slot.member}


def promoted(scope: dict[str, Any]) -> dict[str, Any]:
    """Return the scope with its operands in the dtype of the result, as the operation saw them."""
    dtype = scope["v"].dtype
    if not (dtype.is_floating_point or dtype.is_complex):
        return scope
    cast = {
        letter: operand.to(dtype)
        for letter in OPERANDS
        if isinstance(operand := scope.get(letter), Tensor)
        and operand.dtype != dtype
        and (dtype.is_complex or not operand.is_complex())
    }
    return {**scope, **cast} if cast else scope


def widened(scope: dict[str, Any]) -> dict[str, Any]:
    """Return the scope with half precision tensors in float32, as torch's own kernels compute."""
    if scope["v"].dtype not in _HALF:
        return scope
    return {name: _wide(item) for name, item in scope.items()}


def _wide(item: Any) -> Any:
    if isinstance(item, Tensor):
        return item.float() if item.dtype in _HALF else item
    return type(item)(map(_wide, item)) if isinstance(item, (list, tuple)) else item


def unwrap(item: Any) -> Any:
    """Replace every Ref by its tensor, in nested tuples too."""
    if type(item) is Ref:
        tensor: Tensor = item.tensor
        return tensor
    if isinstance(item, tuple):
        return tuple(unwrap(part) for part in item)
    return item
