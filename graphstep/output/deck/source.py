"""The source of a deck: the lines that its steps point to, and where in them each step stands."""

from __future__ import annotations

import linecache
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import PurePath

from graphstep.output.code import Code
from graphstep.output.labels import visible
from graphstep.recording.place import Place
from graphstep.steps.step import Step
from graphstep.steps.timeline import Timeline

WHOLE = 40
"""A stretch of up to so many lines is shown whole, of a longer one only its places."""
AROUND = 2
LONG = 400
TAB = "    "

Span = tuple[str, int, int]
"""The id of a line, and the first and the end of the characters that a step lights."""


def place_of(timeline: Timeline, step: Step) -> Place | None:
    """Return where in the text a step stands; of an input, the one use that comes in here."""
    values = timeline.trace.values
    place = values[step.i].source
    if place is None and len(step.terms) == 1:
        place = values[step.terms[0].application.first].source
    return place


class SourceText:
    """Hold the lines of every file that the steps point to, those of `code` first."""

    def __init__(self, code: Code, places: Iterable[Place | None]) -> None:
        known = {code.file: code.text.splitlines()} if code.text else {}
        self._lines: dict[str, Sequence[str]] = dict(known)
        self._shown: dict[str, set[int]] = {name: set() for name in known}
        for place in places:
            if place is not None:
                numbers = self._shown.setdefault(place.file, set())
                numbers.update(range(place.line - AROUND, place.end_line + AROUND + 1))
        for name, numbers in self._shown.items():
            if name not in self._lines:
                self._lines[name] = [line.rstrip("\r\n") for line in linecache.getlines(name)]
            count = len(self._lines[name])
            if not numbers and count > WHOLE:
                # The whole module of a class whose steps all lie elsewhere says nothing of them.
                continue
            used = range(min(numbers, default=1), max(numbers, default=WHOLE) + 1)
            shown = used if len(used) <= WHOLE else numbers
            self._shown[name] = {k for k in shown if 1 <= k <= count}
        self._ids = {name: f"line-{n}" for n, name in enumerate(self._shown)}

    def spans(self, place: Place | None) -> list[Span]:
        """Return what to light of a place, line by line; nothing where its text is not there."""
        if place is None:
            return []
        lines = self._lines[place.file]
        found: list[Span] = []
        for k in range(place.line, min(place.end_line, len(lines)) + 1):
            text = lines[k - 1]
            start = place.column if k == place.line else len(text) - len(text.lstrip())
            end = place.end_column if k == place.end_line else len(text)
            before, within = _seen(text[:start]), _seen(text[start:end])
            found.append((f"{self._ids[place.file]}-{k}", len(before), len(before) + len(within)))
        return found

    def html(self) -> str:
        """Return the lines as HTML, every one with its number and its id."""
        return "\n".join(self._html()) or '<p class="none">no source to show</p>'

    def _html(self) -> Iterator[str]:
        for name, numbers in self._shown.items():
            if not numbers:
                continue
            if not name.startswith("<"):
                yield f'<p class="file">{escape(visible(PurePath(name).name))}</p>'
            before = min(numbers) - 1
            alone = len(self._lines[name]) == 1
            for k in sorted(numbers):
                if k > before + 1:
                    yield '<div class="gap">⋮</div>'
                before = k
                number = "" if alone else f'<span class="number">{k}</span>'
                code = escape(_seen(self._lines[name][k - 1]))
                anchor = f"{self._ids[name]}-{k}"
                yield f'<div class="line" id="{anchor}">{number}<code>{code}</code></div>'


def _seen(text: str) -> str:
    text = text.replace("\t", TAB)
    return text if not text or text.isspace() else visible(text, LONG)
