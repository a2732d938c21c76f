"""The sheets of a deck hold every value and every use once, and say what the drawings say."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from graphstep.api import Trace
from graphstep.output.collapse import FoldedView
from graphstep.output.deck.changes import Changes
from graphstep.output.deck.graph import deck_graph
from graphstep.output.deck.sheets import MOST_PORTS, Sheet, Sheets, sheets_of
from graphstep.output.folding import forest_of
from graphstep.output.groups import Group
from graphstep.output.options import PictureOptions
from graphstep.output.picture import EdgeKey
from graphstep.output.stages import Stages
from tests.output.test_groups import loop, network


@pytest.fixture(scope="module", params=[network, lambda: loop(20)], ids=["modules", "loop"])
def trace(request: pytest.FixtureRequest) -> Trace:
    found: Trace = request.param()
    return found


def _uses(trace: Trace) -> list[EdgeKey]:
    return [
        (parent, child, position)
        for child, application in trace.recorded.made_by.items()
        for position, parent in enumerate(application.parents)
        if parent is not None
    ]


def _within(sheets: Sheets, sheet: Sheet, i: int) -> bool:
    return sheet.group is None or sheet.group in sheets.paths[i]


def problems(trace: Trace, sheets: Sheets) -> list[str]:
    """Return what is missing or doubled on some sheets."""
    found = []
    places = Counter(i for sheet in sheets.sheets for i in sheet.values)
    if places != Counter(trace.recorded.values.keys()):
        found.append("values")
    met: Counter[EdgeKey] = Counter()
    for sheet in sheets.sheets:
        ports = sheet.ports.keys()
        for ends, uses in sheet.arrows.items():
            if not ports & set(ends):
                met.update(uses)
        met.update(u for u in _uses(trace) if {u[0], u[1]} <= set(sheet.values))
        crossing = Counter(
            u for u in _uses(trace) if _within(sheets, sheet, u[0]) != _within(sheets, sheet, u[1])
        )
        shown = Counter(u for e, uses in sheet.arrows.items() if ports & set(e) for u in uses)
        if shown != crossing:
            found.append(f"ports of {sheet.group.name if sheet.group else 'the whole'}")
    if met != Counter(_uses(trace)):
        found.append("uses")
    return found


def test_every_value_and_every_use_has_its_one_place(trace: Trace) -> None:
    sheets = sheets_of(trace.recorded, forest_of(trace.recorded))
    assert len(sheets.sheets) > 3
    assert problems(trace, sheets) == []


def test_what_is_left_out_is_noticed(trace: Trace) -> None:
    sheets = sheets_of(trace.recorded, forest_of(trace.recorded))
    whole, inner = sheets.sheets[:2]
    assert inner.group is not None
    whole.values.append(inner.values[0] if inner.values else whole.values[0])
    assert problems(trace, sheets)[0] == "values"
    sheets = sheets_of(trace.recorded, forest_of(trace.recorded))
    next(iter(sheets.sheets[1].arrows.values())).pop()
    assert problems(trace, sheets) in (["uses"], [f"ports of {inner.group.name}"])


def test_many_values_share_the_last_port() -> None:
    trace = loop(20)
    forest = forest_of(trace.recorded)
    assert isinstance(forest.parts[0], Group)
    counts = [len(sheet.ports) for sheet in sheets_of(trace.recorded, forest).sheets]
    assert max(counts) <= 2 * MOST_PORTS
    sheet = sheets_of(trace.recorded, forest).sheets[1]
    assert {port.text for port in sheet.ports.values()} == {"v₀ = w", "v₆₁"}


def _at(changes: list[list[Any]], at: int) -> list[Any]:
    return [change for change in changes if change[0] <= at][-1][1:]


def test_the_changes_are_the_frames_of_the_folded_drawing(trace: Trace) -> None:
    timeline = trace.timeline("contribution")
    forest = forest_of(trace.recorded)
    data = deck_graph(timeline, PictureOptions(collapse=0)).data
    groups = [part for part in forest.parts if isinstance(part, Group)]
    view = FoldedView(timeline, groups, forest)
    whole = data["sheets"][0]
    for at in range(len(timeline)):
        frame = view.frame(at)
        for node in whole["nodes"]:
            classes, *lines = _at(node["changes"], at)
            key = node["gives"]
            assert classes.split() == list(frame.node_classes[key])
            assert [*node["head"], *lines] == list(frame.lines[key])
        for key, edge in zip(
            sorted(e.key for e in view.picture().edges), whole["edges"], strict=True
        ):
            assert tuple(_at(edge["changes"], at)[0].split()) == frame.edge_classes.get(key, ())


def test_a_value_within_a_group_changes_as_it_does_outside(trace: Trace) -> None:
    timeline = trace.timeline()
    changes, stages = Changes(timeline), Stages(timeline)
    inner = deck_graph(timeline, PictureOptions(collapse=0)).data["sheets"][-1]["nodes"]
    (node, *_) = (node for node in inner if "opens" not in node and "gives" in node)
    assert node["changes"] == changes.of_value(node["gives"])
    for at in range(len(timeline)):
        frame = stages.frame(at)
        assert _at(node["changes"], at)[1:] == list(frame.lines[node["gives"]][1:])


def test_a_graph_that_is_not_folded_is_one_sheet(trace: Trace) -> None:
    graph = deck_graph(trace.timeline(), PictureOptions())
    assert (graph.groups, len(graph.data["sheets"]), graph.data["opened"]) == (0, 1, [])
    assert json.dumps(graph.data).count('"opens"') == 0
