"""Ranks, gaps and tracks turned into rows and columns, and a free spot for each label."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from graphstep.output.boxes import DrawnEdge, DrawnNode
from graphstep.output.cell_parts import EAST, NORTH, SOUTH, WEST, CellBox, CellLayout, CellWire
from graphstep.output.cell_routes import Block, Point, Routes
from graphstep.output.dot import Direction
from graphstep.output.labels import cell_width, visible

WIDEST_LABEL = 10
TOWARDS = {(1, 0): EAST, (-1, 0): WEST, (0, 1): SOUTH, (0, -1): NORTH}


def placed(
    nodes: Sequence[DrawnNode],
    edges: Sequence[DrawnEdge],
    texts: Mapping[str, tuple[str, ...]],
    blocks: Sequence[Block],
    routes: Routes,
    direction: Direction,
) -> CellLayout:
    """Return the layout of boxes and arrows whose order, places and tracks are decided."""
    labels = {e.id: visible(e.edge.label, WIDEST_LABEL) if e.edge.label else "" for e in edges}
    room = max(map(cell_width, labels.values()), default=0)
    starts, gaps = _ranks(blocks, routes, room, direction)
    by_id = {block.id: block for block in blocks}
    lines = {edge.id: _line(edge, by_id, starts, gaps, routes) for edge in edges}
    lowest = min(
        [block.low for block in blocks] + [across for line in lines.values() for _, across in line],
        default=0,
    )

    def turned(along: int, across: int) -> Point:
        across -= lowest
        return (across, along) if direction == "TB" else (along, across)

    boxes = []
    for node in nodes:
        block = by_id[node.id]
        x, y = turned(starts[block.rank], block.low)
        width, height = block.size, block.depth
        if direction == "LR":
            width, height = height, width
        kind, key = node.node.kind, node.node.key
        boxes.append(CellBox(key, kind, x, y, width, height, texts[node.id], node.copy))
    wires = _wires(edges, [[turned(*point) for point in lines[edge.id]] for edge in edges])
    labelled = tuple(_labelled(wires, boxes, [labels[edge.id] for edge in edges], direction))
    right = [box.x + box.width for box in boxes] + [x + 1 for w in wires for x, *_ in w.cells]
    right += [w.label_at[0] + cell_width(w.label) for w in labelled if w.label_at]
    bottom = [box.y + box.height for box in boxes] + [y + 1 for w in wires for _, y, *_ in w.cells]
    width, height = max(right, default=0), max(bottom, default=0)
    return CellLayout(width, height, direction, tuple(boxes), labelled)


def _ranks(
    blocks: Iterable[Block], routes: Routes, room: int, direction: Direction
) -> tuple[list[int], list[int]]:
    """Return where each rank starts and where the gap after it does."""
    depths: dict[int, int] = {}
    for block in blocks:
        depths[block.rank] = max(depths.get(block.rank, 0), block.depth)
    starts, gaps, along = [], [], 0
    for rank in range(len(depths)):
        starts.append(along)
        gaps.append(along + depths[rank])
        tracks = routes.tracks[rank] if rank < len(routes.tracks) else 0
        # One place for the arrow's tip, and one row or the label's width before it.
        along = gaps[-1] + tracks + (2 if direction == "TB" else room + 4)
    return starts, gaps


def _line(
    edge: DrawnEdge,
    by_id: Mapping[str, Block],
    starts: Sequence[int],
    gaps: Sequence[int],
    routes: Routes,
) -> list[Point]:
    """Return the corners of one arrow as (along, across), from the tail's border to the tip."""
    steps = routes.steps[edge.id]
    tail, head = by_id[edge.tail_id], by_id[edge.head_id]
    line = [(starts[tail.rank] + tail.depth - 1, steps[0].start)]
    for step in steps:
        turn = gaps[step.gap] + step.track
        line += [(turn, step.start), (turn, step.stop)]
    line.append((starts[head.rank] - 1, steps[-1].stop))
    return line


def _sides(corners: Sequence[Point]) -> dict[Point, int]:
    """Return, from the tail's border to the tip, the sides that one arrow joins in each cell."""
    sides: dict[Point, int] = {}
    for (x0, y0), (x1, y1) in pairwise(corners):
        dx, dy = (x1 > x0) - (x1 < x0), (y1 > y0) - (y1 < y0)
        for step in range(max(abs(x1 - x0), abs(y1 - y0))):
            here = (x0 + step * dx, y0 + step * dy)
            there = (here[0] + dx, here[1] + dy)
            sides[here] = sides.get(here, 0) | TOWARDS[dx, dy]
            sides[there] = sides.get(there, 0) | TOWARDS[-dx, -dy]
    return sides


def _wires(edges: Sequence[DrawnEdge], corners: Sequence[Sequence[Point]]) -> list[CellWire]:
    traced = [_sides(points) for points in corners]
    joined: dict[Point, int] = {}
    for sides in traced:
        for place, mask in sides.items():
            joined[place] = joined.get(place, 0) | mask
    return [
        CellWire(
            edge.edge.key,
            tuple((*at, mask, joined[at]) for at, mask in sides.items() if at != points[0]),
            points[0],
            points[-1],
        )
        for edge, points, sides in zip(edges, corners, traced, strict=True)
    ]


def _labelled(
    wires: Sequence[CellWire], boxes: Iterable[CellBox], labels: Sequence[str], direction: Direction
) -> Iterator[CellWire]:
    """Give each arrow's label a spot where it covers nothing; one without a spot is left out."""
    solid = {
        (x, y)
        for box in boxes
        for x in range(box.x, box.x + box.width)
        for y in range(box.y, box.y + box.height)
    }
    lines: dict[Point, int] = {}
    for number, wire in enumerate(wires):
        for x, y, *_ in wire.cells:
            lines[x, y] = number if lines.get((x, y), number) == number else -1
    for number, (wire, label) in enumerate(zip(wires, labels, strict=True)):
        width = cell_width(label)
        spot = next(
            (
                (x, y)
                for x, y, own in (_spots(wire, width, direction) if label else ())
                if x >= 0
                and not any((place, y) in solid for place in range(x - 1, x + width + 1))
                and all(
                    lines.get((place, y)) == (number if own else None)
                    for place in range(x, x + width)
                )
            ),
            None,
        )
        if spot:
            solid |= {(place, spot[1]) for place in range(spot[0], spot[0] + width)}
        shown = label if spot else ""
        yield CellWire(wire.key, wire.cells, wire.exit, wire.tip, shown, spot)


def _spots(wire: CellWire, width: int, direction: Direction) -> Iterator[tuple[int, int, bool]]:
    """Yield where a label may start, best first, and whether it stands on its own arrow."""
    upright = [(x, y) for x, y, mask, _ in wire.cells if mask == NORTH | SOUTH]
    level = [(x, y) for x, y, mask, _ in wire.cells if mask == EAST | WEST]
    if direction == "LR":
        # Cells run from tail to tip, so the last ones are nearest the tip.
        for x, y in reversed(level):
            yield x - width, y, True
        for x, y in reversed(level):
            yield x - width + 1, y - 1, False
            yield x - width + 1, y + 1, False
    for x, y in [*reversed(upright), wire.tip]:
        yield x + 2, y, False
        yield x - 1 - width, y, False
    for x, y in reversed(level):
        yield x - width // 2, y, True
