"""One operation of torch's graph, joined with what the recorder saw of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from graphstep.recording.internals import argument_names
from graphstep.recording.kind import Kind
from graphstep.recording.operation import Operation, Ref, ValueKey, flat_refs

if TYPE_CHECKING:
    from torch.autograd.graph import Node

    from graphstep.format.formula import Formula, Sum


class Slot(NamedTuple):
    """Name the argument that one differentiable operand came in by; `member` counts in lists."""

    argument: str
    member: int | None = None


class Wording(NamedTuple):
    """Hold what a file keeps of an operation: its formulas, the rule's by operand position."""

    forward: Formula
    rules: Mapping[int, Formula]
    tangent: Sum | None = None


@dataclass(slots=True, eq=False)
class Application:
    """Apply one operation to values v_k, giving one or more values v_i.

    `parents` has one entry for each of the node's `next_functions`: the number k of the value,
    or None; after these come leaves that only the node's own backward reaches. `slots` says, at
    the same positions, by which argument it came; it is empty where no recorded operation could
    be matched with the node beyond doubt (a custom Function), and then `operation` is None.
    `results` maps the node's output numbers to the v_i that the gradient passes through;
    `first` is the lowest v_i among the results. `wording` stands in for the operation in a
    trace that was loaded from a file. `is_step` says that the node does more than the operation,
    or is none of torch's: a node was taken apart, and this is one of its steps.
    """

    node: Node
    name: str
    operation: Operation | None
    parents: tuple[int | None, ...]
    slots: tuple[Slot | None, ...]
    results: Mapping[int, int]
    first: int
    wording: Wording | None = None
    is_step: bool = False

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
        if self.operation is None:
            return self.results
        if len(self.operation.results) == 1:
            # Of a backward's outputs those that nobody asked for are left out.
            return self.results if 0 in self.results else {0: self.first}
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
    operation: Operation, node: str, parents: tuple[ValueKey | None, ...]
) -> tuple[Slot | None, ...] | None:
    """Return by which argument each input of a node came, or None where they do not agree.

    `node` is the node's name. The operation is its own when autograd was on, the names agree, and
    the operands that carry a gradient are, in order, the node's inputs.
    """
    if not operation.grad_enabled:
        return None
    keys = operation.keys
    # Neither a node nor an id is false: what is left out are constants.
    if keys != parents and tuple(filter(None, keys)) != tuple(filter(None, parents)):
        return None
    form: tuple[_Form, ...] = tuple(map(type, operation.args))
    if tuple in form:
        form = tuple([_form(item) for item in operation.args])
    named: tuple[tuple[str, _Form], ...] = ()
    if operation.kwargs:
        named = tuple([(name, _form(item)) for name, item in operation.kwargs.items()])
    carrying = tuple(map(bool, keys)) if None in keys else None
    taken = tuple(map(bool, parents)) if None in parents else None
    return _slots(operation.kind, node, form, named, carrying, taken)


_Form: TypeAlias = type | int
"""What an argument holds: its type, or of a list how many tensors."""


def _form(item: Any) -> _Form:
    return sum(1 for _ in flat_refs(item)) if type(item) is tuple else type(item)


@lru_cache(maxsize=4096)
def _slots(
    kind: Kind,
    node: str,
    form: tuple[_Form, ...],
    named: tuple[tuple[str, _Form], ...],
    carrying: tuple[bool, ...] | None,
    taken: tuple[bool, ...] | None,
) -> tuple[Slot | None, ...] | None:
    """Return the slots of the node's inputs, worked out once a kind of call.

    `carrying` says of every operand whether it carries a gradient, `taken` of every input of the
    node whether one goes there; None is all of them.
    """
    if _plain(_readable(node)) != _plain(kind.name):
        return None
    positional, _ = argument_names(kind.function)
    every: list[Slot] = []
    for name, held in (*zip(positional, form, strict=False), *named):
        if held is Ref:
            every.append(Slot(name))
        elif isinstance(held, int):
            every += [Slot(name, k) for k in range(held)]
    if carrying is not None:
        every = [slot for slot, carries in zip(every, carrying, strict=True) if carries]
    if taken is None:
        return tuple(every)
    found = iter(every)
    return tuple([next(found) if goes else None for goes in taken])


def _plain(name: str) -> str:
    return name.replace("_forward", "").replace("_", "").lower()
