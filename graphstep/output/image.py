"""One step as PNG, PDF or GIF: the SVG's own positions, with its texts and colours written in."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from graphstep.output.boxes import DrawnEdge, DrawnNode, drawn
from graphstep.output.dot import (
    FONT,
    FONT_SIZE,
    GRAPH_ID,
    Direction,
    dot_text,
    edge_label,
    engine_for,
    node_label,
)
from graphstep.output.layout import Engine, check_format, render
from graphstep.output.picture import ASKED, Cluster, Frame, Picture
from graphstep.output.themes import EDGE_LOOKS, NODE_LOOKS, Theme, look, markers

if TYPE_CHECKING:
    import graphviz

Attributes = dict[str, str]
GRAPHVIZ_DASHES = {"solid": "solid", "dashed": "dashed", "dotted": "dotted", "gapped": "dashed"}
OUTLINE_GAP_INCHES = 4 / 72
OUTLINE_WIDTH = 2.5
DPI = 144
"""Pixels of an inch."""


class Port(NamedTuple):
    """Cut a piece out of an image: its points across and down, by what the drawing is enlarged,
    and which place of it, from 0 to 1, is in the middle.
    """

    width: float
    height: float
    scale: float
    x: float
    y: float


def image_bytes(
    picture: Picture,
    frame: Frame | None,
    theme: Theme,
    format: str,
    *,
    direction: Direction = "TB",
    font: str = FONT,
    font_size: float = FONT_SIZE,
    port: Port | None = None,
) -> bytes:
    """Return one step of `picture` as an image; every step has the same size and positions.

    `format` is png, pdf or gif; `port` paints a piece alone. Raise InputError for an unknown
    format, LayoutError or MissingError where Graphviz cannot draw.
    """
    check_format(format)
    base = dot_text(picture, font=font, direction=direction, font_size=font_size)
    placed = placed_dot(picture, frame or Frame(), theme, base, font, font_size, port)
    return render(placed, format, "nop2")


def centre_of(picture: Picture, key: int, direction: Direction = "TB") -> tuple[float, float]:
    """Return where in an image of `picture` the box of `key` has its middle, from 0 to 1.

    Where it has no box that is the middle of the image.
    """
    bounds, places, _ = placement(dot_text(picture, direction=direction), engine_for(picture))
    left, low, right, high = map(float, bounds.split(","))
    for box in drawn(picture)[0]:
        if box.node.key == key:
            x, y = map(float, places[box.id]["pos"].split(","))
            return (x - left) / (right - left), (high - y) / (high - low)
    return 0.5, 0.5


def shape_of(picture: Picture, direction: Direction = "TB") -> tuple[float, float]:
    """Return how wide and how high an image of `picture` is, in points."""
    bounds, _, _ = placement(dot_text(picture, direction=direction), engine_for(picture))
    left, low, right, high = map(float, bounds.split(","))
    return right - left, high - low


def placed_dot(
    picture: Picture,
    frame: Frame,
    theme: Theme,
    base: str,
    font: str,
    font_size: float,
    port: Port | None = None,
) -> str:
    """Return the DOT text of one step with the positions that `base` is laid out at."""
    import graphviz

    bounds, places, routes = placement(base, engine_for(picture))
    size, small = f"{font_size:g}", f"{11 * font_size / FONT_SIZE:g}"
    graph = graphviz.Digraph(
        graph_attr={
            "id": GRAPH_ID, "bb": bounds, "bgcolor": theme.background, "pad": "0.06",
            "dpi": f"{DPI}", "margin": "0", "fontname": font,
            **({} if port is None else _viewport(port, bounds)),
        },
        node_attr={"shape": "box", "fontname": font, "fontsize": size, "fixedsize": "true"},
        edge_attr={"fontname": font, "fontsize": small, "arrowsize": "0.7"},
    )  # fmt: skip
    nodes, edges = drawn(picture)
    for box in nodes:
        attributes = places[box.id] | _node_attributes(box, frame, theme)
        graph.node(box.id, _label(box, frame), _attributes=attributes)
    _frame(graph, picture.clusters, places, theme)
    for arrow in edges:
        attributes = routes[arrow.id] | _edge_attributes(arrow, frame, theme)
        graph.edge(arrow.tail_id, arrow.head_id, _attributes=attributes)
    return str(graph.source)


def _viewport(port: Port, bounds: str) -> Attributes:
    left, low, right, high = map(float, bounds.split(","))
    x, y = left + port.x * (right - left), high - port.y * (high - low)
    return {"viewport": f"{port.width:g},{port.height:g},{port.scale:g},{x:g},{y:g}"}


@lru_cache(maxsize=8)
def placement(
    base: str, engine: Engine
) -> tuple[str, dict[str, Attributes], dict[str, Attributes]]:
    """Lay out `base` once: the bounding box, each node's place and each edge's route by id."""
    laid_out: dict[str, Any] = json.loads(render(base, "json0", engine))
    places = {node["name"]: _place(node) for node in laid_out.get("objects", ())}
    routes = {
        edge["id"]: {part: edge[part] for part in ("pos", "lp") if part in edge}
        for edge in laid_out.get("edges", ())
    }
    return laid_out["bb"], places, routes


def _frame(
    graph: graphviz.Digraph,
    clusters: Iterable[Cluster],
    places: dict[str, Attributes],
    theme: Theme,
    path: str = "cluster",
) -> None:
    """Draw the frames of modules at the places that `places` has for them."""
    for number, cluster in enumerate(clusters):
        name = f"{path}_{number}"
        with graph.subgraph(name=name) as within:
            colours = {"color": theme.muted, "fontcolor": theme.muted, "style": "dashed"}
            label = node_label([cluster.name])
            within.attr("graph", _attributes=places[name] | colours | {"label": label})
            _frame(within, cluster.inner, places, theme, name)


def _place(node: dict[str, Any]) -> Attributes:
    if "bb" in node:
        return {part: node[part] for part in ("bb", "lp", "lwidth", "lheight") if part in node}
    # A laid-out size counts the outer of two outlines, the size one asks for does not.
    outer = 2 * OUTLINE_GAP_INCHES * (int(node.get("peripheries", "1")) - 1)
    size = {part: f"{float(node[part]) - outer:.5f}" for part in ("width", "height")}
    return {"pos": node["pos"], **size}


def _label(box: DrawnNode, frame: Frame) -> str:
    shown = frame.lines.get(box.node.key, box.node.lines)[: len(box.lines)]
    mark = markers(frame.node_classes.get(box.node.key, ()))
    lines = [*shown, *[""] * (len(box.lines) - len(shown))]
    if mark and lines:
        lines[0] = f"{mark} {lines[0]}"
    return node_label(lines)


def _node_attributes(box: DrawnNode, frame: Frame, theme: Theme) -> Attributes:
    classes = ("node", box.node.kind, *frame.node_classes.get(box.node.key, ()))
    chosen = look(NODE_LOOKS, classes)
    twofold = box.node.kind == "output"
    style = f"filled,{GRAPHVIZ_DASHES[chosen.dash]}"
    if box.node.kind == "value":
        style += ",rounded"
    return {
        "shape": "box3d" if box.node.kind == "group" else "box",
        "style": style,
        "peripheries": "2" if twofold else "1",
        "color": getattr(theme, chosen.stroke),
        "fillcolor": getattr(theme, chosen.fill),
        "fontcolor": getattr(theme, chosen.text),
        # Between two thicker outlines there would be no gap.
        "penwidth": f"{min(chosen.width, OUTLINE_WIDTH) if twofold else chosen.width:g}",
    }


def _edge_attributes(arrow: DrawnEdge, frame: Frame, theme: Theme) -> Attributes:
    classes = frame.edge_classes.get(arrow.edge.key, ())
    chosen = look(EDGE_LOOKS, ("edge", *classes))
    attributes = {
        "color": getattr(theme, chosen.stroke),
        "fontcolor": getattr(theme, chosen.text),
        "penwidth": f"{chosen.width:g}",
    }
    if arrow.edge.label:
        attributes["label"] = ASKED if "asked" in classes else edge_label(arrow.edge.label)
    return attributes
