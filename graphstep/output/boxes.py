"""The boxes and arrows of a drawing, with copies of leaves that are used everywhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from graphstep.output.picture import Cluster, Picture, PictureEdge, PictureNode

MOST_USES_OF_A_LEAF = 12


@dataclass(frozen=True, slots=True)
class DrawnNode:
    """Name one box of the drawing; `copy` is 0 for the node itself, 2, 3, … for its copies."""

    id: str
    node: PictureNode
    copy: int

    @property
    def lines(self) -> tuple[str, ...]:
        """Return the lines this box shows: a copy shows only the first, the node's name."""
        return self.node.lines[:1] if self.copy else self.node.lines


@dataclass(frozen=True, slots=True)
class DrawnEdge:
    """Name one arrow of the drawing and the two boxes that it joins."""

    id: str
    edge: PictureEdge
    tail_id: str
    head_id: str


def drawn(picture: Picture) -> tuple[tuple[DrawnNode, ...], tuple[DrawnEdge, ...]]:
    """Return the boxes and arrows of `picture`, with copies of leaves that are used everywhere.

    One leaf at the tail of many arrows makes Graphviz take minutes; beyond a dozen uses each
    further use gets its own small copy.
    """
    uses = Counter(edge.tail for edge in picture.edges)
    heads = {edge.head for edge in picture.edges}
    nodes = [DrawnNode(node_id(node.key), node, 0) for node in picture.nodes]
    by_key = {node.key: node for node in picture.nodes}
    seen: Counter[int] = Counter()
    edges = []
    for edge in picture.edges:
        tail = node_id(edge.tail)
        seen[edge.tail] += 1
        if uses[edge.tail] > MOST_USES_OF_A_LEAF and edge.tail not in heads and seen[edge.tail] > 1:
            tail = f"{tail}__c{seen[edge.tail]}"
            nodes.append(DrawnNode(tail, by_key[edge.tail], seen[edge.tail]))
        edges.append(DrawnEdge(edge_id(edge), edge, tail, node_id(edge.head)))
    return tuple(nodes), tuple(edges)


def node_id(key: int) -> str:
    """Return the XML-safe id of v_key: `v_3`, and `v_m1` for v_-1."""
    return f"v_{_integer(key)}"


def edge_id(edge: PictureEdge) -> str:
    """Return the XML-safe id of one use: `e_m1_2_0` is v_-1 as operand 0 of v_2."""
    return f"e_{_integer(edge.tail)}_{_integer(edge.head)}_{edge.position}"


def cluster_members(
    cluster: Cluster, nodes: Sequence[DrawnNode], edges: Sequence[DrawnEdge]
) -> list[str]:
    """Return the ids of the boxes in a cluster; a copy of a leaf goes where it is used."""
    used_by = {edge.tail_id: edge.edge.head for edge in edges}
    return [
        box.id for box in nodes if (used_by[box.id] if box.copy else box.node.key) in cluster.keys
    ]


def _integer(number: int) -> str:
    return f"m{-number}" if number < 0 else str(number)
