"""Cut the text of an expression into statements, each one line long, keeping every column."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.errors import ExpressionError
from graphstep.expression.limits import MAX_DEPTH, MAX_LENGTH

OPENS = {"(": ")", "[": "]", "{": "}"}
CONTINUES = frozenset("+-*/%@&|~<>=,\\")
SIGNS = {"−": "-", "×": "*", "·": "*", "⋅": "*", "÷": "/"}
"""Signs of print, as graphstep's own formulas have them, and what Python writes for each."""


@dataclass(frozen=True, slots=True)
class Statement:
    """Hold one statement: `code` is text[start:start + len(code)] with line ends as spaces."""

    start: int
    code: str


def statements(text: str) -> tuple[Statement, ...]:
    """Split text at `;` and at line ends outside brackets; `#` comments become spaces.

    A sign of print, as − or ·, becomes the one of Python.
    A line that ends with an operator goes on in the next one. Raises ExpressionError for text
    that is empty, too long or too deeply bracketed, and for brackets that do not match.
    """
    if len(text) > MAX_LENGTH:
        problem = f"the expression has {len(text)} characters; at most {MAX_LENGTH} are allowed"
        raise ExpressionError(problem, text[:60], 0)
    found: list[Statement] = []
    cleaned = list(text)
    open_at: list[int] = []
    begin, last, position = 0, "", 0
    while position < len(text):
        character = text[position]
        if character in "\"'":
            position = string_end(text, position)
            last = character
            continue
        if character == "#":
            while position < len(text) and text[position] != "\n":
                cleaned[position] = " "
                position += 1
            continue
        if character in SIGNS:
            character = cleaned[position] = SIGNS[character]
        if character in OPENS:
            open_at.append(position)
            if len(open_at) > MAX_DEPTH:
                raise ExpressionError(f"more than {MAX_DEPTH} levels of nesting", text, position)
        elif character in ")]}":
            close(text, position, open_at)
        elif character == "\n" or character == ";":
            cleaned[position] = " "
            if not open_at and (character == ";" or last not in CONTINUES):
                found.append(Statement(begin, "".join(cleaned[begin:position])))
                begin, last = position + 1, ""
            elif character == ";":
                raise ExpressionError("';' inside brackets", text, position)
            elif last == "\\":
                blank_backslash(cleaned, position)
        elif character in "\r\t\f\v":
            cleaned[position] = " "
        elif not character.isprintable():
            problem = f"the character U+{ord(character):04X} is not allowed"
            raise ExpressionError(problem, text, position)
        if not character.isspace() and character != ";":
            last = character
        position += 1
    if open_at:
        raise ExpressionError(f"'{text[open_at[-1]]}' is never closed", text, open_at[-1])
    found.append(Statement(begin, "".join(cleaned[begin:])))
    kept = tuple(stripped(one) for one in found if one.code.strip())
    if not kept:
        raise ExpressionError("the expression is empty", text, 0)
    return kept


def string_end(text: str, position: int) -> int:
    """Return where the string literal that opens at position ends, exclusive."""
    quote = text[position]
    end = position + 1
    while end < len(text) and text[end] != "\n":
        if text[end] == "\\":
            raise ExpressionError("'\\' in strings is not allowed", text, end)
        if text[end] == quote:
            return end + 1
        end += 1
    raise ExpressionError("the string is never closed", text, position)


def close(text: str, position: int, open_at: list[int]) -> None:
    """Pop the bracket that the one at position closes."""
    character = text[position]
    if not open_at:
        raise ExpressionError(f"'{character}' closes nothing", text, position)
    opened = text[open_at.pop()]
    if OPENS[opened] != character:
        raise ExpressionError(f"'{character}' does not match '{opened}'", text, position)


def blank_backslash(cleaned: list[str], position: int) -> None:
    """Turn the line-continuation backslash before position into a space."""
    while cleaned[position] != "\\":
        position -= 1
    cleaned[position] = " "


def stripped(statement: Statement) -> Statement:
    """Drop the white space around a statement, moving its start."""
    left = len(statement.code) - len(statement.code.lstrip())
    return Statement(statement.start + left, statement.code.strip())
