"""A Picture placed in terminal cells: order and columns are Graphviz's, rows are packed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graphstep.output.boxes import DrawnEdge, DrawnNode, drawn
from graphstep.output.cell_parts import CellLayout
from graphstep.output.cell_places import placed
from graphstep.output.cell_routes import Block, Chain, routed
from graphstep.output.dot import Direction, check_direction
from graphstep.output.labels import cell_width, clipped, visible
from graphstep.output.layout import render
from graphstep.output.picture import Picture

CELL_POINTS = 7.2
DEPTH_INCHES = 0.5
SAMPLES = 12


def cell_layout(
    picture: Picture,
    *,
    direction: Direction = "TB",
    line_limit: int | None = None,
    widest: int = 26,
) -> CellLayout:
    """Lay out `picture` in terminal cells.

    `line_limit` keeps only the first lines of each node, for small panes; `widest` is the
    most cells that a line may take. Raise LayoutError or MissingError where Graphviz
    cannot draw, InputError for an unknown direction.
    """
    check_direction(direction)
    nodes, edges = drawn(picture)
    texts = {
        node.id: tuple(clipped(visible(line), widest) for line in node.lines[:line_limit]) or (" ",)
        for node in nodes
    }
    sizes = {name: (4 + max(map(cell_width, t)), 2 + len(t)) for name, t in texts.items()}
    downwards = direction == "TB"
    # A box is also as wide (or, left to right, as high) as its arrows need to stay apart.
    ends = Counter((edge.tail_id, "out") for edge in edges)
    ends.update((edge.head_id, "in") for edge in edges)
    across = {
        name: max(size[not downwards], 2 + ends[name, "out"], 2 + ends[name, "in"])
        for name, size in sizes.items()
    }
    depth = {name: size[1] if downwards else size[0] for name, size in sizes.items()}
    laid_out = json.loads(render(_dot(nodes, edges, across, direction), "json0"))
    blocks, chains = _read(laid_out, edges, across, depth, downwards)
    return placed(nodes, edges, texts, blocks, routed(blocks, chains), direction)


def _dot(
    nodes: Iterable[DrawnNode],
    edges: Iterable[DrawnEdge],
    across: Mapping[str, int],
    direction: Direction,
) -> str:
    import graphviz

    apart = 3 if direction == "TB" else 1
    graph = graphviz.Digraph(
        graph_attr={"rankdir": direction, "nodesep": str(apart * CELL_POINTS / 72)},
        node_attr={"shape": "box", "fixedsize": "true", "label": " "},
    )
    for node in nodes:
        size = {"width": across[node.id] * CELL_POINTS / 72, "height": DEPTH_INCHES}
        if direction == "LR":
            size = {"width": size["height"], "height": size["width"]}
        graph.node(node.id, _attributes={part: f"{inches:.4f}" for part, inches in size.items()})
    for edge in edges:
        graph.edge(edge.tail_id, edge.head_id, _attributes={"id": edge.id})
    return str(graph.source)


def _read(
    laid_out: Mapping[str, Any],
    edges: Sequence[DrawnEdge],
    across: Mapping[str, int],
    depth: Mapping[str, int],
    downwards: bool,
) -> tuple[list[Block], list[Chain]]:
    middles = {n["name"]: _axes(n["pos"], downwards) for n in laid_out.get("objects", ())}
    levels = sorted({round(along) for along, _ in middles.values()})
    rank = {name: levels.index(round(along)) for name, (along, _) in middles.items()}
    blocks = [
        Block(
            name, rank[name], round(w / CELL_POINTS - across[name] / 2), across[name], depth[name]
        )
        for name, (_, w) in middles.items()
    ]
    splines = {e["id"]: _sampled(e["pos"], downwards) for e in laid_out.get("edges", ())}
    chains = [
        Chain(
            edge.id,
            edge.tail_id,
            edge.head_id,
            tuple(
                round(_across_at(splines[edge.id], levels[between]) / CELL_POINTS)
                for between in range(rank[edge.tail_id] + 1, rank[edge.head_id])
            ),
        )
        for edge in edges
    ]
    return blocks, chains


def _axes(position: str, downwards: bool) -> tuple[float, float]:
    x, y = map(float, position.split(","))
    return (-y, x) if downwards else (x, -y)


def _sampled(spline: str, downwards: bool) -> list[tuple[float, float]]:
    points = [_axes(p, downwards) for p in spline.split() if p[0] not in "es"]
    sampled = points[:1]
    for start in range(0, len(points) - 3, 3):
        a, b, c, d = points[start : start + 4]
        for number in range(1, SAMPLES + 1):
            t = number / SAMPLES
            weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
            sampled.append(
                (
                    sum(w * p[0] for w, p in zip(weights, (a, b, c, d), strict=True)),
                    sum(w * p[1] for w, p in zip(weights, (a, b, c, d), strict=True)),
                )
            )
    return sampled


def _across_at(sampled: Sequence[tuple[float, float]], along: float) -> float:
    return min(sampled, key=lambda point: abs(point[0] - along))[1]
