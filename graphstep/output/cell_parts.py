"""A drawing placed in terminal cells: boxes and arrows, and what lies under the mouse."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.output.cell_routes import Point
from graphstep.output.dot import Direction
from graphstep.output.picture import EdgeKey, NodeKind

NORTH, EAST, SOUTH, WEST = 1, 2, 4, 8


@dataclass(frozen=True, slots=True)
class CellBox:
    """Place one box: its top left cell, its size, and the lines it shows at rest."""

    key: int
    kind: NodeKind
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]
    copy: int = 0


@dataclass(frozen=True, slots=True)
class CellWire:
    """Trace one arrow: its cells from tail to tip, its exit, its tip and its label.

    A cell is (x, y, sides that this arrow joins, sides that all arrows there join); the
    exit is the place in the tail's border that the arrow leaves from.
    """

    key: EdgeKey
    cells: tuple[tuple[int, int, int, int], ...]
    exit: Point
    tip: Point
    label: str = ""
    label_at: Point | None = None


@dataclass(frozen=True, slots=True)
class CellLayout:
    """Hold every box and arrow of a drawing in cells; frames never change it."""

    width: int
    height: int
    direction: Direction
    boxes: tuple[CellBox, ...]
    wires: tuple[CellWire, ...]

    def node_at(self, x: int, y: int) -> int | None:
        """Return the key of the node whose box covers the cell, or None."""
        for box in self.boxes:
            if box.x <= x < box.x + box.width and box.y <= y < box.y + box.height:
                return box.key
        return None

    def has(self, key: int) -> bool:
        """Tell whether v_key has a box of its own."""
        return any(box.key == key and not box.copy for box in self.boxes)

    def box(self, key: int) -> CellBox:
        """Return the box of v_key itself, not of a copy; raise KeyError where there is none."""
        for box in self.boxes:
            if box.key == key and not box.copy:
                return box
        raise KeyError(key)
