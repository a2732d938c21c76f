"""Name the leaves: the inputs that the user gave, a module's parameters, and any others."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping

import torch

from graphstep.graph.walk import Reached
from graphstep.recording.operation import ValueKey


def name_leaves(
    reached: Reached,
    inputs: Mapping[str, torch.Tensor],
    parameters: Mapping[str, torch.Tensor],
    around: Mapping[int, str],
    first_seen: Mapping[ValueKey, int],
) -> dict[int, tuple[str, torch.Tensor]]:
    """Return id → (name, leaf): the named inputs, the parameters, then others by first use.

    Inputs and parameters that require a gradient are there whether one reaches them or not; any
    other leaf that one reaches has its name of `around`, or is `leaf_1`, `leaf_2`, …. No two have
    the same name.
    """
    named: dict[int, tuple[str, torch.Tensor]] = {}
    for given in (inputs, parameters):
        for name, leaf in given.items():
            if leaf.requires_grad:
                named.setdefault(id(leaf), (name, leaf))
    others = [key for key in reversed(reached.leaves) if key not in named]
    if others:
        seen = {key: place for place, key in enumerate(first_seen)}
        others.sort(key=lambda key: seen.get(key, 0))
    unnamed = itertools.count(1)
    for key in others:
        named[key] = (around.get(key) or f"leaf_{next(unnamed)}", reached.leaves[key])
    names = distinct(name for name, _ in named.values())
    return {key: (name, leaf) for name, (key, (_, leaf)) in zip(names, named.items(), strict=True)}


def distinct(names: Iterable[str]) -> list[str]:
    """Return the names in order; one that was there before ends in a number: `x_2`."""
    found: dict[str, None] = {}
    for name in names:
        own, count = name, 1
        while own in found:
            count += 1
            own = f"{name}_{count}"
        found[own] = None
    return list(found)


def nothing_to_differentiate(inputs: Mapping[str, torch.Tensor]) -> str:
    """Say that no leaf that carries a gradient leads to the output."""
    if not inputs:
        return "the output depends on no tensor that requires a gradient"
    names = ", ".join(inputs)
    return f"the output depends on no input that can carry a gradient (inputs: {names})"
