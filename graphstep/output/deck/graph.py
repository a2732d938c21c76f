"""The drawings of a deck, one a sheet, and what each box and arrow shows from which step on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from graphstep.graph.trace_graph import TraceGraph
from graphstep.output.boxes import DrawnNode, drawn
from graphstep.output.collapse import FoldedView
from graphstep.output.deck.changes import Changes
from graphstep.output.deck.sheets import Sheet, Sheets, sheets_of
from graphstep.output.drawing import picture_of
from graphstep.output.folding import Forest, folded_groups, forest_of
from graphstep.output.group_box import group_box, uses_text
from graphstep.output.groups import Group
from graphstep.output.labels import visible
from graphstep.output.options import PictureOptions
from graphstep.output.picture import Picture, PictureEdge, PictureNode
from graphstep.output.svg import base_svg
from graphstep.output.themes import MARKERS, Theme, style_sheet
from graphstep.steps.timeline import Timeline

MOST_OPENED = 24
"""A folded deck opens as many groups as fit into so many boxes."""

BY_VARIABLES = Theme(
    **{f.name: "deck" if f.name == "name" else f"var(--{f.name})" for f in fields(Theme)}
)
"""The theme whose colours the page decides, so that light and dark share one drawing."""


@dataclass(frozen=True, slots=True)
class DeckGraph:
    """Hold the whole drawing in its finished state, its style sheet, and the rest as plain data.

    `data` has the sheets, the first of them that of the whole, and which of the others are open
    at first.
    """

    svg: str
    style: str
    data: Mapping[str, Any]
    groups: int


def deck_graph(timeline: Timeline, options: PictureOptions) -> DeckGraph:
    """Return the graph of a timeline, folded as `options` say.

    Raises LayoutError or MissingError where Graphviz cannot draw.
    """
    folded = _folded(timeline, options)
    forest = forest_of(timeline.trace) if folded else _flat(timeline.trace)
    sheets = sheets_of(timeline.trace, forest)
    return _Drawer(timeline, options, sheets, forest).graph(set(folded))


def _folded(timeline: Timeline, options: PictureOptions) -> tuple[Group, ...]:
    """Return the groups that are folded at first; where there are none, nothing can be folded."""
    trace = timeline.trace
    folded = folded_groups(trace, options.collapse, options.max_nodes)
    if folded and options.collapse == "auto" and options.max_nodes is None:
        return folded_groups(trace, "auto", MOST_OPENED)
    return folded


def _flat(trace: TraceGraph) -> Forest:
    return Forest(tuple(i for i in trace.values if i > 0), {})


class _Drawer:
    """Draw the sheets of one timeline."""

    def __init__(
        self, timeline: Timeline, options: PictureOptions, sheets: Sheets, forest: Forest
    ) -> None:
        self._forest = forest
        self._timeline = timeline
        self._options = options
        self._sheets = sheets
        self._changes = Changes(timeline)
        self._numbers = {sheet.group: n for n, sheet in enumerate(sheets.sheets)}
        hidden: dict[Group, list[int]] = {}
        for i, path in sheets.paths.items():
            for group in path:
                hidden.setdefault(group, []).append(i)
        self._hidden = hidden
        self._boxes = {
            group: group_box(timeline, group, [i for i in hidden[group] if i <= 0])
            for group in hidden
        }

    def graph(self, folded: set[Group]) -> DeckGraph:
        """Draw all sheets."""
        whole, *others = self._sheets.sheets
        last = len(self._timeline) - 1
        view = FoldedView(self._timeline, whole.groups, self._forest)
        picture = self._picture(whole)
        drawing = base_svg(picture, BY_VARIABLES, **self._options.lettering)
        svg = drawing.frame(view.frame(last, plain=True))
        sheets = [self._data(whole, picture), *map(self._drawn, others)]
        # Open is what is neither folded nor within what is.
        closed = {g for group in folded for g in _with_inner(group)}
        opened = [n for group, n in self._numbers.items() if group and group not in closed]
        data = {"sheets": sheets, "opened": opened if folded else [], "markers": dict(MARKERS)}
        return DeckGraph(_inline(svg), style_sheet(BY_VARIABLES), data, len(others))

    def _drawn(self, sheet: Sheet) -> dict[str, Any]:
        picture = self._picture(sheet)
        svg = base_svg(picture, BY_VARIABLES, **self._options.lettering).frame()
        return self._data(sheet, picture) | _fragment(svg, self._prefix(sheet))

    def _prefix(self, sheet: Sheet) -> str:
        number = self._numbers[sheet.group]
        return f"s{number}-" if number else ""

    def _picture(self, sheet: Sheet) -> Picture:
        last = len(self._timeline) - 1
        values = picture_of(self._timeline, frozenset(sheet.values))
        nodes = [
            *values.nodes,
            *(PictureNode(g.key, "group", self._boxes[g].state(last)[0]) for g in sheet.groups),
            *(PictureNode(key, "port", (port.text,)) for key, port in sheet.ports.items()),
        ]
        edges = [
            *values.edges,
            *(PictureEdge(*ends, 0, uses_text(len(uses))) for ends, uses in sheet.arrows.items()),
        ]
        if not self._options.partials:
            edges = [edge if edge.key[:2] in sheet.arrows else replace(edge, label="")
                     for edge in edges]  # fmt: skip
        return replace(
            values,
            nodes=tuple(sorted(nodes, key=lambda node: node.key)),
            edges=tuple(sorted(edges, key=lambda edge: (edge.tail, edge.head, edge.position))),
        )

    def _data(self, sheet: Sheet, picture: Picture) -> dict[str, Any]:
        prefix = self._prefix(sheet)
        groups = {group.key: group for group in sheet.groups}
        nodes, edges = drawn(picture)
        by_key: dict[int, dict[str, Any]] = {}
        shown = []
        for box in nodes:
            key = box.node.key
            if key not in by_key:
                by_key[key] = self._box(sheet, key, box, groups.get(key))
            copy = " copy" if box.copy else ""
            base = f"node {box.node.kind}{copy}"
            shown.append({"id": prefix + box.id, "base": base, **by_key[key]})
        arrows = []
        for arrow in edges:
            edge = arrow.edge
            uses = sheet.arrows.get((edge.tail, edge.head))
            arrows.append(
                {
                    "id": prefix + arrow.id,
                    "ends": [prefix + arrow.tail_id, prefix + arrow.head_id],
                    "partial": uses is None and bool(edge.label),
                    "changes": self._changes.of_arrow(uses or (edge.key,)),
                }
            )
        name = "" if sheet.group is None else visible(sheet.group.name)
        return {"name": name, "nodes": shown, "edges": arrows}

    def _box(self, sheet: Sheet, key: int, box: DrawnNode, group: Group | None) -> dict[str, Any]:
        lines = [visible(line) for line in box.node.lines]
        if group is not None:
            changes = self._changes.of_group(self._boxes[group], self._hidden[group])
            opens = self._numbers[group]
            return {"head": lines[:2], "gives": key, "opens": opens, "changes": changes}
        if key in sheet.ports:
            values = sheet.ports[key].values
            return {"head": lines, "value": key, "changes": self._changes.of_port(values)}
        return {"head": lines[:1], "gives": key, "changes": self._changes.of_value(key)}


def _with_inner(group: Group) -> list[Group]:
    found = [group]
    for one in found:
        found += one.groups
    return found


def _inline(svg: str) -> str:
    """Return the drawing as a part of a page, which sizes it and brings its style sheet."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style>.*?</style>\s*", "", svg, count=1, flags=re.DOTALL)
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)


def _fragment(svg: str, prefix: str) -> dict[str, Any]:
    """Return the boxes and arrows of a drawing and its size, its ids with a prefix."""
    size = re.search(r'viewBox="[\d.]+ [\d.]+ ([\d.]+) ([\d.]+)"', svg)
    start = re.search(r'<g [^>]*class="graph"[^>]*translate\(([-\d.]+) ([-\d.]+)\)">', svg)
    assert size is not None
    assert start is not None
    within = svg[start.end() : svg.rindex("</g>")].strip()
    within = re.sub(r'(<g id=")', rf"\g<1>{prefix}", within)
    return {
        "size": [float(size[1]), float(size[2])],
        "move": [float(start[1]), float(start[2])],
        "svg": within,
    }
