"""The line of the user's code that a place stands on, as a terminal may show it."""

from __future__ import annotations

import linecache
from pathlib import Path

from graphstep.recording.place import Place


def quoted(place: Place | None) -> list[str]:
    """Return `net.py:12: h = relu(x)`, or nothing where no file has the line.

    A typed expression needs no quoting: the reader has just typed it.
    """
    text = linecache.getline(place.file, place.line).strip() if place is not None else ""
    if place is None or not text:
        return []
    return [f"{line_of(place)}: {_printable(text)}"]


def line_of(place: Place) -> str:
    """Return `net.py:12`."""
    return f"{_printable(Path(place.file).name)}:{place.line}"


def _printable(text: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in text)
