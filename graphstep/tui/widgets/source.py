"""The source pane: the user's code around the current sub-expression, which is lit."""

from __future__ import annotations

import linecache
from pathlib import PurePath

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

from graphstep.output.labels import cell_width, visible
from graphstep.recording.place import Place
from graphstep.tui.cursor import Cursor

LONG = 4000
TAB = "    "


class SourcePane(Widget):
    """Show `language`, the text of `file`, around the current value's place."""

    cursor: reactive[Cursor | None] = reactive(None, layout=False)
    """Where the reader is."""

    def __init__(self, language: str, file: str) -> None:
        super().__init__()
        self._lines = {file: language.splitlines()}
        self._file = file

    def lines_of(self, file: str) -> list[str]:
        """Return the lines of a file; none where it cannot be read."""
        if file not in self._lines:
            self._lines[file] = [line.rstrip("\r\n") for line in linecache.getlines(file)]
        return self._lines[file]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        most = 1 if viewport.height < 20 else 3 if viewport.height < 36 else 7
        short = self._file.startswith("<") and len(self._lines[self._file]) < most
        return max(1, len(self._lines[self._file])) if short else most

    def render(self) -> Content:
        if self.cursor is None:
            return Content("")
        values = self.cursor.timeline.trace.values
        step = self.cursor.step
        place = values[step.i].source
        if place is None and len(step.terms) == 1:
            # An input stands nowhere; what uses it does.
            place = values[step.terms[0].application.first].source
        lit = place is not None and bool(self.lines_of(place.file))
        if not lit:
            # An input has no place: the code stays in sight, with nothing lit.
            place = next((v.source for v in values.values() if v.source is not None), None)
        if place is None or not self.lines_of(place.file):
            return Content.assemble(("no source to show", "$text-muted"))
        return source_text(place, self.lines_of(place.file), self.size.width, self.size.height, lit)


def source_text(place: Place, lines: list[str], width: int, height: int, lit: bool) -> Content:
    """Return `height` lines around a place, each cut to `width`, the place itself lit."""
    first = max(1, min(place.line - (height - 1) // 2, len(lines) - height + 1))
    numbers = range(first, min(first + height, len(lines) + 1))
    alone = place.file.startswith("<") and len(lines) == 1
    digits = len(str(numbers[-1])) if numbers else 1
    shown = []
    for k in numbers:
        here = lit and place.line <= k <= place.end_line
        gutter = " " if alone else f"{'▶' if here else ' '}{k:>{digits}} "
        if k == numbers[0] and not alone and not place.file.startswith("<"):
            name = visible(PurePath(place.file).name, 24)
        else:
            name = ""
        room = width - len(gutter) - (cell_width(name) + 1 if name else 0)
        line = _line(lines[k - 1], place if here else None, k, max(1, room))
        blank = " " * (room - line.cell_length + 1) if name else ""
        shown.append(Content.assemble((gutter, "$text-muted"), line, blank, (name, "$text-muted")))
    return Content("\n").join(shown)


def _line(text: str, place: Place | None, k: int, room: int) -> Content:
    start = end = 0
    if place is not None:
        start = place.column if k == place.line else len(text) - len(text.lstrip())
        end = place.end_column if k == place.end_line else len(text)
    before, within, after = (_shown(part) for part in (text[:start], text[start:end], text[end:]))
    line = Content.assemble(before, (within, "reverse bold"), after)
    if line.cell_length <= room:
        return line
    # Long lines scroll sideways, until the lit part is in sight.
    skip = 0
    if cell_width(before) + min(cell_width(within), room // 2) > room - 1:
        skip = cell_width(before) - room // 3
    cut = line[skip:] if skip > 0 else line
    if skip > 0:
        cut = Content.assemble(("…", "$text-muted"), cut[1:])
    return cut.truncate(room, ellipsis=True)


def _shown(text: str) -> str:
    if not text:
        return ""
    if text.isspace():
        return text.replace("\t", TAB)
    return visible(text.replace("\t", TAB), LONG)
