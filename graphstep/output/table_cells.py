"""The cells of a table: user text made safe for each format, and columns that line up."""

from __future__ import annotations

from collections.abc import Sequence

from graphstep.output.labels import cell_width, visible

WIDEST = 60
"""A cell of a plain table is cut to so many columns."""


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


def inert(text: str) -> str:
    """Keep a spreadsheet from reading user text as a formula; numbers stay numbers."""
    shown = seen(text, 1000)
    if shown[:1] in ("=", "+", "@", "-") and not shown.lstrip("+-").replace(".", "")[:1].isdigit():
        return "'" + shown
    return shown


def html_cell(mathml: str) -> str:
    """Return a cell with a formula in it, or an empty one."""
    return f"<td><math>{mathml}</math></td>" if mathml else "<td></td>"
