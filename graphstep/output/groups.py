"""The values of a trace in nested groups: modules, repeated blocks, and stretches of the rest.

A group is an unbroken run of v_i in the order of their numbers. So whatever is folded into one
box, the arrows between boxes never go round in a circle.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from math import ceil, isqrt
from typing import Literal, TypeAlias

from graphstep.format.symbols import symbol
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.repeats import repeats

MOST_PARTS = 64
"""A group of more parts is cut into stretches: none opens into hundreds of boxes."""
NAMED_OPERATIONS = 3
GroupKind = Literal["module", "repeat", "block", "stretch"]


@dataclass(frozen=True, slots=True)
class Group:
    """Name a run of computed values and its parts: values by number, and groups within it."""

    name: str
    kind: GroupKind
    parts: tuple[Part, ...]
    first: int
    last: int

    def __hash__(self) -> int:
        return hash((self.first, self.last, self.name))

    @property
    def key(self) -> int:
        """Return the number that stands for the folded group: its last value's, its output."""
        return self.last

    @property
    def groups(self) -> tuple[Group, ...]:
        return tuple(part for part in self.parts if isinstance(part, Group))

    def __contains__(self, i: int) -> bool:
        return self.first <= i <= self.last


Part: TypeAlias = int | Group


def groups_of(trace: TraceGraph) -> tuple[Part, ...]:
    """Return the computed values of a trace as a forest of groups, the same for the same trace."""
    return _Grouping(trace).nested([i for i in trace.values if i > 0], 0)


def values_in(parts: Iterable[Part]) -> Iterator[int]:
    """Give the numbers of all values in `parts`, in order."""
    for part in parts:
        if isinstance(part, Group):
            yield from values_in(part.parts)
        else:
            yield part


class _Grouping:
    """Build the groups of one trace; signatures become small numbers, quick to compare."""

    def __init__(self, trace: TraceGraph) -> None:
        self._trace = trace
        self._paths = {i: tuple(filter(None, v.module.split("."))) for i, v in trace.values.items()}
        self._codes: dict[object, int] = {}

    def nested(self, numbers: Sequence[int], depth: int) -> tuple[Part, ...]:
        """Group values by the next name in their module paths, then by what repeats."""
        parts: list[Part] = []
        for path, run in groupby(numbers, key=lambda i: self._paths[i][: depth + 1]):
            within = list(run)
            if len(path) <= depth or len(within) == 1:
                parts += within
            else:
                name = ".".join(path)
                parts.append(_group(name, "module", self.nested(within, depth + 1)))
        return self._folded(parts)

    def _folded(self, parts: Sequence[Part]) -> tuple[Part, ...]:
        found: list[Part] = []
        at = 0
        for repeat in repeats([self._code(part) for part in parts]):
            found += parts[at : repeat.start]
            at = repeat.stop
            blocks = [parts[k : k + repeat.period] for k in range(repeat.start, at, repeat.period)]
            if len(blocks) == len(parts) and repeat.period == 1 and isinstance(parts[0], Group):
                return _stretched(parts, _stretch_of_values)
            found.append(self._repeated(blocks))
        found += parts[at:]
        return _stretched(found, _stretch_of_values)

    def _repeated(self, blocks: Sequence[Sequence[Part]]) -> Group:
        times = len(blocks)
        name = f"{times:,} × {self._what(blocks[0])}"
        if len(blocks[0]) == 1:
            of_blocks: list[Part] = [block[0] for block in blocks]
        else:
            of_blocks = [
                _group(f"block {number} of {times:,}", "block", self._folded(block))
                for number, block in enumerate(blocks, 1)
            ]
        numbered = {id(block): number for number, block in enumerate(of_blocks, 1)}

        def named(parts: Sequence[Part]) -> str:
            first, last = numbered[id(parts[0])], numbered[id(parts[-1])]
            return f"blocks {first:,}–{last:,} of {times:,}"

        grouped = _stretched(of_blocks, named if len(blocks[0]) > 1 else _stretch_of_values)
        return _group(name, "repeat", grouped)

    def _what(self, block: Sequence[Part]) -> str:
        names = [
            re.sub(r"\d+", "*", part.name) if isinstance(part, Group) else self._op(part)
            for part in block
        ]
        shown = ", ".join(names[:NAMED_OPERATIONS])
        more = ", …" if len(names) > NAMED_OPERATIONS else ""
        return shown if len(names) == 1 else f"({shown}{more})"

    def _op(self, i: int) -> str:
        return self._trace.values[i].op

    def _code(self, part: Part) -> int:
        if isinstance(part, Group):
            kind = re.sub(r"\d+", "*", part.name)
            signature: object = (kind, tuple(map(self._op, values_in(part.parts))))
        else:
            signature = self._op(part)
        return self._codes.setdefault(signature, len(self._codes))


def _group(name: str, kind: GroupKind, parts: tuple[Part, ...]) -> Group:
    """Return a group; one whose only part is a group takes that one's parts for its own."""
    while len(parts) == 1 and isinstance(parts[0], Group):
        parts = parts[0].parts
    first, last = parts[0], parts[-1]
    return Group(
        name,
        kind,
        parts,
        first.first if isinstance(first, Group) else first,
        last.last if isinstance(last, Group) else last,
    )


def _stretched(parts: Sequence[Part], named: Callable[[Sequence[Part]], str]) -> tuple[Part, ...]:
    """Cut a list of too many parts into stretches of about equal length, and these again."""
    count = len(parts)
    if count <= MOST_PARTS:
        return tuple(parts)
    size = ceil(count / min(MOST_PARTS, isqrt(count)))
    cuts = [parts[k : k + size] for k in range(0, count, size)]
    return tuple(
        _group(named(cut), "stretch", _stretched(cut, named)) if len(cut) > 1 else cut[0]
        for cut in cuts
    )


def _stretch_of_values(parts: Sequence[Part]) -> str:
    numbers = list(values_in(parts))
    return f"{symbol(numbers[0])} … {symbol(numbers[-1])}"
