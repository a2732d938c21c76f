"""One operation of torch's graph, joined with what the recorder saw of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from graphstep.recording.internals import argument_names, base_name
from graphstep.recording.operation import Operation, Ref, ValueKey, flat_refs

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node


class Slot(NamedTuple):
    """Name the argument that one differentiable operand came in by; `member` counts in lists."""

    argument: str
    member: int | None = None


class Application(NamedTuple):
    """Apply one operation to values v_k, giving one or more values v_i.

    `parents` has one entry for each of the node's `next_functions`: the number k of the value,
    or None. `slots` says, at the same positions, by which argument it came; it is empty where
    no recorded operation could be matched with the node beyond doubt (a custom Function, an
    in-place write through a view), and then `operation` is None.
    `results` maps the node's output numbers to the v_i that the gradient passes through,
    `by_slot` the arguments of the recorded operation to the v_k that came in by them; `first`
    is the lowest v_i among the results.
    """

    node: Node
    name: str
    operation: Operation | None
    parents: tuple[int | None, ...]
    slots: tuple[Slot | None, ...]
    results: Mapping[int, int]
    by_slot: Mapping[Slot, int]
    first: int

    @property
    def by_position(self) -> Mapping[int, int]:
        """Map places among what the operation returned to the v_i there.

        Torch numbers only the outputs that can carry a gradient: L and U of P, L, U are 0 and 1.
        """
        if self.operation is None or len(self.operation.results) == 1:
            return self.results
        keys = enumerate(self.operation.result_keys)
        found = {
            position: self.results[key[1]]
            for position, key in keys
            if isinstance(key, tuple) and key[0] is self.node and key[1] in self.results
        }
        return found if len(found) == len(self.results) else self.results


def node_name(node: Node) -> str:
    """Return a readable operation name for an autograd node: `MulBackward0` → `mul`."""
    return _readable(node.name())


@cache
def _readable(full_name: str) -> str:
    name = full_name.rsplit("::", 1)[-1]
    stem = re.sub(r"Backward\d*$", "", name)
    if stem == name or not name[-1].isdigit():
        return stem
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", stem).lower()


_slot = cache(Slot)


def match(
    operation: Operation, node: Node, parents: tuple[ValueKey | None, ...]
) -> tuple[Slot | None, ...] | None:
    """Return by which argument each of the node's inputs came, or None where they do not agree.

    The operation is the node's own when autograd was on, the names agree, and the operands
    that carry a gradient are, in order, the node's inputs.
    """
    if not operation.grad_enabled or not _same_name(node.name(), operation.function):
        return None
    positional, _ = argument_names(operation.function)
    carrying = iter(operation.keys)
    slots: list[Slot] = []
    keys: list[ValueKey] = []

    def take(name: str, member: int | None) -> None:
        key = next(carrying)
        if key is not None:
            slots.append(_slot(name, member))
            keys.append(key)

    for name, item in (*zip(positional, operation.args, strict=False), *operation.kwargs.items()):
        if type(item) is Ref:
            take(name, None)
        elif type(item) is tuple:
            for k, _ in enumerate(flat_refs(item)):
                take(name, k)
    if keys != [parent for parent in parents if parent is not None]:
        return None
    if len(keys) == len(parents):
        return tuple(slots)
    found = iter(slots)
    return tuple([None if parent is None else next(found) for parent in parents])


@cache
def _same_name(node: str, function: OpOverload) -> bool:
    return _plain(_readable(node)) == _plain(base_name(function))


def _plain(name: str) -> str:
    return name.replace("_forward", "").replace("_", "").lower()
