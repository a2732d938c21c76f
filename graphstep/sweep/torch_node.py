"""What torch's own node contributes, for an operation that has no row of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor
from torch.autograd.graph import GradientEdge, Node

from graphstep.recording.internals import output_count

Terms = tuple[Tensor | None, ...]


def node_terms(node: Node, adjoints: Mapping[int, Tensor], unhooked: Mapping[int, Tensor]) -> Terms:
    """Return one term for each of the node's `next_functions`, None where it gives none.

    `adjoints` maps output numbers of the node to adjoints, those that arrived; `unhooked` holds
    them as they were before the user's hooks, where there are any. A C++ node is called as it
    is, and its terms may still have broadcast axes; a Python one (`torch.autograd.Function`)
    runs in torch's engine, which prepares its arguments and runs the hooks itself. Reentrant
    checkpointing runs a backward of its own and refuses the engine's `grad`, so that its
    `backward` is called by hand. The graph is not released.
    """
    if "CheckpointFunction" in node.name():
        return _by_hand(node, adjoints)
    count = output_count(node) or 0
    if not count or not callable(node):
        return _by_engine(node, {**adjoints, **unhooked})
    found = node(*(adjoints.get(number) for number in range(count)))
    return found if isinstance(found, tuple) else (found,)


def _by_hand(node: Any, adjoints: Mapping[int, Tensor]) -> Terms:
    given = node.apply(*(adjoints.get(number) for number in range(1 + max(adjoints))))
    # One entry for each argument of `forward`, tensor or not; the node's inputs are tensors only.
    terms = iter([g for g, needed in zip(given, node.needs_input_grad, strict=True) if needed])
    return tuple(None if below is None else next(terms) for below, _ in node.next_functions)


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
