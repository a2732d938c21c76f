"""One operation of torch's graph, joined with what the recorder saw of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from graphstep.recording.internals import argument_names, base_name
from graphstep.recording.operation import Operation, Ref, ValueKey, flat_refs

if TYPE_CHECKING:
    from torch.autograd.graph import Node


@dataclass(frozen=True, slots=True)
class Slot:
    """Name the argument that one differentiable operand came in by; `member` counts in lists."""

    argument: str
    member: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Application:
    """Apply one operation to values v_k, giving one or more values v_i.

    `parents` has one entry for each of the node's `next_functions`: the number k of the value,
    or None. `slots` says, at the same positions, by which argument it came; it is empty where
    no recorded operation could be matched with the node beyond doubt (a custom Function, an
    in-place write through a view), and then `operation` is None.
    `results` maps the node's output numbers to the v_i that the gradient passes through,
    `by_slot` the arguments of the recorded operation to the v_k that came in by them.
    """

    node: Node
    name: str
    operation: Operation | None
    parents: tuple[int | None, ...]
    slots: tuple[Slot | None, ...]
    results: Mapping[int, int]
    by_slot: Mapping[Slot, int]

    @property
    def first(self) -> int:
        """Return the lowest v_i among the results."""
        return min(self.results.values())

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
    if not operation.grad_enabled or _plain(node_name(node)) != _plain(
        base_name(operation.function)
    ):
        return None
    positional, _ = argument_names(operation.function)
    named = [*zip(positional, operation.args, strict=False), *operation.kwargs.items()]
    slots: list[Slot] = []
    for name, item in named:
        if type(item) is Ref:
            slots.append(_slot(name, None))
        elif isinstance(item, tuple):
            slots.extend(_slot(name, k) for k, _ in enumerate(flat_refs(item)))
    carrying = [(s, k) for s, k in zip(slots, operation.keys, strict=True) if k is not None]
    wanted = [p for p in parents if p is not None]
    if [k for _, k in carrying] != wanted:
        return None
    found = iter(carrying)
    return tuple(None if p is None else next(found)[0] for p in parents)


@cache
def _plain(name: str) -> str:
    return name.replace("_forward", "").replace("_", "").lower()
