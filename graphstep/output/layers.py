"""Places for a drawing too large for Graphviz: layers by depth, in columns there and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, hypot, sqrt

from graphstep.output.labels import cell_width, visible

BOXES_FOR_GRAPHVIZ = 1500
"""With more boxes Graphviz's own layout takes minutes (measured: 2,000 branching ones 17 s)."""
POINTS = 72
GAP = 22.0
BETWEEN_LAYERS = 34.0
BETWEEN_COLUMNS = 60.0
ARROW = 7.0
LETTER, LINE = 0.6, 1.2
Attributes = dict[str, str]


@dataclass(frozen=True, slots=True)
class Placement:
    """Give, as DOT attributes, the bounding box, each box's place and each arrow's route by id."""

    bounds: str
    places: Mapping[str, Attributes]
    routes: Mapping[str, Attributes]


@dataclass(frozen=True, slots=True)
class _Spot:
    x: float
    y: float
    width: float
    height: float


def layered(
    boxes: Mapping[str, Sequence[str]],
    arrows: Mapping[str, tuple[str, str]],
    *,
    downwards: bool = True,
    font_size: float = 14.0,
) -> Placement:
    """Place boxes by their lines of text and draw straight arrows, in time linear in both.

    `arrows` give tail and head by id and form no circle. A box lies one layer behind the last
    of those it is computed from, a leaf right before its first use. Where there are many more
    layers than boxes in one, they run in columns, the first downwards, the next one back up.
    """
    sizes = {name: _size(lines, font_size) for name, lines in boxes.items()}
    layers = _layers(boxes, arrows)
    spots: dict[str, _Spot] = {}
    across = [_across(row, sizes, downwards) for row in layers]
    along = [max(sizes[name][downwards] for name in row) + BETWEEN_LAYERS for row in layers]
    per_column = _per_column(across, along)
    start, farthest = 0.0, 0.0
    for column, first in enumerate(range(0, len(layers), per_column)):
        rows = range(first, min(first + per_column, len(layers)))
        width = max(across[k] for k in rows)
        length = sum(along[k] for k in rows)
        at = 0.0
        for k in rows:
            middle = at + along[k] / 2
            _place_row(
                layers[k], sizes, spots, start + (width - across[k]) / 2,
                middle if column % 2 == 0 else sum(along[:per_column]) - middle, downwards,
            )  # fmt: skip
            at += along[k]
        start += width + BETWEEN_COLUMNS
        farthest = max(farthest, length)
    extent = (start - BETWEEN_COLUMNS, max(farthest, sum(along[:per_column])))
    total_x, total_y = extent if downwards else extent[::-1]
    flipped = {n: _Spot(s.x, total_y - s.y, s.width, s.height) for n, s in spots.items()}
    places = {
        name: {
            "pos": f"{spot.x:.2f},{spot.y:.2f}",
            "width": f"{spot.width / POINTS:.4f}",
            "height": f"{spot.height / POINTS:.4f}",
        }
        for name, spot in flipped.items()
    }
    routes = {name: _route(flipped[tail], flipped[head]) for name, (tail, head) in arrows.items()}
    return Placement(f"0,0,{total_x:.2f},{total_y:.2f}", places, routes)


def _size(lines: Sequence[str], font_size: float) -> tuple[float, float]:
    scale = font_size / 14
    letters = max((cell_width(visible(line)) for line in lines), default=1)
    return (
        letters * font_size * LETTER + 34 * scale,
        max(1, len(lines)) * font_size * LINE + 12 * scale,
    )


def _layers(
    boxes: Mapping[str, Sequence[str]], arrows: Mapping[str, tuple[str, str]]
) -> list[list[str]]:
    tails: dict[str, list[str]] = {name: [] for name in boxes}
    heads: dict[str, list[str]] = {name: [] for name in boxes}
    for tail, head in arrows.values():
        tails[head].append(tail)
        heads[tail].append(head)
    waiting = {name: len(found) for name, found in tails.items()}
    ready = [name for name, count in waiting.items() if not count]
    depth = dict.fromkeys(ready, 0)
    for name in ready:
        for head in heads[name]:
            depth[head] = max(depth.get(head, 0), depth[name] + 1)
            waiting[head] -= 1
            if not waiting[head]:
                ready.append(head)
    for name in boxes:
        if not tails[name] and heads[name]:
            depth[name] = min(depth[head] for head in heads[name]) - 1
    layers: list[list[str]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for name in boxes:
        layers[depth[name]].append(name)
    place: dict[str, float] = {}
    for row in layers:
        means = {
            name: sum(place.get(tail, 0.0) for tail in tails[name]) / (len(tails[name]) or 1)
            for name in row
        }
        row.sort(key=lambda name: means[name])
        place |= {name: float(number) for number, name in enumerate(row)}
    return [row for row in layers if row]


def _across(row: Sequence[str], sizes: Mapping[str, tuple[float, float]], downwards: bool) -> float:
    return sum(sizes[name][not downwards] + GAP for name in row) - GAP


def _per_column(across: Sequence[float], along: Sequence[float]) -> int:
    """Return how many layers a column has for the whole to be about as wide as it is long."""
    if not across:
        return 1
    typical = sum(across) / len(across) + BETWEEN_COLUMNS
    columns = max(1, round(sqrt(sum(along) / max(typical, max(across) / 4))))
    return ceil(len(along) / columns)


def _place_row(
    row: Sequence[str],
    sizes: Mapping[str, tuple[float, float]],
    spots: dict[str, _Spot],
    start: float,
    middle: float,
    downwards: bool,
) -> None:
    at = start
    for name in row:
        width, height = sizes[name]
        half = (width if downwards else height) / 2
        x, y = (at + half, middle) if downwards else (middle, at + half)
        spots[name] = _Spot(x, y, width, height)
        at += 2 * half + GAP


def _route(tail: _Spot, head: _Spot) -> Attributes:
    """Return a straight arrow from border to border, and the middle of it for its label."""
    dx, dy = head.x - tail.x, head.y - tail.y
    length = hypot(dx, dy) or 1.0
    leave, arrive = _cut(tail, dx, dy), 1 - _cut(head, dx, dy)
    base = max(leave, arrive - ARROW / length)
    a, b, tip = (f"{tail.x + dx * t:.2f},{tail.y + dy * t:.2f}" for t in (leave, base, arrive))
    middle = (leave + base) / 2
    return {
        "pos": f"e,{tip} {a} {a} {b} {b}",
        "lp": f"{tail.x + dx * middle:.2f},{tail.y + dy * middle:.2f}",
    }


def _cut(spot: _Spot, dx: float, dy: float) -> float:
    """Return which part of the way from the middle of a box lies within the box."""
    ways = [size / 2 / abs(d) for size, d in ((spot.width, dx), (spot.height, dy)) if d]
    return min([0.5, *ways])
