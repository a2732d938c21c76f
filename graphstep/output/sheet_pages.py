"""Drawings and lines of text set below each other on pages of A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from graphstep.output.layout import render
from graphstep.output.themes import Theme

A4 = (595.0, 842.0)
MARGIN = 40.0
WIDE, HIGH = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
GAP = 12.0
LARGEST = 0.4
"""A drawing is no larger than that its letters are as those of the text."""
SHARE = 0.45
"""So much of a page's height a drawing takes at most."""
FEWEST = 3
"""A page ends before a text of which fewer rows than this have room."""


@dataclass(frozen=True)
class Drawn:
    """Set one PDF page, in the middle."""

    pdf: bytes


@dataclass(frozen=True)
class Lines:
    """Set rows of lines, flush left, in a font and a size; whole rows go on on the next page.

    `keep` keeps some of what follows on the same page, in points.
    """

    rows: tuple[tuple[str, ...], ...]
    look: Theme
    font: str = "monospace"
    size: float = 11.0
    keep: float = 0.0

    @cached_property
    def pdf(self) -> bytes:
        """Return all lines as one PDF page, in fonts that have every sign, as a drawing has."""
        import graphviz

        # No entity and no escape may start in the text, and each line is set flush left.
        safe = (
            line.replace("&", "&amp;").replace("\\", "\\\\") for row in self.rows for line in row
        )
        label = graphviz.nohtml("".join(f"{line}\\l" for line in safe))
        page = graphviz.Digraph(
            graph_attr={"bgcolor": self.look.background, "margin": "0", "pad": "0"}
        )
        page.node(
            "page", label, shape="plain", fontname=self.font, fontsize=f"{self.size:g}",
            fontcolor=self.look.text,
        )  # fmt: skip
        return render(str(page.source), "pdf")

    def part(self, start: int, stop: int) -> Lines:
        return Lines(self.rows[start:stop], self.look, self.font, self.size)


def pages(parts: Sequence[Drawn | Lines]) -> bytes:
    """Return a PDF of the parts; what has no room left begins a page."""
    from pypdf import PageObject, PdfReader, PdfWriter, Transformation

    writer = PdfWriter()
    room = 0.0

    def begin() -> None:
        nonlocal room
        writer.add_page(PageObject.create_blank_page(width=A4[0], height=A4[1]))
        room = HIGH

    def put(pdf: bytes, scale: float, centred: bool) -> None:
        nonlocal room
        (page,) = PdfReader(io.BytesIO(pdf)).pages
        width, height = (float(side) * scale for side in page.mediabox[2:])
        left = MARGIN + (WIDE - width) / 2 * centred
        place = Transformation().scale(scale).translate(left, MARGIN + room - height)
        writer.pages[-1].merge_transformed_page(page, place)
        room -= height

    begin()
    for part in parts:
        (page,) = PdfReader(io.BytesIO(part.pdf)).pages
        width, height = (float(side) for side in page.mediabox[2:])
        if isinstance(part, Drawn):
            scale = min(LARGEST, WIDE / width, SHARE * HIGH / height)
            if height * scale > room:
                begin()
            put(part.pdf, scale, centred=True)
        else:
            scale = min(1.0, WIDE / width)
            line = height * scale / sum(map(len, part.rows))
            start = 0
            while start < len(part.rows):
                fit, ends = int((room - part.keep) / line), accumulate(map(len, part.rows[start:]))
                stop = start + sum(end <= fit for end in ends)
                if room < HIGH and stop < min(start + FEWEST, len(part.rows)):
                    begin()
                    continue
                stop = max(stop, start + 1)
                put(part.part(start, stop).pdf, scale, centred=False)
                start = stop
        room -= GAP
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()
