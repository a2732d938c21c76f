"""Characters of a text to lines and columns."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Lines:
    """Know where each line of a text starts."""

    starts: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Lines:
        """Return the lines of a text, split at line feeds."""
        after = (position + 1 for position, character in enumerate(text) if character == "\n")
        return cls((0, *after))

    def place(self, span: tuple[int, int]) -> tuple[int, int, int, int]:
        """Return (line from 1, column from 0, end line, end column) of a span of characters."""
        return (*self.position(span[0]), *self.position(span[1]))

    def position(self, character: int) -> tuple[int, int]:
        """Return the line, from 1, and the column, from 0, of one character."""
        line = bisect_right(self.starts, character)
        return line, character - self.starts[line - 1]
