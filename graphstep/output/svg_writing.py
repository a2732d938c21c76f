"""Graphviz's SVG written again: classes in place of paint, and slots in place of what changes."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator, Mapping

from graphstep.output.dot import DrawnEdge, DrawnNode, drawn
from graphstep.output.picture import Picture
from graphstep.output.svg_frames import Drawing, Slot, quoted
from graphstep.output.themes import Theme, style_sheet

NAMESPACE = "http://www.w3.org/2000/svg"
SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PAINT = frozenset({"fill", "stroke", "stroke-width", "stroke-dasharray"})
MARKER_INSET = 5.0


def drawing_of(picture: Picture, theme: Theme, svg: bytes) -> Drawing:
    """Return the Drawing of `picture` from Graphviz's own `svg` of its DOT text."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    writer = _Writer(picture)
    writer.root(root, theme)
    return Drawing(picture, writer.pieces, writer.slots)


class _Writer:
    """Write elements as text; wherever a slot comes, a new piece begins."""

    def __init__(self, picture: Picture) -> None:
        nodes, edges = drawn(picture)
        self._nodes = {node.id: node for node in nodes}
        self._edges = {edge.id: edge for edge in edges}
        self._parts: list[str] = []
        self._done: list[str] = []
        self.slots: list[Slot] = []

    @property
    def pieces(self) -> list[str]:
        """The text before, between and behind the slots."""
        return [*self._done, "".join(self._parts)]

    def root(self, root: ElementTree.Element, theme: Theme) -> None:
        """Write the whole document."""
        root.set("xmlns", NAMESPACE)
        root.set("class", f"graphstep {theme.name}")
        root.set("role", "img")
        root.set("aria-labelledby", "drawing-title drawing-desc")
        self._write('<?xml version="1.0" encoding="UTF-8"?>\n', _start(root), root.text or "")
        for what in ("title", "desc"):
            self._write(f'<{what} id="drawing-{what}">', Slot(what), f"</{what}>\n")
        self._write("<style>\n", quoted(style_sheet(theme), ""), "\n</style>\n")
        self._write('<rect class="background" width="100%" height="100%" />\n')
        for child in root:
            self._drawing(child)
        self._write("</svg>")

    def _drawing(self, graph: ElementTree.Element) -> None:
        self._write(_start(graph), graph.text or "")
        for element in graph:
            name = element.get("id", "")
            if element.tag != "g":
                # A ground of Graphviz's own, its corners rounded down, and the name of the graph.
                continue
            if name in self._nodes:
                self._node(element, self._nodes[name])
            elif name in self._edges:
                self._edge(element, self._edges[name])
            else:
                self._cluster(element)
            self._write(element.tail or "")
        self._write("</g>", graph.tail or "")

    def _node(self, group: ElementTree.Element, node: DrawnNode) -> None:
        self._write(f'<g id="{node.id}" class="', Slot("class", box=node), f'">{group.text}')
        line = shapes = 0
        left = baseline = ""
        for element in group:
            if element.tag == "title":
                self._text(element, Slot("title", box=node))
            elif element.tag == "text":
                baseline = baseline or element.get("y", "0")
                self._text(element, Slot("line", box=node, line=line), ' class="line"')
                line += 1
            elif element.tag == "polyline":
                self._shape(element, ' class="outline"')
            else:
                self._shape(element, ' class="outline"' if shapes else "")
                left += f" {element.get('d', '')} {element.get('points', '')}"
                shapes += 1
        inset = min(_abscissas(left)) + MARKER_INSET + 4 * (shapes - 1)
        self._write(
            f'<text class="marker" x="{inset:g}" y="{baseline or 0}" font-size="11">',
            Slot("marker", box=node),
            "</text>\n</g>",
        )

    def _edge(self, group: ElementTree.Element, edge: DrawnEdge) -> None:
        self._write(f'<g id="{edge.id}" class="', Slot("class", box=edge), f'">{group.text}')
        for element in group:
            if element.tag in ("title", "text"):
                self._text(element, Slot("title" if element.tag == "title" else "label", box=edge))
            else:
                self._shape(element)
        self._write("</g>")

    def _cluster(self, group: ElementTree.Element) -> None:
        self._write(_start(group), group.text or "")
        label = "".join(element.text or "" for element in group.iter("text"))
        for element in group:
            if element.tag in ("title", "text"):
                said = label if element.tag == "title" else element.text or ""
                self._write(
                    _start(element), quoted(said, ""), f"</{element.tag}>", element.tail or ""
                )
            else:
                self._shape(element)
        self._write("</g>")

    def _text(self, element: ElementTree.Element, slot: Slot, more: str = "") -> None:
        self._write(_start(element, more), slot, f"</{element.tag}>{element.tail}")

    def _shape(self, element: ElementTree.Element, more: str = "") -> None:
        kept = {name: text for name, text in element.items() if name not in PAINT}
        self._write(f"<{element.tag}{_attributes(kept)}{more} />{element.tail}")

    def _write(self, *parts: str | Slot) -> None:
        for part in parts:
            if isinstance(part, Slot):
                self._done.append("".join(self._parts))
                self._parts = []
                self.slots.append(part)
            else:
                self._parts.append(part)


def _start(element: ElementTree.Element, more: str = "") -> str:
    return f"<{element.tag}{_attributes(element.attrib)}{more}>"


def _attributes(attributes: Mapping[str, str]) -> str:
    return "".join(
        f' {"xml:space" if name == SPACE else name}="{quoted(text)}"'
        for name, text in attributes.items()
    )


def _abscissas(points: str) -> Iterator[float]:
    numbers = re.findall(r"-?[0-9.]+", points)
    return map(float, numbers[::2])
