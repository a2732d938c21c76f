"""Which of the tensors seen share a storage, so that all of them change in one write."""

from __future__ import annotations

import torch

from graphstep.recording.internals import is_fake
from graphstep.recording.operation import Ref


class Storages:
    """Find the Refs whose tensors lie where a write is about to go.

    `unsorted` takes every new Ref; they are sorted by their storage before a write, and no sooner.
    """

    def __init__(self) -> None:
        self.unsorted: list[Ref] = []
        self._refs: dict[int, list[Ref]] = {}

    def take(self, target: torch.Tensor) -> list[Ref]:
        """Return the Refs that share the storage of `target`, and forget them."""
        for ref in self.unsorted:
            self._refs.setdefault(_storage(ref.tensor), []).append(ref)
        self.unsorted.clear()
        return self._refs.pop(_storage(target), [])


def _storage(tensor: torch.Tensor) -> int:
    if tensor.layout != torch.strided or is_fake(tensor):
        return id(tensor)
    try:
        return tensor.untyped_storage().data_ptr()
    except RuntimeError:
        # So torch says that a transform of torch.func, which had wrapped it, is over.
        return id(tensor)
