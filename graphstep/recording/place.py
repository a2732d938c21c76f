"""Where in the user's text an operation was asked for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Span one sub-expression of a source text.

    `file` is a path, or `<expression>` for a typed expression. Lines count from 1, columns
    from 0 in characters; the end is exclusive, as in `ast`.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column + 1}"
