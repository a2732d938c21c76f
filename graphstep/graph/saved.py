"""Values that nobody recorded, read from what autograd saved for its backward."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import torch
from torch.autograd.graph import Node

from graphstep.graph.application import node_name
from graphstep.graph.walk import Reached
from graphstep.recording.internals import output_metadata, saved_values, tensor_names
from graphstep.recording.operation import ValueKey


def saved_tensors(reached: Reached) -> Iterator[tuple[ValueKey, torch.Tensor]]:
    """Yield the values that the reached nodes kept, operands and results alike.

    A saved tensor counts as a value only where torch's names leave no doubt which one it is,
    and its shape is that of the value.
    """
    for node, parents in reached.parents.items():
        saved = saved_values(node)
        if "result" in saved:
            yield from _fitting((node, 0), saved["result"])
        names = _names(node_name(node), len(parents))
        for name, key in zip(names, parents, strict=False):
            if isinstance(key, tuple) and name in saved:
                yield from _fitting(key, saved[name])


def _fitting(
    key: tuple[Node, int], tensor: torch.Tensor
) -> Iterator[tuple[ValueKey, torch.Tensor]]:
    metadata = output_metadata(*key)
    if metadata is None or metadata[0] == tuple(tensor.shape):
        yield key, tensor.detach()


@cache
def _names(operation: str, inputs: int) -> tuple[str, ...]:
    """Return the operand names that the node's inputs go by, where one overload fits."""
    packet = getattr(torch.ops.aten, operation, None)
    if packet is None:
        return ()
    for overload in packet.overloads():
        names = tensor_names(getattr(packet, overload))
        if len(names) == inputs:
            return names
    return ()
