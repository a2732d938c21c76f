"""The lecture's pages that compute something, by name and in the lecture's order.

Importing this loads no torch: a demo is words, which the command line runs like a user's.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import chain

from graphstep.demos import autograd, derivatives, descent, gallery, losses
from graphstep.demos.demo import Demo, Group

__all__ = ["DEMOS", "FIRST", "GROUPS", "Demo", "Group"]

GROUPS: tuple[Group, ...] = (
    losses.LOSSES,
    derivatives.RULES,
    derivatives.JACOBIANS,
    descent.WAYS,
    autograd.REVERSE,
    autograd.TENSORS,
    autograd.AUTOGRAD,
    descent.DESCENT,
    gallery.GALLERY,
)

DEMOS: Mapping[str, Demo] = {
    demo.name: demo for demo in chain.from_iterable(group.demos for group in GROUPS)
}

FIRST = "reverse"
"""The demo that runs where none is named."""
