"""Graphviz's SVG written again: classes in place of paint, and slots in place of what changes.

Graphviz writes one element a line, and every text escaped; a line is all that is read at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from graphstep.output.boxes import DrawnEdge, DrawnNode, drawn
from graphstep.output.picture import Picture
from graphstep.output.svg_frames import Box, Drawing, Part, Slot, quoted
from graphstep.output.themes import Theme, style_sheet

NAMESPACE = "http://www.w3.org/2000/svg"
MARKER_INSET = 5.0
_PAINT = re.compile(r' (?:fill|stroke|stroke-width|stroke-dasharray)="[^"]*"')
_SIZE = re.compile(r' (?:width|height|viewBox)="[^"]*"')
_IDENTITY = re.compile(r'id="([^"]*)"')
_BASELINE = re.compile(r' y="([^"]*)"')
_X = re.compile(r'[MC "](-?[0-9.]+),')


def drawing_of(picture: Picture, theme: Theme, svg: bytes) -> Drawing:
    """Return the Drawing of `picture` from Graphviz's own `svg` of its DOT text."""
    return Drawing(picture, _document(picture, theme, svg.decode("utf-8")))


def _document(picture: Picture, theme: Theme, svg: str) -> Iterator[str | Part]:
    """Give the whole document, the text between the boxes and arrows as it is."""
    nodes, edges = drawn(picture)
    boxes: dict[str, Box] = {node.id: node for node in nodes}
    boxes |= {edge.id: edge for edge in edges}
    head, _, body = svg[svg.index("<svg") :].partition(">\n")
    size = "".join(_SIZE.findall(head.replace("\n", "")))
    before = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<svg{size} xmlns="{NAMESPACE}"'
        f' class="graphstep {theme.name}" role="img">\n<title>'
    )
    behind = (
        f"</desc>\n<style>\n{quoted(style_sheet(theme), '')}\n</style>\n"
        '<rect class="background" width="100%" height="100%" />\n'
    )
    between = '</title>\n<desc id="drawing-desc">'
    yield Part(None, [before, between, behind], [Slot("title"), Slot("desc")])
    # In a text Graphviz writes no quotation mark, so this is paint and nothing else.
    lines = iter(_PAINT.sub("", body).split("\n"))
    drawing = False
    for line in lines:
        if line.startswith("<g ") and drawing:
            found = _IDENTITY.search(line)
            box = None if found is None else boxes.get(found[1])
            within = iter(lambda: next(lines), "</g>")
            if isinstance(box, DrawnNode):
                yield _node(box, within)
            elif box is not None:
                yield _edge(box, within)
            else:
                yield _cluster(line, list(within))
        elif line.startswith(("<g ", "</")):
            drawing = True
            yield line + "\n"
        # What is left are comments and a ground of Graphviz's own, its corners rounded down.


def _node(box: DrawnNode, within: Iterable[str]) -> Part:
    part, text = _named(box)
    count = shapes = 0
    left, baseline = float("inf"), "0"
    for line in within:
        if line.startswith("<text"):
            if not count:
                baseline = _BASELINE.findall(line)[0]
            part.pieces.append(f'{text}{line[: line.index(">")]} class="line">')
            part.slots.append(Slot("line", count))
            text = "</text>\n"
            count += 1
        elif line.startswith("<polyline"):
            text += _shape(line, ' class="outline"')
        elif not line.startswith("<title"):
            text += _shape(line, ' class="outline"' if shapes else "")
            left = min(left, *map(float, set(_X.findall(line))))
            shapes += 1
    x = left + MARKER_INSET + 4 * (shapes - 1)
    marker = f'<text class="marker" x="{x:g}" y="{baseline}" font-size="11">'
    part.slots.append(Slot("marker"))
    part.pieces.extend((text + marker, "</text>\n</g>\n"))
    return part


def _edge(box: DrawnEdge, within: Iterable[str]) -> Part:
    part, text = _named(box)
    for line in within:
        if line.startswith("<text"):
            part.pieces.append(text + line[: line.index(">") + 1])
            part.slots.append(Slot("label"))
            text = "</text>\n"
        elif not line.startswith("<title"):
            text += _shape(line)
    part.pieces.append(text + "</g>\n")
    return part


def _named(box: DrawnNode | DrawnEdge) -> tuple[Part, str]:
    """Return the start of a part, with the slots of its class and title, and what comes next."""
    pieces = [f'<g id="{box.id}" class="', '">\n<title>']
    return Part(box, pieces, [Slot("class"), Slot("title")]), "</title>\n"


def _cluster(start: str, within: Sequence[str]) -> str:
    texts = [line for line in within if line.startswith("<text")]
    label = "".join(line[line.index(">") + 1 : line.rindex("<")] for line in texts)
    written = [start, "\n"]
    for line in within:
        if line.startswith("<title"):
            written.append(f"<title>{label}</title>\n")
        elif line.startswith("<text"):
            written.append(line + "\n")
        else:
            written.append(_shape(line))
    return "".join((*written, "</g>\n"))


def _shape(line: str, more: str = "") -> str:
    return f"{line.removesuffix('/>')}{more} />\n"
