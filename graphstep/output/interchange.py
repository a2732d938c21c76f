"""The graph for other tools: networkx's node-link JSON, and GraphML for Gephi, yEd, Cytoscape."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from graphstep.format.tensors import shown
from graphstep.output.labels import visible
from graphstep.output.picture import NodeKind
from graphstep.steps.equation import local_formula, partial_formula
from graphstep.steps.timeline import Timeline

LONGEST = 1000
"""A text is cut to so many characters."""

Attributes = dict[str, Any]


def node_link_json(timeline: Timeline) -> str:
    """Return the graph as `networkx.node_link_graph(data, edges="edges")` reads it."""
    data = {
        "directed": True,
        "multigraph": True,
        "graph": {"order": timeline.trace.order},
        "nodes": [{"id": i, **_node(timeline, i)} for i in timeline.trace.values],
        "edges": [
            {"source": parent, "target": child, "key": position, **attributes}
            for parent, child, position, attributes in _edges(timeline)
        ],
    }
    return json.dumps(data, indent=1, ensure_ascii=False)


def graphml(timeline: Timeline) -> str:
    """Return the graph as GraphML: every attribute is a text, a whole number or a truth value."""
    import networkx as nx

    graph = nx.MultiDiGraph(order=timeline.trace.order)
    for i in timeline.trace.values:
        graph.add_node(i, **_node(timeline, i))
    for parent, child, position, attributes in _edges(timeline):
        graph.add_edge(parent, child, position, **attributes)
    return "\n".join(nx.generate_graphml(graph, named_key_ids=True))


def _node(timeline: Timeline, i: int) -> Attributes:
    """Return what is known of v_i; what is not there is left out, as GraphML knows no null."""
    value, verdict = timeline.trace.values[i], timeline.verdicts.get(i)
    kind: NodeKind = "input" if i <= 0 else "output" if i in timeline.trace.outputs else "value"
    last = len(timeline) - 1
    found: Attributes = {
        "name": value.name,
        "label": value.shown_name,
        "kind": kind,
        "op": value.op.strip("_"),
        "formula": timeline.formula(i),
        "value": timeline.value_state(i, last).text,
        "adjoint": timeline.adjoint_state(i, last).text,
    }
    if value.shape is not None:
        found["shape"] = f"[{', '.join(map(str, value.shape))}]"
    more = {"dtype": value.dtype, "device": value.device, "module": value.module}
    more["no_path"] = value.no_path
    if value.source is not None:
        place = value.source
        more["source"] = f"{PurePath(place.file).name}:{place.line}:{place.column + 1}"
    found |= {name: text for name, text in more.items() if text}
    if verdict is not None and verdict.torch is not None:
        found |= {"torch": shown(verdict.torch), "agrees": verdict.ok}
    return _seen(found)


def _edges(timeline: Timeline) -> list[tuple[int, int, int, Attributes]]:
    found = []
    for application in timeline.trace.applications:
        for child in application.results.values():
            for position, parent in enumerate(application.parents):
                if parent is not None:
                    found.append((parent, child, position, _edge(timeline, child, position)))
    return found


def _edge(timeline: Timeline, child: int, position: int) -> Attributes:
    found: Attributes = {"position": position}
    term = timeline.term(child, position)
    if term is not None:
        partial = partial_formula(timeline.trace, term)
        if partial is not None:
            found["partial"] = partial.text()
        found["contribution"] = local_formula(timeline.trace, term).text()
        found["contribution_value"] = shown(term.value)
        found["rule"] = term.rule
    return _seen(found)


def _seen(attributes: Attributes) -> Attributes:
    """Keep out of every text what XML and a reader cannot show."""
    return {
        name: visible(item, LONGEST) if isinstance(item, str) else item
        for name, item in attributes.items()
    }
