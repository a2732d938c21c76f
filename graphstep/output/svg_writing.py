"""Graphviz's SVG written again: classes in place of paint, and slots in place of what changes.

Graphviz writes one element a line, and every text escaped; a line is all that is read at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from graphstep.output.dot import DrawnEdge, DrawnNode, drawn
from graphstep.output.picture import Picture
from graphstep.output.svg_frames import Drawing, Slot, quoted
from graphstep.output.themes import Theme, style_sheet

NAMESPACE = "http://www.w3.org/2000/svg"
MARKER_INSET = 5.0
_PAINT = re.compile(r' (?:fill|stroke|stroke-width|stroke-dasharray)="[^"]*"')
_SIZE = re.compile(r' (?:width|height|viewBox)="[^"]*"')
_IDENTITY = re.compile(r'id="([^"]*)"')
_POINTS = re.compile(r' (?:d|points)="([^"]*)"')
_BASELINE = re.compile(r' y="([^"]*)"')
_NUMBERS = re.compile(r"-?[0-9.]+")


def drawing_of(picture: Picture, theme: Theme, svg: bytes) -> Drawing:
    """Return the Drawing of `picture` from Graphviz's own `svg` of its DOT text."""
    writer = _Writer(picture)
    writer.document(svg.decode("utf-8"), theme)
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

    def document(self, svg: str, theme: Theme) -> None:
        """Write the whole document."""
        head, _, body = svg[svg.index("<svg") :].partition(">\n")
        size = "".join(_SIZE.findall(head.replace("\n", "")))
        self._write(
            f'<?xml version="1.0" encoding="UTF-8"?>\n<svg{size} xmlns="{NAMESPACE}"'
            f' class="graphstep {theme.name}" role="img"'
            ' aria-labelledby="drawing-title drawing-desc">\n'
        )
        for what in ("title", "desc"):
            self._write(f'<{what} id="drawing-{what}">', Slot(what), f"</{what}>\n")
        self._write(f"<style>\n{quoted(style_sheet(theme), '')}\n</style>\n")
        self._write('<rect class="background" width="100%" height="100%" />\n')
        lines = iter(body.split("\n"))
        drawing = False
        for line in lines:
            if line.startswith("<g ") and drawing:
                self._group(line, lines)
            elif line.startswith(("<g ", "</")):
                drawing = True
                self._write(line, "\n")
            # What is left are comments and a ground of Graphviz's own, its corners rounded down.

    def _group(self, start: str, lines: Iterator[str]) -> None:
        found = _IDENTITY.search(start)
        name = "" if found is None else found[1]
        within = list(iter(lambda: next(lines), "</g>"))
        if name in self._nodes:
            self._node(within, self._nodes[name])
        elif name in self._edges:
            self._edge(within, self._edges[name])
        else:
            self._cluster(start, within)

    def _node(self, within: Iterable[str], node: DrawnNode) -> None:
        self._write(f'<g id="{node.id}" class="', Slot("class", box=node), '">\n')
        count = shapes = 0
        left, baseline = float("inf"), "0"
        for line in within:
            if line.startswith("<title"):
                self._write("<title>", Slot("title", box=node), "</title>\n")
            elif line.startswith("<text"):
                if not count:
                    baseline = _BASELINE.findall(line)[0]
                head = line[: line.index(">")]
                self._write(
                    f'{head} class="line">', Slot("line", box=node, line=count), "</text>\n"
                )
                count += 1
            elif line.startswith("<polyline"):
                self._shape(line, ' class="outline"')
            else:
                self._shape(line, ' class="outline"' if shapes else "")
                left = min(left, *map(float, _NUMBERS.findall(_POINTS.findall(line)[0])[::2]))
                shapes += 1
        self._write(
            f'<text class="marker" x="{left + MARKER_INSET + 4 * (shapes - 1):g}" y="{baseline}"'
            ' font-size="11">',
            Slot("marker", box=node),
            "</text>\n</g>\n",
        )

    def _edge(self, within: Iterable[str], edge: DrawnEdge) -> None:
        self._write(f'<g id="{edge.id}" class="', Slot("class", box=edge), '">\n')
        for line in within:
            if line.startswith("<title"):
                self._write("<title>", Slot("title", box=edge), "</title>\n")
            elif line.startswith("<text"):
                self._write(line[: line.index(">") + 1], Slot("label", box=edge), "</text>\n")
            else:
                self._shape(line)
        self._write("</g>\n")

    def _cluster(self, start: str, within: Iterable[str]) -> None:
        texts = [line for line in within if line.startswith("<text")]
        label = "".join(line[line.index(">") + 1 : line.rindex("<")] for line in texts)
        self._write(start, "\n")
        for line in within:
            if line.startswith("<title"):
                self._write(f"<title>{label}</title>\n")
            elif line.startswith("<text"):
                self._write(line, "\n")
            else:
                self._shape(line)
        self._write("</g>\n")

    def _shape(self, line: str, more: str = "") -> None:
        self._write(f"{_PAINT.sub('', line).removesuffix('/>')}{more} />\n")

    def _write(self, *parts: str | Slot) -> None:
        for part in parts:
            if isinstance(part, Slot):
                self._done.append("".join(self._parts))
                self._parts = []
                self.slots.append(part)
            else:
                self._parts.append(part)
