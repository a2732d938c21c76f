"""What torch's own node contributes, for an operation that has no row of ours."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from graphstep.recording.internals import output_count

Terms = tuple[Tensor | None, ...]


def node_terms(node: Node, adjoints: Mapping[int, Tensor]) -> Terms:
    """Return one term for each of the node's `next_functions`, None where it gives none.

    `adjoints` maps output numbers of the node to adjoints, those that arrived. A C++ node is
    called as it is, and its terms may still have broadcast axes; a Python one
    (`torch.autograd.Function`) runs in torch's engine, which prepares its arguments. The graph
    is not released.
    """
    count = output_count(node)
    if count is None or not callable(node):
        return _by_engine(node, adjoints)
    found = node(*(adjoints.get(number) for number in range(count)))
    return found if isinstance(found, tuple) else (found,)


def _by_engine(node: Node, adjoints: Mapping[int, Tensor]) -> Terms:
    seen: list[Terms] = []
    handle = node.register_hook(lambda below, above: seen.append(tuple(below)))
    targets = [GradientEdge(n, number) for n, number in node.next_functions if n is not None]
    try:
        torch.autograd.grad(
            [GradientEdge(node, number) for number in adjoints],
            targets,
            list(adjoints.values()),
            retain_graph=True,
            allow_unused=True,
        )
    finally:
        handle.remove()
    return seen[0]
