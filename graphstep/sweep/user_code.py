"""What the user's own code did in the backward, as torch's engine ran it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor
from torch.autograd.graph import Node

Terms = tuple[Tensor | None, ...]


@dataclass(frozen=True, slots=True, eq=False)
class UserCode:
    """Hold what hooks and Python nodes gave, so that no sweep has to run them again.

    `hooked` maps i to v̄_i as the user's hooks on v_i left it, where they changed it; `terms` the
    node of a `torch.autograd.Function` to what its backward handed to each of its inputs, and one
    whose terms a hook changed to what the hook left.
    """

    hooked: Mapping[int, Tensor] = field(default_factory=dict)
    terms: Mapping[Node, Terms] = field(default_factory=dict)
