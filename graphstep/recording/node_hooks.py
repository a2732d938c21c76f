"""The user's hooks on the nodes of torch's graph."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from torch.autograd.graph import Node
from torch.utils.hooks import RemovableHandle

from graphstep.recording.internals import HookTable


@dataclass(frozen=True, slots=True)
class NodeHooks:
    """Hold the tables of `register_prehook` and `register_hook`, of the nodes that have any."""

    before: Mapping[Node, HookTable] = field(default_factory=dict)
    after: Mapping[Node, HookTable] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def node_hooks(nodes: Iterable[Node]) -> NodeHooks:
    """Return the user's hooks on nodes.

    Torch shows a node's hooks to nobody but a handle: one is registered for a moment.
    """
    before: dict[Node, HookTable] = {}
    after: dict[Node, HookTable] = {}
    for node in nodes:
        for found, register in ((before, node.register_prehook), (after, node.register_hook)):
            table = _table(register(_nothing))
            if table:
                found[node] = table
    return NodeHooks(before, after)


def _table(handle: RemovableHandle) -> HookTable:
    table = handle.hooks_dict_ref()
    handle.remove()
    return {} if table is None else table


def _nothing(*given: object) -> None:
    """Leave the gradients as they are."""
