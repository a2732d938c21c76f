"""One operation of torch's graph, joined with what the recorder saw of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from graphstep.recording.internals import argument_names, base_name
from graphstep.recording.operation import Operation, Ref, ValueKey, flat_refs

if TYPE_CHECKING:
    from torch._ops import OpOverload
    from torch.autograd.graph import Node

    from graphstep.format.formula import Formula


class Slot(NamedTuple):
    """Name the argument that one differentiable operand came in by; `member` counts in lists."""

    argument: str
    member: int | None = None


class Wording(NamedTuple):
    """Hold what a file keeps of an operation: its formula, and its rule's by operand position."""

    forward: Formula
    rules: Mapping[int, Formula]


class Application(NamedTuple):
    """Apply one operation to values v_k, giving one or more values v_i.

    `parents` has one entry for each of the node's `next_functions`: the number k of the value,
    or None; after these come leaves that only the node's own backward reaches. `slots` says, at
    the same positions, by which argument it came; it is empty where no recorded operation could
    be matched with the node beyond doubt (a custom Function, an in-place write through a view),
    and then `operation` is None.
    `results` maps the node's output numbers to the v_i that the gradient passes through;
    `first` is the lowest v_i among the results. `wording` stands in for the operation in a
    trace that was loaded from a file.
    """

    node: Node
    name: str
    operation: Operation | None
    parents: tuple[int | None, ...]
    slots: tuple[Slot | None, ...]
    results: Mapping[int, int]
    first: int
    wording: Wording | None = None

    @property
    def by_slot(self) -> dict[Slot, int]:
        """Map the arguments of the recorded operation to the v_k that came in by them."""
        pairs = zip(self.slots, self.parents, strict=False)
        return {slot: k for slot, k in pairs if slot is not None and k is not None}

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
    # Copies of views end in `Backward0_copy`, and one node is named CopyBackwards.
    stem = re.sub(r"Backwards?\d*(_copy)?$", r"\1", name)
    if stem == name or not name[-1].isdigit():
        return stem
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", stem).lower()


def match(
    operation: Operation, node: Node, parents: tuple[ValueKey | None, ...]
) -> tuple[Slot | None, ...] | None:
    """Return by which argument each of the node's inputs came, or None where they do not agree.

    The operation is the node's own when autograd was on, the names agree, and the operands
    that carry a gradient are, in order, the node's inputs.
    """
    if not operation.grad_enabled:
        return None
    keys = [key for key in operation.keys if key is not None]
    if keys != [parent for parent in parents if parent is not None]:
        return None
    form = tuple([_form(item) for item in operation.args])
    carrying = tuple([key is not None for key in operation.keys])
    named = tuple([(name, _form(item)) for name, item in operation.kwargs.items()])
    slots = _slots(operation.function, node.name(), form, named, carrying)
    if slots is None or len(slots) == len(parents):
        return slots
    found = iter(slots)
    return tuple([None if parent is None else next(found) for parent in parents])


def _form(item: Any) -> int:
    """Return how many tensors an argument holds: 1 for a tensor, 0 - n for a list of n."""
    if type(item) is Ref:
        return 1
    return -sum(1 for _ in flat_refs(item)) if type(item) is tuple else 0


@lru_cache(maxsize=4096)
def _slots(
    function: OpOverload,
    node: str,
    form: tuple[int, ...],
    named: tuple[tuple[str, int], ...],
    carrying: tuple[bool, ...],
) -> tuple[Slot, ...] | None:
    """Return the slots of the operands that carry a gradient, worked out once a kind of call."""
    if not _same_name(node, function):
        return None
    positional, _ = argument_names(function)
    given = [*zip(positional, form, strict=False), *named]
    every: list[Slot] = []
    for name, count in given:
        every += [Slot(name)] if count == 1 else [Slot(name, k) for k in range(-count)]
    return tuple([slot for slot, carries in zip(every, carrying, strict=True) if carries])


@cache
def _same_name(node: str, function: OpOverload) -> bool:
    return _plain(_readable(node)) == _plain(base_name(function))


def _plain(name: str) -> str:
    return name.replace("_forward", "").replace("_", "").lower()
