"""Drawings and lines of text set below each other on pages of A4."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from graphstep.output.layout import render
from graphstep.output.themes import Theme

if TYPE_CHECKING:
    from pypdf.generic import EncodedStreamObject, IndirectObject

A4 = (595.0, 842.0)
MARGIN = 40.0
WIDE, HIGH = A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN
GAP = 12.0
LARGEST = 0.4
"""A drawing is no larger than that its letters are as those of the text."""
SHARE = 0.45
"""So much of a page's height a drawing takes at most, …"""
SMALLEST = 0.22
"""… unless its letters were so small that they need more to be read."""
ROOMY = 0.8
"""A drawing that needs a page to itself does with what so large a part of one has."""
MOST_SHRUNK = 0.9
"""It is made so much smaller at most where all of the text then has room on its page."""
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


class _Sheets:
    """Collect pages; each part is drawn as it is, in a place and a scale of its own."""

    def __init__(self) -> None:
        from pypdf import PdfWriter

        self.room = 0.0
        self._writer = PdfWriter()
        self._commands: list[list[str]] = []

    def begin(self) -> None:
        """Begin a page."""
        self._writer.add_blank_page(*A4)
        self._commands.append([])
        self.room = HIGH

    def put(self, pdf: bytes, scale: float, centred: bool) -> None:
        """Put the one page of a PDF where there is room next."""
        # Merged as pypdf merges pages, every part would be parsed again for each that follows.
        from pypdf import PdfReader
        from pypdf.generic import DictionaryObject, NameObject

        (page,) = PdfReader(io.BytesIO(pdf)).pages
        contents = page.get_contents()
        assert contents is not None
        form = _stream(contents.get_data())
        form[NameObject("/Type")] = NameObject("/XObject")
        form[NameObject("/Subtype")] = NameObject("/Form")
        form[NameObject("/BBox")] = page.mediabox
        form[NameObject("/Resources")] = page["/Resources"]
        commands = self._commands[-1]
        name = f"/Part{len(commands)}"
        here: Any = self._writer.pages[-1]["/Resources"]
        known = here.setdefault(NameObject("/XObject"), DictionaryObject())
        known[NameObject(name)] = self._kept(form)
        width, height = (float(side) * scale for side in page.mediabox[2:])
        left, below = MARGIN + (WIDE - width) / 2 * centred, MARGIN + self.room - height
        place = f"{scale:.5f} 0 0 {scale:.5f} {left:.3f} {below:.3f}"
        commands.append(f"q {place} cm {name} Do Q")
        self.room -= height

    def _kept(self, stream: EncodedStreamObject) -> IndirectObject:
        """Take a stream into the file; it is referred to by what this returns."""
        # pypdf gives a number of its own to what could have had one.
        stream.indirect_reference = None
        found = stream.clone(self._writer).indirect_reference
        assert found is not None
        return found

    def content(self) -> bytes:
        """Return the PDF."""
        from pypdf.generic import NameObject

        for page, commands in zip(self._writer.pages, self._commands, strict=True):
            page[NameObject("/Contents")] = self._kept(_stream("\n".join(commands).encode()))
        self._writer.compress_identical_objects()
        out = io.BytesIO()
        self._writer.write(out)
        return out.getvalue()


def pages(parts: Sequence[Drawn | Lines]) -> bytes:
    """Return a PDF of the parts; what has no room left begins a page."""
    sheets = _Sheets()
    sheets.begin()
    for part in parts:
        width, height = _size(part.pdf)
        if isinstance(part, Drawn):
            scale = _usual_scale(part.pdf)
            fitting = (HIGH - _text_height(parts)) / height
            if MOST_SHRUNK * max(SMALLEST, scale) <= fitting < scale:
                scale = fitting
            if needs_a_page(part.pdf):
                most = sheets.room if sheets.room > ROOMY * HIGH else HIGH
                scale = min(SMALLEST, WIDE / width, most / height)
            if height * scale > sheets.room:
                sheets.begin()
            sheets.put(part.pdf, scale, centred=True)
        else:
            scale = min(1.0, WIDE / width)
            line = height * scale / sum(map(len, part.rows))
            start = 0
            while start < len(part.rows):
                fit = int((sheets.room - part.keep) / line)
                ends = accumulate(map(len, part.rows[start:]))
                stop = start + sum(end <= fit for end in ends)
                if sheets.room < HIGH and stop < min(start + FEWEST, len(part.rows)):
                    sheets.begin()
                    continue
                stop = max(stop, start + 1)
                sheets.put(part.part(start, stop).pdf, scale, centred=False)
                start = stop
        sheets.room -= GAP
    return sheets.content()


def needs_a_page(pdf: bytes) -> bool:
    """Tell whether the letters of a drawing would be too small on a part of a page."""
    return _usual_scale(pdf) < SMALLEST


def _usual_scale(pdf: bytes) -> float:
    width, height = _size(pdf)
    return min(LARGEST, WIDE / width, SHARE * HIGH / height)


def _text_height(parts: Sequence[Drawn | Lines]) -> float:
    """Return how high all text is, with the gaps between the parts."""
    sizes = [_size(part.pdf) for part in parts if isinstance(part, Lines)]
    return sum(height * min(1.0, WIDE / width) for width, height in sizes) + GAP * len(parts)


def _stream(data: bytes) -> EncodedStreamObject:
    from pypdf.generic import DecodedStreamObject

    stream = DecodedStreamObject()
    stream.set_data(data)
    return stream.flate_encode()


def _size(pdf: bytes) -> tuple[float, float]:
    from pypdf import PdfReader

    (page,) = PdfReader(io.BytesIO(pdf)).pages
    return float(page.mediabox.width), float(page.mediabox.height)
