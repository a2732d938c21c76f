"""The page of a deck: HTML, style, script and data in one text that needs nothing else."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import fields
from html import escape
from importlib.resources import files
from string import Template
from typing import Any

from graphstep.output.code import Code
from graphstep.output.deck.graph import deck_graph, drawn_values
from graphstep.output.deck.source import SourceText, place_of
from graphstep.output.deck.table import table_html
from graphstep.output.labels import visible
from graphstep.output.themes import DARK, LIGHT, PRINT, Theme, theme
from graphstep.steps.narration import narration
from graphstep.steps.timeline import Timeline
from graphstep.steps.words import check_text, headline

LONG = 2000
FEW_ROWS = 12
"""A table of up to so many rows is set larger."""
SCRIPTS = ("steps.js", "predict.js", "view.js", "keys.js")


def deck_html(timeline: Timeline, code: Code, start: int = 0, name: str = "light") -> str:
    """Return the deck of a timeline as one HTML page, which opens at step `start`.

    The theme called `name` is the one it opens in; `light` follows what the reader's system
    prefers. Of a large trace the page has the values nearest the output, and says so. Raises
    LayoutError or MissingError where Graphviz cannot draw, InputError for an unknown theme.
    """
    chosen = theme(name).name
    only = drawn_values(timeline)
    shown = [step.index for step in timeline if step.i in only]
    graph = deck_graph(timeline, shown, only)
    source = SourceText(code, (place_of(timeline, timeline[k]) for k in shown))
    positions = {k: position for position, k in enumerate(shown)}
    rows = table_html(timeline, positions, only)
    left_out = len(timeline.trace) - len(only)
    data = {
        "steps": [_step(timeline, k, source) for k in shown],
        "start": max((p for k, p in positions.items() if k <= start), default=0),
        **graph.changes,
    }
    style = "\n".join((_palettes(), graph.style, _part("page.css")))
    script = '"use strict";\n' + "\n".join(map(_part, SCRIPTS))
    return Template(_part("page.html")).substitute(
        csp=_policy(style, script),
        theme="" if chosen == "light" else chosen,
        title=escape(visible(code.title, 200)),
        differ=_differ(timeline),
        grain="by adjoint" if timeline.grain == "adjoint" else "by term",
        part=_part_of(len(only), left_out),
        svg=graph.svg,
        source=source.html(),
        rows=rows,
        size="few" if rows.count("<tr>") <= FEW_ROWS else "many",
        last=len(shown) - 1,
        count=len(shown),
        style=style,
        data=_inert(data),
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
        "lines": equation.texts("mathml"),
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
    """Return JSON in which no text can end the element that holds it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _differ(timeline: Timeline) -> str:
    count = timeline.disagreeing
    return f'<span class="bad">✗ {count:,} unlike torch</span>' if count else ""


def _part_of(shown: int, left_out: int) -> str:
    if not left_out:
        return ""
    text = f"{shown:,} of {shown + left_out:,} values: those nearest the output"
    return f'<p class="part">{text}</p>'
