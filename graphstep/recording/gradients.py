"""Keep the `.grad` of the user's leaves while a real backward runs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

import torch


@contextmanager
def kept_gradients(leaves: Iterable[torch.Tensor]) -> Iterator[None]:
    """Empty the `.grad` of every leaf, and put back what was there, whatever happens."""
    kept = [(leaf, leaf.grad) for leaf in leaves]
    for leaf, _ in kept:
        leaf.grad = None
    try:
        yield
    finally:
        for leaf, gradient in kept:
            leaf.grad = gradient
