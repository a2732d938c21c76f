"""What a name in a formula stands for."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.format.symbols import Mark


@dataclass(frozen=True, slots=True)
class Symbol:
    """Stand for v_i, v̄_i or v̇_i."""

    i: int
    mark: Mark = "value"


@dataclass(frozen=True, slots=True)
class Letter:
    """Stand for an operand or a result of a rule: x, x̄, ẋ, v₁."""

    name: str
    number: int = 0
    mark: Mark = "value"


@dataclass(frozen=True, slots=True)
class Partial:
    """Stand for the local partial ∂v_child/∂v_parent, unexpanded."""

    child: int
    parent: int


@dataclass(frozen=True, slots=True)
class Word:
    """Stand for text: a constant's name, or (`numeric`) a tensor's entries or summary."""

    text: str
    numeric: bool = False


Term = Symbol | Letter | Partial | Word | int | float | complex | bool | None | tuple["Term", ...]
"""What a name in a formula stands for."""
