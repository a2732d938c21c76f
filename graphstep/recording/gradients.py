"""Leave the user's `.grad` fields and hooks as they were, whatever a real backward does to them."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager

import torch
from torch.autograd.graph import Node

from graphstep.recording.internals import HookTable, accumulation_table


@contextmanager
def kept_gradients(tensors: Iterable[torch.Tensor]) -> Iterator[None]:
    """Empty the `.grad` of every tensor, and put back what was there.

    What the user has run once a `.grad` is there (an optimizer's step, say) is not ours to run.
    """
    kept = [(tensor, tensor.grad) for tensor in tensors]
    tables = [table for tensor, _ in kept if (table := accumulation_table(tensor)) is not None]
    for tensor, _ in kept:
        tensor.grad = None
    try:
        with emptied(tables):
            yield
    finally:
        for tensor, gradient in kept:
            tensor.grad = gradient


def retaining(nodes: Collection[Node]) -> list[torch.Tensor]:
    """Return every tensor that `retain_grad` was called on, among what the nodes gave.

    For graphs whose tensors nobody saw: a node does not say which tensor holds what it gave, so all
    of Python's objects are looked through.
    """
    tensors = [o for o in gc.get_objects() if issubclass(type(o), torch.Tensor)]
    # First the flag: torch refuses the node of a view from under no_grad that was written to since.
    return [t for t in tensors if t.retains_grad and t.grad_fn in nodes]


@contextmanager
def emptied(tables: Iterable[HookTable]) -> Iterator[None]:
    """Empty tables of hooks, and put back what was in them."""
    kept = [(table, dict(table)) for table in tables]
    for table, _ in kept:
        table.clear()
    try:
        yield
    finally:
        for table, hooks in kept:
            table.clear()
            table.update(hooks)
