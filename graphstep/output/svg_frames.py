"""An SVG that is laid out, as fixed text with places that each step fills in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple, TypeAlias
from xml.sax.saxutils import escape

from graphstep.output.boxes import DrawnEdge, DrawnNode
from graphstep.output.dot import EDGE_LIMIT
from graphstep.output.labels import BLANK, visible
from graphstep.output.picture import Frame, Picture
from graphstep.output.themes import markers

MOST_KEPT = 32
"""So many states of a box are kept as text: in a long run a box goes through few of them."""
NOTHING = Frame()
SPECIAL = re.compile('[&<>"]')

Box: TypeAlias = DrawnNode | DrawnEdge | None
State: TypeAlias = tuple[object, ...]


class Slot(NamedTuple):
    """Name what a step writes at one place in the text of a box, or of the whole drawing."""

    what: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """Hold the text of one box, an arrow or (None) the drawing: a slot between each two `pieces`.

    What its states so far have `written` is kept.
    """

    box: Box
    pieces: list[str]
    slots: list[Slot]
    written: dict[State, str] = field(default_factory=dict)

    def text(self, state: State, write: Callable[[Slot], str]) -> str:
        """Return the text in a state, what `write` says in every slot."""
        known = self.written.get(state)
        if known is None:
            if len(self.written) >= MOST_KEPT:
                self.written.clear()
            texts = [self.pieces[0]]
            for slot, behind in zip(self.slots, self.pieces[1:], strict=True):
                texts += quoted(write(slot)), behind
            known = self.written[state] = "".join(texts)
        return known


class Drawing:
    """Write the frames of a laid-out picture: its parts, and the text between them.

    A step changes a few of the boxes: what another has written before is put in as it was.
    """

    def __init__(self, picture: Picture, content: Iterable[str | Part]) -> None:
        self.picture = picture
        self._content = tuple(content)

    def frame(self, frame: Frame | None = None) -> str:
        """Return the complete SVG text of one step; None shows the picture's own lines."""
        shown = frame or NOTHING
        return "".join(
            [part if isinstance(part, str) else self._text(part, shown) for part in self._content]
        )

    def _text(self, part: Part, frame: Frame) -> str:
        box = part.box
        if isinstance(box, DrawnNode):
            lines = frame.lines.get(box.node.key, box.node.lines)
            classes = frame.node_classes.get(box.node.key, ())
            return part.text((lines, classes), lambda slot: _of_node(box, slot, lines, classes))
        if isinstance(box, DrawnEdge):
            classes = frame.edge_classes.get(box.edge.key, ())
            return part.text((classes,), lambda slot: _of_edge(box, slot, classes))
        return part.text((frame.caption,), lambda slot: self._of_drawing(slot, frame.caption))

    def _of_drawing(self, slot: Slot, caption: str) -> str:
        if slot.what == "title":
            return visible(self.picture.title or "Computational graph", 200)
        nodes, edges = len(self.picture.nodes), len(self.picture.edges)
        values = f"{nodes} value{'' if nodes == 1 else 's'}"
        uses = f"{edges} use{'' if edges == 1 else 's'}"
        return visible(caption or f"A graph of {values} and {uses} of them.", 400)


def _of_node(box: DrawnNode, slot: Slot, lines: tuple[str, ...], classes: tuple[str, ...]) -> str:
    if slot.what == "class":
        copy = ("copy",) if box.copy else ()
        return _class_names(("node", box.node.kind, *copy, *classes))
    if slot.what == "marker":
        return markers(classes)
    if slot.what == "title":
        return ", ".join(visible(line) for line in lines if line.strip()) or BLANK
    return visible(lines[slot.line]) if slot.line < len(lines) else BLANK


def _of_edge(arrow: DrawnEdge, slot: Slot, classes: tuple[str, ...]) -> str:
    edge = arrow.edge
    if slot.what == "class":
        return _class_names(("edge", *classes))
    label = visible(edge.label, EDGE_LIMIT) if edge.label else ""
    if slot.what == "title":
        return f"v_{edge.tail} → v_{edge.head}" + (f": {label}" if label else "")
    return label


@lru_cache(maxsize=512)
def _class_names(names: tuple[str, ...]) -> str:
    return " ".join(dict.fromkeys(re.sub(r"[^A-Za-z0-9_-]", "-", name) for name in names))


def quoted(text: str, marks: str = '"') -> str:
    """Return a text as XML writes it; `marks` are those of an attribute around it."""
    if not SPECIAL.search(text):
        return text
    return escape(text, dict.fromkeys(marks, "&quot;"))
