"""Name the leaves: the inputs that the user gave, a module's parameters, and any others."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from graphstep.graph.walk import Reached
from graphstep.recording.operation import ValueKey


def name_leaves(
    reached: Reached,
    inputs: Mapping[str, torch.Tensor],
    leaf_names: Mapping[int, str],
    first_seen: Mapping[ValueKey, int],
) -> dict[int, tuple[str, torch.Tensor]]:
    """Return id → (name, leaf): the named inputs, the parameters, then others by first use.

    `leaf_names` names parameters by id; a leaf of no name is `leaf_1`, `leaf_2`, ….
    """
    named = {id(leaf): (name, leaf) for name, leaf in inputs.items() if leaf.requires_grad}
    order = {key: place for place, key in enumerate(leaf_names)}
    others = [key for key in reversed(reached.leaves) if key not in named]
    if others:
        seen = {key: place for place, key in enumerate(first_seen)}
        others.sort(key=lambda key: (order.get(key, len(order)), seen.get(key, 0)))
    unnamed = 0
    for key in others:
        name = leaf_names.get(key)
        if name is None:
            unnamed += 1
            name = f"leaf_{unnamed}"
        named[key] = (name, reached.leaves[key])
    return named


def nothing_to_differentiate(inputs: Mapping[str, torch.Tensor]) -> str:
    """Say that no leaf that carries a gradient leads to the output."""
    if not inputs:
        return "the output depends on no tensor that requires a gradient"
    names = ", ".join(inputs)
    return f"the output depends on no input that can carry a gradient (inputs: {names})"
