"""A Picture as SVG: laid out once, then one text a step in which nothing moves."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterator

from graphstep.output.dot import (
    FONT,
    FONT_SIZE,
    Direction,
    DrawnEdge,
    DrawnNode,
    dot_text,
    drawn,
    engine_for,
)
from graphstep.output.layout import render
from graphstep.output.picture import Frame, Picture
from graphstep.output.svg_frames import Drawing, Slot
from graphstep.output.themes import Theme, style_sheet, theme

NAMESPACE = "http://www.w3.org/2000/svg"
# Private characters frame the places that a step fills; `visible` lets none through.
OPEN, CLOSE = "\ue000", "\ue001"
MARKER_INSET = 5.0


def base_svg(
    picture: Picture,
    theme: Theme,
    *,
    direction: Direction = "TB",
    font: str = FONT,
    font_size: float = FONT_SIZE,
) -> Drawing:
    """Lay out `picture` once and return the Drawing whose frames all have its geometry.

    Raise LayoutError or MissingError where Graphviz cannot draw.
    """
    text = dot_text(picture, font=font, direction=direction, font_size=font_size)
    svg = render(text, "svg", engine_for(picture))
    return drawing_of(picture, theme, svg)


def drawing_of(picture: Picture, theme: Theme, svg: bytes) -> Drawing:
    """Return the Drawing of `picture` from Graphviz's own `svg` of its DOT text."""
    root = ElementTree.fromstring(svg)
    for element in root.iter():
        element.tag = element.tag.removeprefix(f"{{{NAMESPACE}}}")
    slots: list[Slot] = []
    groups = {group.get("id", ""): group for group in root.iter("g")}
    _prepare_root(root, theme, slots)
    nodes, edges = drawn(picture)
    for node in nodes:
        _prepare_node(groups[node.id], node, slots)
    for edge in edges:
        _prepare_edge(groups[edge.id], edge, slots)
    for group in root.iter("g"):
        if group.get("class") == "cluster module":
            _prepare_cluster(group)
    text = ElementTree.tostring(root, encoding="unicode")
    # Slots were numbered as they were met; in the text they stand in document order.
    pieces = re.split(f"{OPEN}([0-9]+){CLOSE}", '<?xml version="1.0" encoding="UTF-8"?>\n' + text)
    return Drawing(picture, pieces[::2], [slots[int(number)] for number in pieces[1::2]])


def svg_text(
    picture: Picture,
    frame: Frame | None = None,
    name: str = "light",
    *,
    direction: Direction = "TB",
    font: str = FONT,
    font_size: float = FONT_SIZE,
) -> str:
    """Return the SVG text of one step of `picture` in the theme called `name`."""
    drawing = base_svg(picture, theme(name), direction=direction, font=font, font_size=font_size)
    return drawing.frame(frame)


def _prepare_root(root: ElementTree.Element, theme: Theme, slots: list[Slot]) -> None:
    root.set("xmlns", NAMESPACE)
    root.set("class", f"graphstep {theme.name}")
    root.set("role", "img")
    root.set("aria-labelledby", "drawing-title drawing-desc")
    graph = root.find("g")
    if graph is not None:
        for rounded_down in graph.findall("polygon"):
            graph.remove(rounded_down)
        for title in graph.findall("title"):
            graph.remove(title)
    for place, what in enumerate(("title", "desc")):
        element = ElementTree.Element(what, {"id": f"drawing-{what}"})
        element.text = _slot(slots, Slot(what))
        element.tail = "\n"
        root.insert(place, element)
    style = ElementTree.Element("style")
    style.text = "\n" + style_sheet(theme) + "\n"
    style.tail = "\n"
    root.insert(2, style)
    background = ElementTree.Element(
        "rect", {"class": "background", "width": "100%", "height": "100%"}
    )
    background.tail = "\n"
    root.insert(3, background)


def _prepare_node(group: ElementTree.Element, node: DrawnNode, slots: list[Slot]) -> None:
    group.set("class", _slot(slots, Slot("class", box=node)))
    texts = group.findall("text")
    for line, element in enumerate(texts):
        element.set("class", "line")
        element.text = _slot(slots, Slot("line", box=node, line=line))
    for title in group.findall("title"):
        title.text = _slot(slots, Slot("title", box=node))
    shapes = group.findall("path") + group.findall("polygon")
    folds = group.findall("polyline")
    for shape in shapes + folds:
        _unpaint(shape)
    for outline in shapes[1:] + folds:
        outline.set("class", "outline")
    left = min(_left(shape) for shape in shapes) + MARKER_INSET + 4 * (len(shapes) - 1)
    marker = ElementTree.SubElement(
        group,
        "text",
        {"class": "marker", "x": f"{left:g}", "y": texts[0].get("y", "0"), "font-size": "11"},
    )
    marker.text = _slot(slots, Slot("marker", box=node))
    marker.tail = "\n"


def _prepare_edge(group: ElementTree.Element, edge: DrawnEdge, slots: list[Slot]) -> None:
    group.set("class", _slot(slots, Slot("class", box=edge)))
    for title in group.findall("title"):
        title.text = _slot(slots, Slot("title", box=edge))
    for element in group.findall("text"):
        element.text = _slot(slots, Slot("label", box=edge))
    for shape in group.findall("path") + group.findall("polygon"):
        _unpaint(shape)


def _prepare_cluster(group: ElementTree.Element) -> None:
    for title in group.findall("title"):
        title.text = "".join(text.text or "" for text in group.findall("text"))
    for shape in group.findall("path") + group.findall("polygon"):
        _unpaint(shape)


def _slot(slots: list[Slot], slot: Slot) -> str:
    slots.append(slot)
    return f"{OPEN}{len(slots) - 1}{CLOSE}"


def _unpaint(shape: ElementTree.Element) -> None:
    for name in ("fill", "stroke", "stroke-width", "stroke-dasharray"):
        shape.attrib.pop(name, None)


def _left(shape: ElementTree.Element) -> float:
    return min(_abscissas(shape.get("d", "") + shape.get("points", "")))


def _abscissas(points: str) -> Iterator[float]:
    numbers = re.findall(r"-?[0-9.]+", points)
    return map(float, numbers[::2])
