"""One expansion: an expression over an operation's operands that computes what its kernel does."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from torch import Tensor

Scope: TypeAlias = Mapping[str, Any]
"""The names of a rule's scope: x, y, z, w, every argument by name, v."""

Write: TypeAlias = Callable[[Scope], "Expansion | None"]
"""Write one recorded call out; None where the textbook form does not cover it."""


@dataclass(frozen=True, slots=True)
class Expansion:
    """Hold `text`, an expression in x, y, z, w, and `constants`, further tensors that it names."""

    text: str
    constants: Mapping[str, Tensor] = field(default_factory=dict)


def dims(of: int | tuple[int, ...] | list[int] | None, rank: int) -> str:
    """Return axes as an expression writes them; none given means all of them."""
    if isinstance(of, int):
        return str(of)
    axes = tuple(of or range(rank))
    return str(axes[0]) if len(axes) == 1 else f"({', '.join(map(str, axes))})"


def times(factor: float, text: str) -> str:
    """Return a text multiplied by a number, which 1 leaves as it is."""
    return text if factor == 1 else f"{factor!r}*{text}"
