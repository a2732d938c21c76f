"""The trace table as text, Markdown, LaTeX, CSV or JSON."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence

from graphstep.errors import InputError
from graphstep.format.symbols import Style
from graphstep.format.typeset import latex_text
from graphstep.output.labels import cell_width, visible
from graphstep.output.rows import Mode, Row, Section, rows_of
from graphstep.steps.timeline import Timeline
from graphstep.sweep.tangent import TangentSweep

_TITLES: dict[Section, str] = {
    "forward": "Forward values",
    "tangent": "Forward tangents",
    "reverse": "Reverse adjoints",
}
WIDEST = 60
"""A cell of the plain table is cut to so many columns."""


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
    if format not in FORMATS:
        raise InputError(f"unknown table format {format!r} (must be one of {', '.join(FORMATS)})")
    style, write = FORMATS[format]
    return write(rows_of(timeline, mode, style, tangents))


def _text(rows: Sequence[Row]) -> str:
    blocks = []
    for section, title in _TITLES.items():
        chosen = [row for row in rows if row.section == section]
        if chosen:
            blocks.append("\n".join((title, *_aligned([_text_cells(row) for row in chosen]))))
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
    note = f"({_seen(row.note)})" if row.note else ""
    label = _seen(row.label) if row.section == "reverse" and row.i <= 0 else ""
    return " ".join(part for part in (note, label and f"[{label}]") if part)


def _seen(text: str, limit: int = WIDEST) -> str:
    return visible(text, limit) if text else ""


def _aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    used = [k for k in range(len(cells[0])) if any(row[k] for row in cells)]
    widths = {k: max(cell_width(row[k]) for row in cells) for k in used}
    return [
        "  " + "  ".join(row[k] + " " * (widths[k] - cell_width(row[k])) for k in used).rstrip()
        for row in cells
    ]


def _markdown(rows: Sequence[Row]) -> str:
    lines = ["| | value | formula | numbers | result | torch | |", "|-|-|-|-|-|-|-|"]
    for row in rows:
        formula, numbers = _formula_and_numbers(row)
        mark = "" if row.ok is None else "✓" if row.ok else "✗"
        cells = (_TITLES[row.section].split()[0].lower(), row.name, formula, numbers, row.result)
        more = (row.torch, " ".join(part for part in (mark, row.rule, row.note) if part))
        lines.append("| " + " | ".join(_markdown_cell(c) for c in (*cells, *more)) + " |")
    return "\n".join(lines)


def _markdown_cell(text: str) -> str:
    shown = _seen(text, 400)
    for character in "\\`*_[]<>|#":
        shown = shown.replace(character, "\\" + character)
    return shown


def _latex(rows: Sequence[Row]) -> str:
    lines = [
        "% needs \\usepackage{amsmath} and \\usepackage{booktabs}",
        r"\begin{tabular}{lll}",
        r"\toprule",
    ]
    first = True
    for section, title in _TITLES.items():
        chosen = [row for row in rows if row.section == section]
        if not chosen:
            continue
        if not first:
            lines.append(r"\midrule")
        first = False
        lines.append(rf"\multicolumn{{3}}{{l}}{{{title}}} \\")
        lines.append(r"\midrule")
        for row in chosen:
            if row.result == "no path":
                reason = latex_text(visible(row.note, WIDEST))
                lines.append(rf"${row.name}$ & no path & {reason} \\")
                continue
            formula = " = ".join(row.lines)
            equals = f"$= {formula}$" if formula else ""
            lines.append(rf"${row.name}$ & {equals} & $= {_latex_result(row.result)}$ \\")
    return "\n".join((*lines, r"\bottomrule", r"\end{tabular}"))


def _latex_result(text: str) -> str:
    return rf"\mathrm{{{latex_text(text)}}}" if any(c.isalpha() for c in text) else text


def _csv(rows: Sequence[Row]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(
        ("half", "name", "label", "formula", "numbers", "result", "torch", "ok", "rule", "note")
    )
    for row in rows:
        ok = "" if row.ok is None else str(row.ok).lower()
        formula, numbers = _formula_and_numbers(row)
        cells = (row.section, row.name, row.label, formula, numbers, row.result, row.torch)
        writer.writerow([*map(_inert, cells), ok, row.rule, row.note])
    return out.getvalue().rstrip("\n")


def _inert(text: str) -> str:
    """Keep a spreadsheet from reading user text as a formula; numbers stay numbers."""
    shown = _seen(text, 1000)
    if shown[:1] in ("=", "+", "@", "-") and not shown.lstrip("+-").replace(".", "")[:1].isdigit():
        return "'" + shown
    return shown


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
}
