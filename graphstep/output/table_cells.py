"""The cells of a table: user text made safe for each format, and columns that line up."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from graphstep.errors import InputError
from graphstep.output.labels import cell_width, visible

WIDEST = 60
"""A cell of a plain table is cut to so many columns."""


Written = TypeVar("Written")


def format_named(format: str, formats: Mapping[str, Written]) -> Written:
    """Return what is known of a format. Raises InputError for one that is not there."""
    if format not in formats:
        raise InputError(f"unknown table format {format!r} (must be one of {', '.join(formats)})")
    return formats[format]


def seen(text: str, limit: int = WIDEST) -> str:
    """Return a text in which every character shows; an empty one stays empty."""
    return visible(text, limit) if text else ""


def aligned(cells: Sequence[Sequence[str]]) -> list[str]:
    """Return each row as a line, its cells below each other; columns that are empty are left out.

    All rows have the same number of cells.
    """
    used = [k for k in range(len(cells[0])) if any(row[k] for row in cells)]
    widths = {k: max(cell_width(row[k]) for row in cells) for k in used}
    return [
        "  " + "  ".join(row[k] + " " * (widths[k] - cell_width(row[k])) for k in used).rstrip()
        for row in cells
    ]


def markdown_cell(text: str) -> str:
    """Return a text that Markdown takes for a text."""
    shown = seen(text, 400)
    for character in "\\`*_[]<>|#":
        shown = shown.replace(character, "\\" + character)
    return shown


def markdown_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, of which the cells below the head are any text."""
    lines = [f"|{'|'.join(f' {word} ' if word else ' ' for word in head)}|", "|-" * len(head) + "|"]
    lines += (f"| {' | '.join(map(markdown_cell, row))} |" for row in rows)
    return "\n".join(lines)


def csv_table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in which no cell is a spreadsheet's formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(head)
    writer.writerows(map(inert, row) for row in rows)
    return out.getvalue().rstrip("\n")


def inert(text: str) -> str:
    """Keep a spreadsheet from reading user text as a formula; numbers stay numbers."""
    shown = seen(text, 1000)
    if shown[:1] in ("=", "+", "@", "-") and not shown.lstrip("+-").replace(".", "")[:1].isdigit():
        return "'" + shown
    return shown


def html_cell(mathml: str) -> str:
    """Return a cell with a formula in it, or an empty one."""
    return f"<td><math>{mathml}</math></td>" if mathml else "<td></td>"
