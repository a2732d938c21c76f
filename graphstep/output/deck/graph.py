"""The graph of a deck: one SVG, and what each box and arrow shows from which step on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any

from graphstep.output.dot import drawn
from graphstep.output.drawing import picture_of
from graphstep.output.labels import visible
from graphstep.output.neighbourhood import neighbourhood
from graphstep.output.picture import Frame
from graphstep.output.stages import Stages
from graphstep.output.svg import base_svg
from graphstep.output.themes import MARKERS, Theme, style_sheet
from graphstep.steps.timeline import Timeline

MOST_DRAWN = 300
"""Of a larger trace the deck shows so many values, those nearest the output."""

BY_VARIABLES = Theme(
    **{f.name: "deck" if f.name == "name" else f"var(--{f.name})" for f in fields(Theme)}
)
"""The theme whose colours the page decides, so that light and dark share one drawing."""


@dataclass(frozen=True, slots=True)
class DeckGraph:
    """Hold the drawing in its finished state, its style sheet, and its changes as plain data."""

    svg: str
    style: str
    changes: Mapping[str, Any]


def drawn_values(timeline: Timeline) -> frozenset[int]:
    """Return the values that a deck shows: all, or of a large trace those near the output."""
    trace = timeline.trace
    if len(trace) <= MOST_DRAWN:
        return frozenset(trace.values)
    return neighbourhood(trace, trace.outputs[-1], edges=MOST_DRAWN, most=MOST_DRAWN)


def deck_graph(timeline: Timeline, at: Sequence[int], only: frozenset[int]) -> DeckGraph:
    """Return the graph of the values in `only`, as it stands after each of the steps `at`.

    Raises LayoutError or MissingError where Graphviz cannot draw.
    """
    picture = picture_of(timeline, only)
    stages = Stages(timeline)
    frames = [stages.frame(k, only=only) for k in at]
    nodes, edges = drawn(picture)
    finished = stages.frame(len(timeline) - 1, True, only)
    svg = base_svg(picture, BY_VARIABLES).frame(finished)
    changes = {
        "nodes": [
            {
                "id": box.id,
                "value": box.node.key,
                "base": f"node {box.node.kind}{' copy' if box.copy else ''}",
                "head": visible(box.node.lines[0]),
                "changes": _node_changes(frames, box.node.key),
            }
            for box in nodes
        ],
        "edges": [
            {"id": arrow.id, "changes": _edge_changes(frames, arrow.edge.key)} for arrow in edges
        ],
        "markers": dict(MARKERS),
    }
    return DeckGraph(_inline(svg), style_sheet(BY_VARIABLES), changes)


def _node_changes(frames: Iterable[Frame], key: int) -> list[list[Any]]:
    """Return [step, classes, value line, adjoint line] wherever any of them changes."""
    return _changes(
        [" ".join(f.node_classes[key]), *map(visible, f.lines[key][1:])] for f in frames
    )


def _edge_changes(frames: Iterable[Frame], key: tuple[int, int, int]) -> list[list[Any]]:
    return _changes([" ".join(f.edge_classes.get(key, ()))] for f in frames)


def _changes(states: Iterable[list[str]]) -> list[list[Any]]:
    found: list[list[Any]] = []
    for k, state in enumerate(states):
        if not found or found[-1][1:] != state:
            found.append([k, *state])
    return found


def _inline(svg: str) -> str:
    """Return the drawing as a part of a page, which sizes it and brings its style sheet."""
    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<style>.*?</style>\s*", "", svg, count=1, flags=re.DOTALL)
    return re.sub(r'(<svg[^>]*?) width="[^"]*" height="[^"]*"', r"\1", svg, count=1)
