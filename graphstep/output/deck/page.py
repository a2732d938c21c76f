"""The page of a deck: HTML, style, script and data in one text that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from collections.abc import Mapping
from dataclasses import fields
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from graphstep.errors import InputError
from graphstep.output.code import Code
from graphstep.output.deck.graph import DeckGraph, deck_graph
from graphstep.output.deck.source import SourceText, place_of
from graphstep.output.deck.table import table_rows, without_styles
from graphstep.output.labels import visible
from graphstep.output.options import USUAL, PictureOptions
from graphstep.output.themes import DARK, LIGHT, PRINT, Theme, theme
from graphstep.steps.narration import narration
from graphstep.steps.timeline import Timeline
from graphstep.steps.words import check_text, headline

LONG = 2000
FEW_ROWS = 12
"""A table of up to so many rows is set larger …"""
MANY_ROWS = 300
"""… and one of more than so many is put into the page in parts."""
PLAIN = 150_000
"""Data of up to so many characters is readable in the page; more of it is packed."""
SCRIPTS = (
    "data.js",
    "sheets.js",
    "places.js",
    "table.js",
    "steps.js",
    "predict.js",
    "view.js",
    "print.js",
    "keys.js",
)


def deck_html(
    timeline: Timeline,
    code: Code,
    start: int = 0,
    name: str = "light",
    options: PictureOptions = USUAL,
) -> str:
    """Return the deck of a timeline as one HTML page, which opens at step `start`.

    The theme called `name` is the one it opens in; `light` follows what the reader's system
    prefers. `options` say which groups are folded at first, and how the graph is drawn. Raises
    LayoutError or MissingError where Graphviz cannot draw, InputError for an unknown theme or
    for what a deck cannot do.
    """
    if options.clusters or not options.values:
        raise InputError("a deck shows every value, and frames what is opened; leave that out")
    chosen = theme(name).name
    graph = deck_graph(timeline, options)
    source = SourceText(code, (place_of(timeline, step) for step in timeline))
    rows = table_rows(timeline)
    count = len(timeline)
    data = {"steps": [_step(timeline, k, source) for k in range(count)], "start": start}
    if len(rows) > MANY_ROWS:
        data["rows"] = rows
    style = "\n".join((_palettes(), graph.style, _part("page.css")))
    script = '"use strict";\n' + "\n".join(map(_part, SCRIPTS))
    return Template(_part("page.html")).substitute(
        csp=_policy(style, script),
        theme="" if chosen == "light" else chosen,
        title=escape(visible(code.title, 200)),
        differ=_differ(timeline),
        grain="by adjoint" if timeline.grain == "adjoint" else "by term",
        part=_groups(timeline, graph),
        svg=graph.svg,
        source=source.html(),
        rows="" if "rows" in data else "\n".join(rows),
        size="few" if len(rows) <= FEW_ROWS else "many",
        last=count - 1,
        count=count,
        style=style,
        data=_inert(data | dict(graph.data)),
        script=script,
    )


def _step(timeline: Timeline, k: int, source: SourceText) -> dict[str, Any]:
    step, equation = timeline[k], timeline.equation(k)
    check, ok = check_text(timeline, k)
    return {
        "half": step.half,
        "value": step.i,
        "head": visible(headline(timeline, k), 120),
        "left": equation.left.text("mathml"),
        "lines": [without_styles(text) for text in equation.texts("mathml")],
        "leftText": visible(equation.left.text(), LONG),
        "texts": [visible(text, LONG) for text in timeline.texts(k)],
        "check": visible(check, 200) if check else "",
        "ok": ok,
        "note": visible(narration(timeline, k), LONG),
        "source": source.spans(place_of(timeline, step)),
    }


def _part(name: str) -> str:
    return (files("graphstep.output.deck") / name).read_text(encoding="utf-8").strip()


def _palettes() -> str:
    """Return the colours of light, dark and print as variables of the page."""
    dark = _variables(DARK)
    return "\n".join(
        (
            f":root {{ {_variables(LIGHT)} color-scheme: light; }}",
            "@media (prefers-color-scheme: dark) {"
            f" :root:not([data-theme]) {{ {dark} color-scheme: dark; }} }}",
            f':root[data-theme="dark"] {{ {dark} color-scheme: dark; }}',
            f':root[data-theme="print"] {{ {_variables(PRINT)} }}',
            f"@media print {{ :root:root:root {{ {_variables(PRINT)} color-scheme: light; }} }}",
        )
    )


def _variables(one: Theme) -> str:
    roles = (f.name for f in fields(one) if f.name != "name")
    return " ".join(f"--{role}: {getattr(one, role)};" for role in roles)


def _policy(style: str, script: str) -> str:
    """Return the content security policy: this style and this script, and no request at all."""
    return (
        f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _digest(text: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}"


def _inert(data: Mapping[str, Any]) -> str:
    """Return an element that holds `data`: JSON in which no text can end it, packed if long."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    if len(text) > PLAIN:
        packed = base64.b64encode(zlib.compress(text.encode(), 9)).decode()
        return _element("application/octet-stream", packed)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return _element("application/json", text)


def _element(kind: str, text: str) -> str:
    return f'<script id="deck-data" type="{kind}">{text}</script>'


def _differ(timeline: Timeline) -> str:
    count = timeline.disagreeing
    return f'<span class="bad">✗ {count:,} unlike torch</span>' if count else ""


def _groups(timeline: Timeline, graph: DeckGraph) -> str:
    if not graph.groups:
        return ""
    counts = f"{len(timeline.trace):,} values in {graph.groups:,} groups"
    return f'<p class="part">{counts}: click a group to open it, or press o</p>'
