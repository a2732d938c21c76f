"""Walk torch's own graph back from the outputs: what the gradient passes through, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import torch

from graphstep.recording.operation import ValueKey, value_key

if TYPE_CHECKING:
    from torch.autograd.graph import Node


@dataclass(slots=True)
class Reached:
    """Hold every autograd node behind the outputs, with the values that each takes.

    `parents` maps a node to one entry for each of its `next_functions`: the ValueKey of the
    value there, or None where no gradient goes. `leaves` maps id(leaf) to the leaf tensor,
    `accumulators` to the node that gathers its gradient.
    """

    parents: dict[Node, tuple[ValueKey | None, ...]] = field(default_factory=dict)
    leaves: dict[int, torch.Tensor] = field(default_factory=dict)
    accumulators: dict[int, Node] = field(default_factory=dict)


def walk_back(outputs: Iterable[torch.Tensor]) -> Reached:
    """Collect the nodes and leaves behind `outputs`, each once, without recursion."""
    reached = Reached()
    waiting: list[Node] = []
    for output in outputs:
        key = value_key(output)
        if isinstance(key, tuple):
            waiting.append(key[0])
        elif key is not None:
            reached.leaves[key] = output
    while waiting:
        node = waiting.pop()
        if node in reached.parents:
            continue
        keys: list[ValueKey | None] = []
        for parent, number in node.next_functions:
            if parent is None:
                keys.append(None)
            elif not parent.next_functions and isinstance(
                leaf := getattr(parent, "variable", None), torch.Tensor
            ):
                reached.leaves[id(leaf)] = leaf
                reached.accumulators[id(leaf)] = parent
                keys.append(id(leaf))
            else:
                keys.append((parent, number))
                waiting.append(parent)
        reached.parents[node] = tuple(keys)
    return reached
