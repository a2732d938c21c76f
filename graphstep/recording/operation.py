"""What is kept of one operation of the forward run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import CodeType
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

import torch
from torch.autograd.graph import Node

from graphstep.recording.kind import Kind
from graphstep.recording.place import Place

if TYPE_CHECKING:
    from torch._ops import OpOverload

ValueKey: TypeAlias = tuple[Node, int] | int
"""Names a value with a gradient: (grad_fn, output_nr), or the id() of a leaf tensor."""

Keep = Literal["all", "summary"]
"""Whether a recording keeps every value, or a summary of each."""

RawPlace: TypeAlias = tuple[CodeType, int] | Place | None
"""A code object and its last instruction, decoded only when somebody asks."""


class Ref:
    """Hold a tensor as one operation saw it; an in-place write later swaps in a clone.

    `key` is the value that it was seen to hold, once autograd gave it a node: only a write could
    give it another, and what was written to gets another Ref.
    """

    __slots__ = ("__weakref__", "key", "tensor")

    def __init__(self, tensor: torch.Tensor) -> None:
        self.tensor = tensor
        self.key: tuple[Node, int] | None = None


@dataclass(slots=True)
class Operation:
    """Record one aten call: what went in (tensors as Ref), what came out, and from where.

    `keys` holds, for each tensor among the arguments in flattened order, the ValueKey it had
    before the call, or None for a constant; `result_keys` the same for the results, read after
    autograd has attached its node.
    """

    index: int
    kind: Kind
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    keys: tuple[ValueKey | None, ...]
    grad_enabled: bool
    raw_place: RawPlace
    module: str
    results: tuple[Ref, ...] = ()
    result_keys: tuple[ValueKey | None, ...] = ()

    @property
    def function(self) -> OpOverload:
        """The overload that ran."""
        return self.kind.function

    def operand_refs(self) -> Iterator[Ref]:
        """Yield the tensors among the arguments, flattened in the order of `keys`."""
        return flat_refs((*self.args, *self.kwargs.values()))


def flat_refs(items: Any) -> Iterator[Ref]:
    """Yield every Ref in nested lists and tuples, left to right."""
    for item in items:
        if type(item) is Ref:
            yield item
        elif isinstance(item, (list, tuple)):
            yield from flat_refs(item)


def value_key(tensor: torch.Tensor) -> ValueKey | None:
    """Return the key of the value that a tensor holds now, or None where no gradient passes."""
    try:
        node = tensor.grad_fn
    except RuntimeError:
        # So torch refuses to tell the node of a view from under no_grad that was written to since.
        return None
    if node is not None:
        return node, tensor.output_nr
    return id(tensor) if tensor.requires_grad else None


def resolved_by(operation: Operation) -> ValueKey | None:
    """Return the value of which a settled operation resolved a conjugate or negative view.

    Below autograd a kernel that knows no lazy conjugates gets such a copy for an operand.
    """
    if operation.kind.name != "clone" or not operation.grad_enabled:
        return None
    source, copy = operation.args[0], operation.results[0].tensor
    if type(source) is not Ref or operation.result_keys != (None,):
        return None
    lazy = source.tensor.is_conj() or source.tensor.is_neg()
    return operation.keys[0] if lazy and not (copy.is_conj() or copy.is_neg()) else None
