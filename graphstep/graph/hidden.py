"""Leaves that torch's graph does not show: parameters used inside a reentrant checkpoint."""

from __future__ import annotations

from collections.abc import Sequence

from torch.autograd.graph import Node

from graphstep.graph.walk import Reached
from graphstep.recording.internals import is_view_of_leaf
from graphstep.recording.operation import Operation, ValueKey
from graphstep.recording.recorder import Recorder

CHECKPOINT = "CheckpointFunction"
"""What the node of a reentrant checkpoint has in its name."""


def add_hidden_leaves(reached: Reached, recorder: Recorder) -> None:
    """Make every leaf used inside a reentrant checkpoint an operand of its node.

    Such a node computes under no_grad and runs a backward of its own, which fills the `.grad` of
    these leaves past the graph. They follow the node's own operands, in the order of their use.
    """
    nodes = [node for node in reached.parents if CHECKPOINT in node.name()]
    cast = _cast_leaves(recorder.operations) if nodes else {}
    for node in nodes:
        keys = reached.parents[node]
        used = dict.fromkeys(
            leaf
            for operation in _inside(node, recorder.operations)
            if not _casts_a_leaf(operation)
            for key in operation.keys
            if isinstance(leaf := key if key is None else cast.get(key, key), int)
            and leaf not in keys
            and not is_view_of_leaf(recorder.leaves[leaf])
        )
        reached.leaves.update((key, recorder.leaves[key]) for key in used)
        reached.parents[node] = (*keys, *used)


def _cast_leaves(operations: Sequence[Operation]) -> dict[ValueKey, int]:
    """Return the leaf of every cast of one; autocast casts it once, with autograd on."""
    return {
        result: leaf
        for operation in filter(_casts_a_leaf, operations)
        for result, leaf in zip(operation.result_keys, operation.keys, strict=False)
        if isinstance(leaf, int) and result is not None
    }


def _casts_a_leaf(operation: Operation) -> bool:
    return (
        operation.kind.name == "_to_copy"
        and operation.grad_enabled
        and any(isinstance(key, int) for key in operation.keys)
    )


def _inside(node: Node, operations: Sequence[Operation]) -> Sequence[Operation]:
    """Return what ran under no_grad up to the node's last result, and after any other value."""
    after = len(operations)
    while after and not _gives(operations[after - 1], node):
        after -= 1
    first = after
    while first and _may_be_inside(operations[first - 1], node):
        first -= 1
    return operations[first:after]


def _may_be_inside(operation: Operation, node: Node) -> bool:
    return _gives(operation, node) or _gives_nothing(operation) or _casts_a_leaf(operation)


def _gives(operation: Operation, node: Node) -> bool:
    return any(isinstance(key, tuple) and key[0] is node for key in operation.result_keys)


def _gives_nothing(operation: Operation) -> bool:
    return not operation.grad_enabled and not any(
        isinstance(key, tuple) for key in operation.result_keys
    )
