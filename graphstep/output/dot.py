"""A Picture as DOT text: deterministic, a multigraph, every label escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from graphstep.errors import InputError
from graphstep.output.boxes import DrawnEdge, DrawnNode, cluster_members, drawn
from graphstep.output.labels import visible
from graphstep.output.layers import BOXES_FOR_GRAPHVIZ, Attributes, Placement, layered
from graphstep.output.layout import Engine
from graphstep.output.picture import Cluster, Picture

if TYPE_CHECKING:
    import graphviz

Direction = Literal["TB", "LR"]
DIRECTIONS = ("TB", "LR")
GRAPH_ID = "drawing"
KEYWORDS = frozenset({"node", "edge", "graph", "digraph", "subgraph", "strict"})

FONT = "Helvetica"
FONT_SIZE = 14.0
EDGE_LIMIT = 32
"""The text on an arrow is cut to so many characters."""


def dot_text(
    picture: Picture,
    *,
    font: str = FONT,
    direction: Direction = "TB",
    font_size: float = FONT_SIZE,
) -> str:
    """Write `picture` as DOT text, the same bytes for the same picture.

    Node ids are `v_3` and `v_m1`, edge ids `e_m1_2_0`; both are also `id=`, so they survive
    into SVG, and kinds are `class=`. `direction` is "TB" (inputs on top) or "LR".
    Where `engine_for` says nop2 every box has its place. Raise InputError for another direction,
    and for clusters in a drawing too large for Graphviz to place.
    """
    import graphviz

    check_direction(direction)
    scale = font_size / FONT_SIZE
    graph = graphviz.Digraph(
        graph_attr={
            "id": GRAPH_ID, "rankdir": direction, "fontname": font, "nodesep": "0.3",
            "ranksep": "0.45" if direction == "TB" else "0.7",
        },
        node_attr={
            "shape": "box", "fontname": font, "fontsize": f"{font_size:g}",
            "margin": f"{0.24 * scale:g},{0.08 * scale:g}",
        },
        edge_attr={"fontname": font, "fontsize": f"{11 * scale:g}", "arrowsize": "0.7"},
    )  # fmt: skip
    nodes, edges = drawn(picture)
    own = _own_placement(picture, nodes, edges, direction, font_size)
    if own is not None:
        graph.attr("graph", bb=own.bounds)
        graph.attr("node", fixedsize="true")
    for box in nodes:
        placed = {} if own is None else own.places[box.id]
        label = f"label={_quoted(node_label(box.lines))}"
        graph.body.append(_statement(box.id, [label], node_attributes(box) | placed))
    _frame(graph, picture.clusters, nodes, edges)
    for arrow in edges:
        attributes = {"id": arrow.id, "class": "use"}
        if own is not None:
            attributes |= own.routes[arrow.id]
        if arrow.edge.label:
            attributes["label"] = edge_label(arrow.edge.label)
        graph.body.append(_statement(f"{arrow.tail_id} -> {arrow.head_id}", [], attributes))
    return str(graph.source)


def engine_for(picture: Picture) -> Engine:
    """Return "dot", or "nop2" for a picture so large that its DOT text has every position."""
    # There is at most one copy of a leaf an arrow.
    if len(picture.nodes) + len(picture.edges) <= BOXES_FOR_GRAPHVIZ:
        return "dot"
    return "dot" if len(drawn(picture)[0]) <= BOXES_FOR_GRAPHVIZ else "nop2"


def node_attributes(box: DrawnNode) -> Attributes:
    """Return what DOT says of a box: its id, its class, and its shape by kind."""
    attributes = {"id": box.id, "class": f"{box.node.kind} copy" if box.copy else box.node.kind}
    if box.node.kind in ("value", "port"):
        attributes["style"] = "rounded"
    elif box.node.kind == "output":
        attributes["peripheries"] = "2"
    elif box.node.kind == "group":
        attributes["shape"] = "box3d"
    return attributes


def node_label(lines: Iterable[str]) -> str:
    """Return the DOT label of some lines: no HTML, no escapes, no entities, no empty line."""
    return _join([_escaped(visible(line)) for line in lines] or [visible("")])


def edge_label(text: str) -> str:
    """Return the DOT label of one arrow, with air around it."""
    return _join([_escaped(f" {visible(text, EDGE_LIMIT)} ")])


def check_direction(direction: str) -> None:
    """Raise InputError unless `direction` is one that can be drawn."""
    if direction not in DIRECTIONS:
        raise InputError(
            f"unknown direction {direction!r} (must be one of {', '.join(DIRECTIONS)})"
        )


def _own_placement(
    picture: Picture,
    nodes: Sequence[DrawnNode],
    edges: Sequence[DrawnEdge],
    direction: Direction,
    font_size: float,
) -> Placement | None:
    if engine_for(picture) == "dot":
        return None
    if picture.clusters:
        raise InputError(
            f"clusters are drawn around at most {BOXES_FOR_GRAPHVIZ:,} boxes and this drawing has"
            f" {len(nodes):,}; collapse it"
        )
    return layered(
        {box.id: box.lines for box in nodes},
        {arrow.id: (arrow.tail_id, arrow.head_id) for arrow in edges},
        downwards=direction == "TB",
        font_size=font_size,
    )


def _frame(
    graph: graphviz.Digraph,
    clusters: Iterable[Cluster],
    nodes: Sequence[DrawnNode],
    edges: Sequence[DrawnEdge],
    path: str = "cluster",
) -> None:
    for number, cluster in enumerate(clusters):
        name = f"{path}_{number}"
        with graph.subgraph(name=name) as within:
            within.attr("graph", id=name, **{"class": "module"}, label=node_label([cluster.name]))
            _frame(within, cluster.inner, nodes, edges, name)
            for member in cluster_members(cluster, nodes, edges):
                within.node(member)


def _statement(head: str, first: list[str], attributes: Attributes) -> str:
    """Return one line of DOT as graphviz writes it, whose own way takes a quarter of a layout."""
    parts = [f"{name}={_word(text)}" for name, text in sorted(attributes.items())]
    return f"\t{head} [{' '.join((*first, *parts))}]\n"


def _word(text: str) -> str:
    plain = text.isascii() and (text.isidentifier() or text.isdecimal()) and text not in KEYWORDS
    return text if plain else _quoted(text)


def _quoted(text: str) -> str:
    # A label has a backslash before a backslash or an n, and before nothing else.
    return '"' + text.replace('"', '\\"') + '"'


def _join(escaped: list[str]) -> str:
    import graphviz

    # The NoHtml type must survive: as a plain str, `<b>` would be written unquoted, as HTML.
    label: str = graphviz.nohtml("\\n".join(escaped))
    return label


def _escaped(text: str) -> str:
    # Graphviz reads entities in every label, so `&lt;` typed by a user would turn into <.
    return text.replace("&", "&amp;").replace("\\", "\\\\")
