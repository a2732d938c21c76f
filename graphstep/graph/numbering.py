"""Number the values: inputs v_{1-n} … v_0, then one v_i for each value that carries a gradient."""

from __future__ import annotations

import heapq
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Literal

from torch.autograd.graph import Node

from graphstep.recording.operation import ValueKey

Order = Literal["evaluation", "level"]
_Parents = Mapping[Node, tuple[ValueKey | None, ...]]


def number(
    parents: _Parents,
    outputs: Sequence[ValueKey],
    inputs: Sequence[int],
    evaluated: Mapping[Node, float],
    order: Order,
) -> dict[ValueKey, int]:
    """Give every reached value its i.

    `inputs` are the ids of the leaves in the order of v_{1-n} … v_0; `evaluated` says when each
    node was seen to run, as far as known. `order="evaluation"` numbers as the program ran,
    `"level"` by depth with ties as the program ran (Baydin et al. 2018, Tables 2 and 3). Either
    way a value comes after everything that it is computed from.
    """
    ready = evaluation_order(parents, evaluated)
    if order == "level":
        depth: dict[Node, int] = {}
        for node in ready:
            above = [depth[k[0]] for k in parents[node] if isinstance(k, tuple)]
            depth[node] = 1 + max(above, default=0)
        ready.sort(key=depth.__getitem__)
    used: dict[Node, list[tuple[Node, int]]] = {node: [] for node in ready}
    for keys in (*parents.values(), outputs):
        for key in keys:
            if type(key) is tuple:
                used[key[0]].append(key)
    numbers: dict[ValueKey, int] = {
        leaf: position - len(inputs) + 1 for position, leaf in enumerate(inputs)
    }
    i = 0
    for uses in used.values():
        for own in uses if len(uses) == 1 else sorted(set(uses), key=_output_number):
            i += 1
            numbers[own] = i
    return numbers


_output_number = itemgetter(1)


def evaluation_order(parents: _Parents, evaluated: Mapping[Node, float]) -> list[Node]:
    """Sort nodes as they ran, each after its parents; one of unknown time follows these."""
    as_seen = _as_seen(parents, evaluated)
    if as_seen is not None:
        return as_seen
    children: dict[Node, list[Node]] = {node: [] for node in parents}
    missing: dict[Node, int] = {}
    for node, keys in parents.items():
        above = {key[0] for key in keys if isinstance(key, tuple)}
        missing[node] = len(above)
        for parent in above:
            children[parent].append(node)
    count = 0
    heap: list[tuple[float, int, Node]] = []
    for node, left in missing.items():
        if not left:
            heapq.heappush(heap, (evaluated.get(node, -1.0), count, node))
            count += 1
    ready: list[Node] = []
    while heap:
        time, _, node = heapq.heappop(heap)
        ready.append(node)
        for child in children[node]:
            missing[child] -= 1
            if not missing[child]:
                heapq.heappush(heap, (evaluated.get(child, time), count, child))
                count += 1
    return ready


def _as_seen(parents: _Parents, evaluated: Mapping[Node, float]) -> list[Node] | None:
    """Return the nodes in the order in which they were seen, if each comes after its parents."""
    if len(evaluated) < len(parents):
        return None
    ready = sorted(parents, key=evaluated.__getitem__)
    for node in ready:
        time = evaluated[node]
        for key in parents[node]:
            if type(key) is tuple and evaluated[key[0]] >= time:
                return None
    return ready
