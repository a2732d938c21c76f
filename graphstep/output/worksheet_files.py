"""A worksheet and its answer key as PDF, LaTeX or Markdown."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path

from graphstep.errors import InputError
from graphstep.format.latex import latex_text
from graphstep.output.files import write_whole
from graphstep.output.image import image_bytes
from graphstep.output.labels import cell_width, visible
from graphstep.output.scene import Scene
from graphstep.output.sheet_pages import FEWEST, Drawn, Lines, needs_a_page, pages
from graphstep.output.slides import check_name
from graphstep.output.svg import base_svg
from graphstep.output.table_cells import aligned, markdown_cell, markdown_table, seen
from graphstep.output.worksheet import LINE, SheetRow, check_blanks, sheet_picture, sheet_rows

HALVES = ((True, "Forward: values"), (False, "Reverse: adjoints"))
WIDEST = 92
"""Where aligned rows have more signs than this, the parts of each stand below each other, …"""
NARROW = 76
"""… and so do those of a row that has more than this by itself."""
LONGEST_PART = 400
LINE_HEIGHT = 15.0
"""No line of the table is higher, and its heading is not left alone at the end of a page."""


def worksheet(scene: Scene, path: Path, title: str, blanks: Collection[str]) -> list[Path]:
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
    return [
        *write(scene, path, title, blanks),
        *write(scene, key, f"{title} (answers)", ()),
    ]


def _cells(row: SheetRow) -> list[str]:
    """Return name, given parts, numbers and result, each but the name with its sign."""
    given = [f"= {LINE if part is None else part}" for part in row.given]
    given += [""] * (2 - len(given))
    numbers = f"= {row.numbers}" if row.numbers else ""
    return [row.name, *given, numbers, f"= {LINE if row.result is None else row.result}"]


def _markdown(scene: Scene, path: Path, title: str, blanks: Collection[str]) -> list[Path]:
    picture, frame = sheet_picture(scene, blanks)
    drawing = base_svg(picture, scene.theme, **scene.lettering).frame(frame)
    drawn = write_whole(path.with_suffix(".svg"), drawing.encode())
    lines = [f"# {markdown_cell(title)}", ""]
    if blanks:
        lines += [rf"Name: {markdown_cell(LINE * 3)} Date: {markdown_cell(LINE)}", ""]
    lines.append(f"![The graph](<{drawn.name}>)")
    rows = sheet_rows(scene.timeline, "unicode", blanks)
    for forward, heading in HALVES:
        cells = [_cells(row) for row in rows if row.forward == forward]
        lines += ["", f"## {heading}", "", markdown_table([""] * 5, cells)]
    return [drawn, write_whole(path, ("\n".join(lines) + "\n").encode())]


def _latex(scene: Scene, path: Path, title: str, blanks: Collection[str]) -> list[Path]:
    check_name(path, "LaTeX")
    picture, frame = sheet_picture(scene, blanks)
    graph = path.with_name(f"{path.stem}-graph.pdf")
    drawing = image_bytes(picture, frame, scene.theme, "pdf", **scene.lettering)
    write_whole(graph, drawing)
    share = 0.85 if needs_a_page(drawing) else 0.4
    size = rf"width=\linewidth,height={share}\textheight,keepaspectratio"
    lines = [
        r"\documentclass[a4paper]{article}",
        r"\usepackage{amsmath,booktabs,graphicx,longtable}",
        r"\usepackage[margin=2cm]{geometry}",
        r"\newcommand{\blank}{\underline{\hspace{2cm}}}",
        r"\newcommand{\fitted}[1]{\resizebox{\ifdim\width>0.85\linewidth 0.85\linewidth"
        r"\else\width\fi}{!}{$#1$}}",
        r"\setlength{\parindent}{0pt}\setlength{\LTleft}{0pt}",
        r"\begin{document}",
        rf"\section*{{{latex_text(visible(title, 200))}}}",
    ]
    if blanks:
        lines.append(r"Name: \underline{\hspace{6cm}}\qquad Date: \underline{\hspace{3cm}}\par")
    lines += [
        rf"\begin{{center}}\includegraphics[{size}]{{{graph.name}}}\end{{center}}",
        rf"\renewcommand{{\arraystretch}}{{{1.8 if blanks else 1.5}}}",
    ]
    if needs_a_page(drawing):
        lines.append(r"\clearpage")
    plain, rows = (sheet_rows(scene.timeline, style, blanks) for style in ("unicode", "latex"))
    for forward, heading in HALVES:
        lines += [rf"\subsection*{{{heading}}}", r"\begin{longtable}{lllll}", r"\toprule"]
        fits = iter(_on_one_line([_cells(row) for row in plain if row.forward == forward]))
        for row in rows:
            if row.forward == forward:
                cells = [cell.replace(LINE, r"\blank") for cell in _cells(row)]
                lines += _latex_row(cells, next(fits))
        lines += [r"\bottomrule", r"\end{longtable}"]
    text = "\n".join((*lines, r"\end{document}", ""))
    return [graph, write_whole(path, text.encode())]


def _latex_row(cells: Sequence[str], whole: bool) -> list[str]:
    """Return a row as one of the table, or, where it is too wide, as one for each part."""
    if whole:
        return [" & ".join(f"${cell}$" if cell else "" for cell in cells) + r" \\"]
    name, *parts = cells
    spans = [rf" & \multicolumn{{4}}{{l}}{{\fitted{{{part}}}}}" for part in parts if part]
    # A row is on one page.
    return [f"${name}$", *(rf"{span} \\*" for span in spans[:-1]), rf"{spans[-1]} \\"]


def _pdf(scene: Scene, path: Path, title: str, blanks: Collection[str]) -> list[Path]:
    look, bold = scene.theme, f"{scene.lettering['font']} bold"
    picture, frame = sheet_picture(scene, blanks)
    parts: list[Drawn | Lines] = [Lines(((visible(title, 70),),), look, bold, 16)]
    if blanks:
        parts.append(Lines(((f"Name: {LINE * 4}   Date: {LINE * 2}",),), look))
    parts.append(Drawn(image_bytes(picture, frame, look, "pdf", **scene.lettering)))
    rows = sheet_rows(scene.timeline, "unicode", blanks)
    for forward, heading in HALVES:
        chosen = [
            [seen(cell, LONGEST_PART) for cell in _cells(row)]
            for row in rows
            if row.forward == forward
        ]
        # Who writes by hand needs room.
        gap = ("",) * bool(blanks)
        lines = tuple((*row, *gap) for row in _set(chosen))
        if lines:
            keep = LINE_HEIGHT * sum(map(len, lines[:FEWEST]))
            parts.append(Lines(((heading,),), look, bold, 12, keep=keep))
            parts.append(Lines(lines, look))
    return [write_whole(path, pages(parts))]


def _set(rows: Sequence[Sequence[str]]) -> Iterator[list[str]]:
    """Give each row as lines: one, below each other's, or, where it is too wide, one a part."""
    if not rows:
        return
    fits = _on_one_line(rows)
    narrow = [row for row, whole in zip(rows, fits, strict=True) if whole]
    lines = iter(aligned(narrow) if narrow else ())
    indent = max(cell_width(row[0]) for row in rows) + 2
    for row, whole in zip(rows, fits, strict=True):
        if whole:
            yield [next(lines).removeprefix("  ")]
            continue
        name, first, *others = filter(None, row)
        lead = name + " " * (indent - cell_width(name))
        yield [lead + first, *(" " * indent + other for other in others)]


def _on_one_line(rows: Sequence[Sequence[str]]) -> list[bool]:
    """Tell of each row whether it has room on one line, its cells below those of the others."""
    fits = [sum(map(cell_width, row)) <= NARROW for row in rows]
    narrow = [row for row, whole in zip(rows, fits, strict=True) if whole]
    if narrow and max(map(cell_width, aligned(narrow))) > WIDEST:
        return [False] * len(rows)
    return fits


Writer = Callable[[Scene, Path, str, Collection[str]], list[Path]]
WRITERS: dict[str, Writer] = {".pdf": _pdf, ".tex": _latex, ".md": _markdown}
