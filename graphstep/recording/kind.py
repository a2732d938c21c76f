"""What is worked out once for each aten operation, however often it runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from graphstep.recording.internals import base_name, is_view_operation, written_arguments

if TYPE_CHECKING:
    from torch._ops import OpOverload


@dataclass(frozen=True, slots=True, eq=False)
class Kind:
    """Name one overload of an operation, the arguments that it writes to, and if it takes a view.

    A kind is one object, and hashed as such: torch hashes an overload in Python, which would take
    longer than the look-up.
    """

    function: OpOverload
    name: str
    writes: tuple[str, ...]
    views: bool


def kind_of(function: OpOverload) -> Kind:
    """Return the kind of an overload, the same object each time."""
    kind = KINDS.get(id(function))
    if kind is None:
        name = base_name(function)
        writes = tuple(w for w in written_arguments(function) if (name, w) not in _DRAWS)
        kind = Kind(function, name, writes, is_view_operation(function))
        KINDS[id(function)] = kind
    return kind


_DRAWS = frozenset({("rrelu_with_noise", "noise"), ("rrelu_with_noise_", "noise")})
"""Arguments that an operation fills and does not read: what counts is what it left there."""

KINDS: dict[int, Kind] = {}
"""Kinds by the id of their overload, which they keep alive."""
