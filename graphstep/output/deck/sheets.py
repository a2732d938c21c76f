"""The graph of a deck cut into sheets: one for the whole, and one for the inside of each group.

On a sheet a group is one box. What crosses the border of a group stands on its sheet as a port:
the name of the value outside, at the end of the arrow that comes in or goes out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from graphstep.format.symbols import symbol
from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.folding import Forest
from graphstep.output.groups import Group, Part
from graphstep.output.picture import EdgeKey

MOST_PORTS = 8
"""Of more values on one side of a border, the last ones share a port."""

Arrows = dict[tuple[int, int], list[EdgeKey]]
"""By the keys of two boxes, the uses that the one arrow between them stands for."""


@dataclass(frozen=True, slots=True)
class Port:
    """Name the values outside of a group that one port of its sheet stands for."""

    text: str
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Hold what one drawing shows: values and groups of one level, and the ports around them.

    Arrows between two values are those of the trace; `arrows` has the others. A group has the
    number of its last value for its key, a port that of the first value it stands for.
    """

    group: Group | None
    values: list[int] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    ports: dict[int, Port] = field(default_factory=dict)
    arrows: Arrows = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sheets:
    """Hold all sheets, the whole first, and within which groups each value lies."""

    sheets: tuple[Sheet, ...]
    paths: dict[int, tuple[Group, ...]]


def sheets_of(trace: TraceGraph, forest: Forest) -> Sheets:
    """Cut a trace into the sheets of the groups of `forest`."""
    paths = {i: forest.homes.get(i, ()) for i in trace.inputs}
    sheets: dict[Group | None, Sheet] = {}
    for around, parts in _levels((), forest.parts):
        sheet = Sheet(around[-1] if around else None)
        sheets[sheet.group] = sheet
        for part in parts:
            if isinstance(part, Group):
                sheet.groups.append(part)
            else:
                sheet.values.append(part)
                paths[part] = around
    for i in trace.inputs:
        sheets[paths[i][-1] if paths[i] else None].values.append(i)
    crossing = _joined(trace, paths, sheets)
    for group, (incoming, outgoing) in crossing.items():
        _add_ports(trace, sheets[group], incoming, inwards=True)
        _add_ports(trace, sheets[group], outgoing, inwards=False)
    return Sheets(tuple(sheets.values()), paths)


Crossing = dict[int, list[tuple[int, EdgeKey]]]
"""By the value outside, the boxes within that an arrow joins it to, and the use it stands for."""


def _levels(
    around: tuple[Group, ...], parts: Iterable[Part]
) -> Iterator[tuple[tuple[Group, ...], tuple[Part, ...]]]:
    """Give the parts of every level with the groups around them, a group before what is in it."""
    waiting = [(around, tuple(parts))]
    while waiting:
        around, level = waiting.pop()
        yield around, level
        within = [part for part in level if isinstance(part, Group)]
        waiting += [((*around, group), group.parts) for group in reversed(within)]


def _joined(
    trace: TraceGraph, paths: dict[int, tuple[Group, ...]], sheets: dict[Group | None, Sheet]
) -> dict[Group, tuple[Crossing, Crossing]]:
    """Put each use on the sheet where its two ends part; return what crosses borders below it."""
    crossing: dict[Group, tuple[Crossing, Crossing]] = defaultdict(
        lambda: (defaultdict(list), defaultdict(list))
    )

    def box_at(depth: int, i: int) -> int:
        return paths[i][depth].key if depth < len(paths[i]) else i

    for child, application in trace.made_by.items():
        for position, parent in enumerate(application.parents):
            if parent is None:
                continue
            use = parent, child, position
            above, below = paths[parent], paths[child]
            shared = _shared(above, below)
            tail, head = box_at(shared, parent), box_at(shared, child)
            if len(above) > shared or len(below) > shared:
                sheet = sheets[above[shared - 1] if shared else None]
                sheet.arrows.setdefault((tail, head), []).append(use)
            for depth in range(shared, len(above)):
                crossing[above[depth]][1][child].append((box_at(depth + 1, parent), use))
            for depth in range(shared, len(below)):
                crossing[below[depth]][0][parent].append((box_at(depth + 1, child), use))
    return crossing


def _shared(one: tuple[Group, ...], other: tuple[Group, ...]) -> int:
    depth = 0
    for a, b in zip(one, other, strict=False):
        if a is not b:
            break
        depth += 1
    return depth


def _add_ports(trace: TraceGraph, sheet: Sheet, crossing: Crossing, inwards: bool) -> None:
    outside = sorted(crossing)
    alone = outside if len(outside) <= MOST_PORTS else outside[: MOST_PORTS - 1]
    together = outside[len(alone) :]
    for i in alone:
        sheet.ports[i] = Port(_name(trace, i, inwards), (i,))
    if together:
        sheet.ports[together[0]] = Port(f"{len(together):,} more", tuple(together))
    for i in outside:
        port = together[0] if i in together else i
        for box, use in crossing[i]:
            pair = (port, box) if inwards else (box, port)
            sheet.arrows.setdefault(pair, []).append(use)


def _name(trace: TraceGraph, i: int, inwards: bool) -> str:
    value = trace.values[i]
    if i <= 0:
        return f"{symbol(i)} = {value.label}"
    label = f"{value.label}: " if value.label else ""
    where = f" in {value.module}" if value.module and not inwards else ""
    return f"{label}{symbol(i)}{where}"
