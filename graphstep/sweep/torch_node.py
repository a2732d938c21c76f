"""What torch's own node contributes, for an operation that has no row of ours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from torch import Tensor
from torch.autograd.graph import Node

from graphstep.recording.internals import is_python_node, output_count
from graphstep.sweep.user_code import Terms, UserCode


def node_terms(node: Node, adjoints: Mapping[int, Tensor], user_code: UserCode) -> Terms:
    """Return one term for each of the node's `next_functions`, None where it gives none.

    `adjoints` maps output numbers of the node to adjoints, those that arrived. A C++ node is
    called as it is, and its terms may still have broadcast axes. The backward of a
    `torch.autograd.Function` is the user's code, and so is a hook that changed what a node gave:
    what torch's engine had of these is taken. The graph is not released.
    """
    heard = user_code.terms.get(node)
    if heard is not None:
        return heard
    if is_python_node(node):
        return (None,) * len(node.next_functions)
    count = output_count(node) or 0
    call: Any = node  # torch's own type of a node does not say that it can be called
    found = call(*(adjoints.get(number) for number in range(count)))
    return found if isinstance(found, tuple) else (found,)
