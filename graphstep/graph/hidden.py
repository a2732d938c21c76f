"""Leaves that torch's graph does not show: parameters used inside a reentrant checkpoint."""

from __future__ import annotations

from collections.abc import Sequence

from torch.autograd.graph import Node

from graphstep.graph.walk import Reached
from graphstep.recording.internals import is_view_of_leaf
from graphstep.recording.operation import Operation
from graphstep.recording.recorder import Recorder


def add_hidden_leaves(reached: Reached, recorder: Recorder) -> None:
    """Make every leaf used inside a reentrant checkpoint an operand of its node.

    Such a node computes under no_grad and runs a backward of its own, which fills the `.grad` of
    these leaves past the graph. They follow the node's own operands, in the order of their use.
    """
    for node, keys in reached.parents.items():
        if "CheckpointFunction" not in node.name():
            continue
        used = dict.fromkeys(
            key
            for operation in _inside(node, recorder.operations)
            for key in operation.keys
            if isinstance(key, int)
            and key not in keys
            and not is_view_of_leaf(recorder.leaves[key])
        )
        reached.leaves.update((key, recorder.leaves[key]) for key in used)
        reached.parents[node] = (*keys, *used)


def _inside(node: Node, operations: Sequence[Operation]) -> Sequence[Operation]:
    """Return what ran under no_grad up to the node's last result, and after any other value."""
    after = len(operations)
    while after and not _gives(operations[after - 1], node):
        after -= 1
    first = after
    while first and (_gives(operations[first - 1], node) or _gives_nothing(operations[first - 1])):
        first -= 1
    return operations[first:after]


def _gives(operation: Operation, node: Node) -> bool:
    return any(isinstance(key, tuple) and key[0] is node for key in operation.result_keys)


def _gives_nothing(operation: Operation) -> bool:
    return not operation.grad_enabled and not any(
        isinstance(key, tuple) for key in operation.result_keys
    )
