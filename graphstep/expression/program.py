"""A checked expression: instructions in the order of evaluation, each with its span."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import EllipsisType

from graphstep.expression.entry import Entry

Span = tuple[int, int]
"""First character and the one after the last, in the whole text."""

Literal = bool | int | float | str | None | tuple["Literal", ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """Refer to the result of an earlier instruction."""

    number: int


@dataclass(frozen=True, slots=True)
class Slice:
    """Hold the bounds of one slice."""

    start: int | None
    stop: int | None
    step: int | None


Index = Slot | Slice | int | EllipsisType | None


@dataclass(frozen=True, slots=True)
class Constant:
    """Give a literal: a number, or nested tuples of numbers for a list."""

    span: Span
    value: Literal


@dataclass(frozen=True, slots=True)
class Load:
    """Give the user's value of a name; `default` stands in where the user gave none."""

    span: Span
    name: str
    default: float | None = None


@dataclass(frozen=True, slots=True)
class Operate:
    """Apply a Python operator to one or two results."""

    span: Span
    symbol: str
    operands: tuple[Slot, ...]


@dataclass(frozen=True, slots=True)
class Call:
    """Call a listed function or method."""

    span: Span
    entry: Entry
    arguments: tuple[Slot | Literal, ...]
    keywords: tuple[tuple[str, Slot | Literal], ...] = ()


@dataclass(frozen=True, slots=True)
class Property:
    """Read a listed attribute."""

    span: Span
    name: str
    operand: Slot


@dataclass(frozen=True, slots=True)
class Pick:
    """Index a result; more than one index means a tuple."""

    span: Span
    operand: Slot
    indices: tuple[Index, ...]


@dataclass(frozen=True, slots=True)
class Collect:
    """Gather results into a list of tensors."""

    span: Span
    items: tuple[Slot, ...]


Instruction = Constant | Load | Operate | Call | Property | Pick | Collect


@dataclass(frozen=True, slots=True)
class Program:
    """Hold a checked expression.

    `names` are the free names in order of first use, `targets` the assigned ones; `labels`
    maps (line, column, end_line, end_column) of a whole right side to its target;
    `first_use` maps each free name, `constants` each of pi and inf, and `calls` each called
    function to its first column in the text.
    """

    text: str
    names: tuple[str, ...]
    targets: tuple[str, ...]
    labels: Mapping[tuple[int, int, int, int], str]
    first_use: Mapping[str, int] = field(repr=False)
    constants: Mapping[str, int] = field(repr=False)
    calls: Mapping[str, int] = field(repr=False)
    instructions: tuple[Instruction, ...] = field(repr=False)
    output: Slot = field(repr=False)
