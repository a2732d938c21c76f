"""Steps that torch's graph has inside of one node, each with a node of ours to go by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from torch.autograd.graph import Node


@dataclass(frozen=True, slots=True, eq=False)
class InnerNode:
    """Stand for a step inside of torch's node `within`, of which it is not the last.

    No engine knows it: it can be told apart, and no hook can be registered on it.
    """

    full_name: str
    within: Node

    def name(self) -> str:
        return self.full_name


def inner_node(name: str, within: Node) -> Node:
    """Return a new node for a step inside of one of torch's."""
    return cast("Node", InnerNode(name, within))
