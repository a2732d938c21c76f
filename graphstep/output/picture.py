"""What a drawing shows, free of any format: boxes of text lines, arrows, and one frame a step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

NodeKind = Literal["input", "value", "output", "group", "port"]
EdgeKey = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class PictureNode:
    """Describe one v_i, or a folded group, whose key is its last value's, or the name of a value
    that is drawn elsewhere, a port.

    `lines` hold, top to bottom, the widest text any step will show there.
    """

    key: int
    kind: NodeKind
    lines: tuple[str, ...]
    module: str = ""


@dataclass(frozen=True, slots=True)
class PictureEdge:
    """Describe one use of v_tail by v_head as operand number `position`, and its local partial."""

    tail: int
    head: int
    position: int
    label: str = ""

    @property
    def key(self) -> EdgeKey:
        return (self.tail, self.head, self.position)


@dataclass(frozen=True, slots=True)
class Cluster:
    """Frame some boxes, those of the clusters within it included, under one name."""

    name: str
    keys: frozenset[int]
    inner: tuple[Cluster, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """Hold everything that decides a layout; frames never change it."""

    nodes: tuple[PictureNode, ...]
    edges: tuple[PictureEdge, ...]
    title: str = ""
    clusters: tuple[Cluster, ...] = ()


ASKED = "?"
"""What an arrow says in place of a local partial that is to be predicted."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Say how one step shows a Picture: line texts that differ, and classes to style by.

    Node classes: `value-pending`, `value-final`, `adjoint-pending`, `adjoint-partial`,
    `adjoint-final`, `no-path`, `current`, `operand`, `disagrees`. Edge classes: `current`,
    `used` (its contribution is in), `asked` (a question mark stands for its local partial).
    """

    lines: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    node_classes: Mapping[int, tuple[str, ...]] = field(default_factory=dict)
    edge_classes: Mapping[EdgeKey, tuple[str, ...]] = field(default_factory=dict)
    caption: str = ""
