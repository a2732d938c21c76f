"""The trace table as text, Markdown, LaTeX, CSV, JSON or HTML."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from html import escape

from graphstep.format.latex import latex_text
from graphstep.format.mathml import EQUALS
from graphstep.format.symbols import Style
from graphstep.output.labels import visible
from graphstep.output.latex_table import beside_names, fits, latex_table, paragraph
from graphstep.output.rows import Mode, Row, Section, rows_of
from graphstep.output.table_cells import (
    WIDEST,
    aligned,
    csv_table,
    format_named,
    html_cell,
    markdown_table,
    seen,
)
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep

_TITLES: dict[Section, str] = {
    "forward": "Forward values",
    "tangent": "Forward tangents",
    "reverse": "Reverse adjoints",
}
_COLUMNS = (
    "half", "name", "label", "formula", "numbers", "result", "torch", "ok", "rule", "note"
)  # fmt: skip


def table(
    timeline: Timeline,
    *,
    format: str = "text",
    mode: Mode = "all",
    tangents: TangentSweep | None = None,
) -> str:
    """Return the table of a timeline; the sections follow the order of computation.

    Raises InputError for a format or mode that is not there.
    """
    style, write = format_named(format, FORMATS)
    return write(rows_of(timeline, mode, style, tangents))


def _text(rows: Sequence[Row]) -> str:
    blocks = []
    for section, title in _TITLES.items():
        chosen = [row for row in rows if row.section == section]
        if chosen:
            blocks.append("\n".join((title, *aligned([_text_cells(row) for row in chosen]))))
    return "\n\n".join(blocks)


def _text_cells(row: Row) -> list[str]:
    lines = list(row.lines[-3:])
    cells = [row.name, *(f"= {visible(line, WIDEST)}" for line in lines)]
    cells += [""] * (4 - len(cells))
    cells.append(f"= {row.result}" if row.result != "no path" else row.result)
    return [*cells, " ".join(part for part in (_mark(row), row.rule, _note(row)) if part)]


def _mark(row: Row) -> str:
    if row.ok is None:
        return ""
    return f"✓ torch {row.torch}" if row.ok else f"✗ torch {row.torch}"


def _note(row: Row) -> str:
    note = f"({seen(row.note)})" if row.note else ""
    label = seen(row.label) if row.section == "reverse" and row.i <= 0 else ""
    return " ".join(part for part in (note, label and f"[{label}]") if part)


def _markdown(rows: Sequence[Row]) -> str:
    cells = []
    for row in rows:
        formula, numbers = _formula_and_numbers(row)
        mark = "" if row.ok is None else "✓" if row.ok else "✗"
        notes = " ".join(part for part in (mark, row.rule, row.note) if part)
        half = _TITLES[row.section].split()[0].lower()
        cells.append((half, row.name, formula, numbers, row.result, row.torch, notes))
    return markdown_table(("", "value", "formula", "numbers", "result", "torch", ""), cells)


def _latex(rows: Sequence[Row]) -> str:
    known = [row for row in rows if row.result != "no path"]
    narrow = fits([(row.name, _chain(row.lines), f"= {row.result}") for row in known])
    count = 3 if narrow else 2
    lines: list[str] = []
    for section, title in _TITLES.items():
        chosen = [row for row in rows if row.section == section]
        if not chosen:
            continue
        if lines:
            lines.append(r"\midrule")
        lines += [rf"\multicolumn{{{count}}}{{l}}{{{title}}} \\", r"\midrule"]
        for row in chosen:
            if row.result == "no path":
                reason = latex_text(visible(row.note, WIDEST))
                lines.append(rf"${row.name}$ & no path {'&' if narrow else ''} {reason} \\")
            elif narrow:
                equals = f"${_chain(row.lines)}$" if row.lines else ""
                lines.append(rf"${row.name}$ & {equals} & $= {row.result}$ \\")
            else:
                parts = [f"= {part}" for part in (*row.lines, row.result)]
                lines.append(rf"${row.name}$ & {paragraph(parts)} \\")
    if narrow:
        return latex_table("lll", (), lines)
    return latex_table(beside_names([row.name for row in rows]), (), lines, breaks=True)


def _chain(lines: Sequence[str]) -> str:
    return f"= {' = '.join(lines)}" if lines else ""


def _csv(rows: Sequence[Row]) -> str:
    cells = []
    for row in rows:
        ok = "" if row.ok is None else str(row.ok).lower()
        formula, numbers = _formula_and_numbers(row)
        first = (row.section, row.name, row.label, formula, numbers, row.result, row.torch)
        cells.append((*first, ok, row.rule, row.note))
    return csv_table(_COLUMNS, cells)


def _json(rows: Sequence[Row]) -> str:
    found = [
        {
            "half": row.section,
            "name": row.name,
            "i": row.i,
            "label": row.label or None,
            "equation": [*row.lines],
            "result": row.result,
            "torch": row.torch or None,
            "ok": row.ok,
            "rule": row.rule or None,
            "note": row.note or None,
        }
        for row in rows
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)


def _html(rows: Sequence[Row]) -> str:
    lines = ['<table class="graphstep">']
    for section, title in _TITLES.items():
        chosen = [row for row in rows if row.section == section]
        if chosen:
            lines.append(f'<tbody><tr><th colspan="6" scope="rowgroup">{title}</th></tr>')
            lines += map(_html_row, chosen)
            lines.append("</tbody>")
    return "\n".join((*lines, "</table>"))


def _html_row(row: Row) -> str:
    formula = EQUALS.join(("", *row.lines[:-1])) if len(row.lines) > 1 else ""
    numbers = EQUALS + row.lines[-1] if row.lines else ""
    if row.result == "no path":
        result = f"<td>no path</td><td></td><td>{escape(seen(row.note))}</td>"
    else:
        torch = escape(seen(_mark(row)))
        notes = escape(" ".join(part for part in (row.rule, _note(row)) if part))
        result = f"{html_cell(EQUALS + row.result)}<td>{torch}</td><td>{notes}</td>"
    return f"<tr>{html_cell(row.name)}{html_cell(formula)}{html_cell(numbers)}{result}</tr>"


def _formula_and_numbers(row: Row) -> tuple[str, str]:
    if not row.lines:
        return "", ""
    if len(row.lines) == 1:
        return row.lines[0], ""
    return " = ".join(row.lines[:-1]), row.lines[-1]


FORMATS: dict[str, tuple[Style, Callable[[Sequence[Row]], str]]] = {
    "text": ("unicode", _text),
    "markdown": ("unicode", _markdown),
    "latex": ("latex", _latex),
    "csv": ("ascii", _csv),
    "json": ("ascii", _json),
    "html": ("mathml", _html),
}
