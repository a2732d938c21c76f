"""The survey's tables as text, Markdown, LaTeX, CSV, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Literal

from graphstep.errors import InputError
from graphstep.format.mathml import EQUALS
from graphstep.format.symbols import Style
from graphstep.output.latex_table import fits, latex_table, paragraph, paragraph_column
from graphstep.output.rows import Mode
from graphstep.output.survey import Half, Pair, survey_rows, titles
from graphstep.output.table import table
from graphstep.output.table_cells import (
    aligned,
    csv_table,
    format_named,
    html_cell,
    markdown_table,
    seen,
)
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep

PARTS = ("name", "formula", "expanded", "value")
Layout = Literal["rows", "survey"]
Titles = tuple[str, str]
HALF = 21
"""Half of a page has room for so many signs of a formula."""
_LATEX_TITLES = str.maketrans({"↓": r"$\downarrow$", "↑": r"$\uparrow$"})


def write_in(layout: Layout) -> Callable[..., str]:
    """Return what writes a table in a layout. Raises InputError for one that is not there."""
    writers = {"rows": table, "survey": survey_table}
    if layout not in writers:
        raise InputError(f"unknown layout {layout!r} (must be one of {', '.join(writers)})")
    return writers[layout]


def survey_table(
    timeline: Timeline,
    *,
    format: str = "text",
    mode: Mode = "all",
    tangents: TangentSweep | None = None,
) -> str:
    """Return the table of a timeline in the survey's layout.

    Raises InputError for a format or mode that is not there.
    """
    style, write = format_named(format, FORMATS)
    return write(survey_rows(timeline, mode, style, tangents), titles(mode))


def _equal(half: Half, sign: str = "= ") -> list[str]:
    """Return the four parts, each but the name with its sign."""
    return [half.name, *(sign + part if part else "" for part in half.parts[1:])]


def _text(rows: Sequence[Pair], titles: Titles) -> str:
    left, right = (
        aligned([[seen(part) for part in _equal(pair[side])] for pair in rows]) for side in (0, 1)
    )
    both = [
        [titles[0], titles[1]],
        *([a.strip(), b.strip()] for a, b in zip(left, right, strict=True)),
    ]
    return "\n".join(line.removeprefix("  ") for line in aligned(both))


def _markdown(rows: Sequence[Pair], titles: Titles) -> str:
    head = (titles[0], "", "", "", titles[1], "", "", "")
    return markdown_table(head, ([*_equal(left), *_equal(right)] for left, right in rows))


def _latex(rows: Sequence[Pair], titles: Titles) -> str:
    left, right = (title.translate(_LATEX_TITLES) for title in titles)
    cells = [[part for half in pair for part in _equal(half)] for pair in rows]
    if not fits(cells):
        return _latex_paragraphs(rows, left, right)
    head = (
        rf"\multicolumn{{4}}{{l}}{{{left}}} & \multicolumn{{4}}{{l}}{{{right}}} \\",
        r"\cmidrule(r){1-4}\cmidrule(l){5-8}" if right else r"\cmidrule(r){1-4}",
    )
    lines = [" & ".join(f"${part}$" if part else "" for part in row) + r" \\" for row in cells]
    return latex_table(r"llll@{\qquad}llll", head, lines)


def _latex_paragraphs(rows: Sequence[Pair], left: str, right: str) -> str:
    """Return the table with a column a side, in which an equation takes the lines that it needs."""
    lines = [" & ".join(paragraph(_equal(half), HALF) for half in pair) + r" \\" for pair in rows]
    head = (
        rf"{left} & {right} \\",
        r"\cmidrule(r){1-1}\cmidrule(l){2-2}" if right else r"\cmidrule(r){1-1}",
    )
    share = 0.48 if right else 0.9
    column = paragraph_column(rf"{share}\linewidth")
    other = column if right else "l"
    columns = rf"@{{}}{column}@{{\hspace{{0.04\linewidth}}}}{other}@{{}}"
    return latex_table(columns, head, lines, breaks=True)


def _csv(rows: Sequence[Pair], titles: Titles) -> str:
    head = [f"{side} {part}" for side in ("left", "right") for part in PARTS]
    return csv_table(head, ([*left.parts, *right.parts] for left, right in rows))


def _json(rows: Sequence[Pair], titles: Titles) -> str:
    found = {
        "titles": titles,
        "rows": [[dict(zip(PARTS, half.parts, strict=True)) for half in pair] for pair in rows],
    }
    return json.dumps(found, indent=2, ensure_ascii=False)


def _html(rows: Sequence[Pair], titles: Titles) -> str:
    head = "".join(f'<th colspan="4" scope="colgroup">{title}</th>' for title in titles)
    lines = ['<table class="graphstep survey">', f"<thead><tr>{head}</tr></thead>", "<tbody>"]
    for pair in rows:
        cells = "".join(html_cell(part) for half in pair for part in _equal(half, EQUALS))
        lines.append(f"<tr>{cells}</tr>")
    return "\n".join((*lines, "</tbody>", "</table>"))


FORMATS: dict[str, tuple[Style, Callable[[Sequence[Pair], Titles], str]]] = {
    "text": ("unicode", _text),
    "markdown": ("unicode", _markdown),
    "latex": ("latex", _latex),
    "csv": ("ascii", _csv),
    "json": ("ascii", _json),
    "html": ("mathml", _html),
}
