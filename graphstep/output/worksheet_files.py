"""A worksheet and its answer key as PDF, LaTeX or Markdown."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from graphstep.errors import InputError
from graphstep.format.latex import latex_text
from graphstep.output.files import write_whole
from graphstep.output.image import image_bytes
from graphstep.output.labels import visible
from graphstep.output.layout import render
from graphstep.output.slides import check_name
from graphstep.output.svg import base_svg
from graphstep.output.table_cells import aligned, markdown_cell, seen
from graphstep.output.themes import Theme, theme
from graphstep.output.worksheet import LINE, SheetRow, check_blanks, sheet_picture, sheet_rows
from graphstep.steps.timeline import Timeline

A4 = (595.0, 842.0)
MARGIN = 40.0
LINES_A_PAGE = 60
GRAPH_SHARE = 0.45
"""So much of a page's height the graph takes at most."""
HALVES = ((True, "Forward: values"), (False, "Reverse: adjoints"))


def worksheet(
    timeline: Timeline,
    path: Path,
    title: str,
    *,
    blanks: Collection[str] = ("adjoints",),
    theme_name: str = "light",
) -> list[Path]:
    """Write the worksheet to `path` and the answers to `…-key`, and return what was written.

    Each has the drawing and the table. Raises InputError for an ending that is not .pdf, .tex or
    .md, for a blank that is not there, and for none at all.
    """
    check_blanks(blanks)
    write = WRITERS.get(path.suffix.lower())
    if write is None:
        raise InputError(f"a worksheet goes to {', '.join(WRITERS)}, not to {path.name!r}")
    if not blanks:
        raise InputError("a worksheet without blanks is its own answer key: name some")
    key = path.with_name(f"{path.stem}-key{path.suffix}")
    look = theme(theme_name)
    return [
        *write(timeline, path, title, blanks, look),
        *write(timeline, key, f"{title} (answers)", (), look),
    ]


def _cells(row: SheetRow) -> list[str]:
    """Return name, given parts, numbers and result, each but the name with its sign."""
    given = [f"= {LINE if part is None else part}" for part in row.given]
    given += [""] * (2 - len(given))
    numbers = f"= {row.numbers}" if row.numbers else ""
    return [row.name, *given, numbers, f"= {LINE if row.result is None else row.result}"]


def _markdown(
    timeline: Timeline, path: Path, title: str, blanks: Collection[str], look: Theme
) -> list[Path]:
    picture, frame = sheet_picture(timeline, blanks)
    drawn = write_whole(path.with_suffix(".svg"), base_svg(picture, look).frame(frame).encode())
    lines = [f"# {markdown_cell(title)}", "", f"![The graph](<{drawn.name}>)"]
    rows = sheet_rows(timeline, "unicode", blanks)
    for forward, heading in HALVES:
        lines += ["", f"## {heading}", "", "| | | | | |", "|-|-|-|-|-|"]
        lines += [
            "| " + " | ".join(map(markdown_cell, _cells(row))) + " |"
            for row in rows
            if row.forward == forward
        ]
    return [drawn, write_whole(path, ("\n".join(lines) + "\n").encode())]


def _latex(
    timeline: Timeline, path: Path, title: str, blanks: Collection[str], look: Theme
) -> list[Path]:
    check_name(path, "LaTeX")
    picture, frame = sheet_picture(timeline, blanks)
    graph = path.with_name(f"{path.stem}-graph.pdf")
    write_whole(graph, image_bytes(picture, frame, look, "pdf"))
    size = r"width=\linewidth,height=0.5\textheight,keepaspectratio"
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage{amsmath,booktabs,graphicx,longtable}",
        r"\usepackage[margin=2cm]{geometry}",
        r"\newcommand{\blank}{\underline{\hspace{2cm}}}",
        r"\begin{document}",
        rf"\section*{{{latex_text(visible(title, 200))}}}",
        rf"\begin{{center}}\includegraphics[{size}]{{{graph.name}}}\end{{center}}",
        r"\renewcommand{\arraystretch}{1.6}",
    ]
    rows = sheet_rows(timeline, "latex", blanks)
    for forward, heading in HALVES:
        lines += [rf"\subsection*{{{heading}}}", r"\begin{longtable}{lllll}", r"\toprule"]
        for row in rows:
            if row.forward == forward:
                cells = [cell.replace(LINE, r"\blank") for cell in _cells(row)]
                shown = (f"${visible(cell, 4000)}$" if cell else "" for cell in cells)
                lines.append(" & ".join(shown) + r" \\")
        lines += [r"\bottomrule", r"\end{longtable}"]
    text = "\n".join((*lines, r"\end{document}", ""))
    return [graph, write_whole(path, text.encode())]


def _pdf(
    timeline: Timeline, path: Path, title: str, blanks: Collection[str], look: Theme
) -> list[Path]:
    picture, frame = sheet_picture(timeline, blanks)
    lines: list[str] = []
    rows = sheet_rows(timeline, "unicode", blanks)
    for forward, heading in HALVES:
        chosen = [[seen(cell) for cell in _cells(row)] for row in rows if row.forward == forward]
        # Who writes by hand needs room.
        gap = [""] * bool(blanks)
        lines += ["", heading]
        lines += [line for row in aligned(chosen or [[""]]) for line in (*gap, row)]
    tables = [
        _text_page(lines[k : k + LINES_A_PAGE], look) for k in range(0, len(lines), LINES_A_PAGE)
    ]
    graph = image_bytes(picture, frame, look, "pdf")
    head = _text_page([visible(title, 90)], look)
    parts = [(head, 1.0), (graph, GRAPH_SHARE), *((table, 1.0) for table in tables)]
    return [write_whole(path, _pages(parts))]


def _text_page(lines: Sequence[str], look: Theme) -> bytes:
    """Return lines of text as a PDF, drawn as the graph is: with fonts that have every sign."""
    import graphviz

    # No entity and no escape may start in the text, and each line is set flush left.
    safe = (line.replace("&", "&amp;").replace("\\", "\\\\") for line in lines)
    label = graphviz.nohtml("".join(f"{line}\\l" for line in safe))
    page = graphviz.Digraph(graph_attr={"bgcolor": look.background, "margin": "0"})
    page.node(
        "page", label, shape="plain", fontname="monospace", fontsize="11", fontcolor=look.text
    )
    return render(str(page.source), "pdf")


def _pages(parts: Sequence[tuple[bytes, float]]) -> bytes:
    """Set PDFs below each other on A4, each within its share of a page's height.

    What has no room left begins a page.
    """
    from pypdf import PageObject, PdfReader, PdfWriter, Transformation

    writer = PdfWriter()
    wide, high = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
    sheet, room = PageObject.create_blank_page(width=A4[0], height=A4[1]), high
    pages = [sheet]
    for part, share in parts:
        (page,) = PdfReader(io.BytesIO(part)).pages
        width, height = (float(side) for side in page.mediabox[2:])
        scale = min(1.0, wide / width, share * high / height)
        if height * scale > room and room < high:
            sheet, room = PageObject.create_blank_page(width=A4[0], height=A4[1]), high
            pages.append(sheet)
        left = MARGIN + (wide - width * scale) / 2
        below = MARGIN + room - height * scale
        place = Transformation().scale(scale).translate(left, below)
        sheet.merge_transformed_page(page, place)
        room -= height * scale + MARGIN / 2
    for page in pages:
        writer.add_page(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


Writer = Callable[[Timeline, Path, str, Collection[str], Theme], list[Path]]
WRITERS: dict[str, Writer] = {".pdf": _pdf, ".tex": _latex, ".md": _markdown}
