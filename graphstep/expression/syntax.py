"""One statement's text to Python's syntax tree, with every failure as one line and a caret."""

from __future__ import annotations

import ast
import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from graphstep.errors import ExpressionError
from graphstep.expression.advice import advised
from graphstep.expression.limits import MAX_DEPTH, MAX_LENGTH
from graphstep.expression.scan import Statement

RECURSION_LIMIT_LOCK = threading.Lock()


@dataclass(frozen=True, slots=True)
class Positions:
    """Map the UTF-8 byte columns of one statement's tree to characters of the whole text."""

    text: str
    statement: Statement

    def character(self, byte_column: int) -> int:
        """Return the character of the text at a byte column of the statement."""
        code = self.statement.code
        if code.isascii():
            return self.statement.start + byte_column
        before = code.encode("utf-8", "surrogatepass")[:byte_column]
        return self.statement.start + len(before.decode("utf-8", "replace"))

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        """Return where a node starts and ends, exclusive, in characters of the text."""
        end = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return self.character(node.col_offset), self.character(end)

    def fault(self, problem: str, node: ast.expr | ast.stmt) -> ExpressionError:
        """Return the error that points at a node."""
        return ExpressionError(problem, self.text, self.character(node.col_offset))


@contextmanager
def room_for_flat_chains() -> Iterator[None]:
    """Let Python build the left-deep tree of a long flat sum.

    Before 3.12 the tree of MAX_LENGTH / 2 terms needs more levels than the default recursion
    limit grants; those levels are small C frames (5,000 of them fit in 512 KiB of stack).
    """
    with RECURSION_LIMIT_LOCK:
        before = sys.getrecursionlimit()
        sys.setrecursionlimit(before + MAX_LENGTH // 2)
        try:
            yield
        finally:
            sys.setrecursionlimit(before)


def tree(text: str, statement: Statement) -> ast.stmt:
    """Parse one statement.

    Raises ExpressionError for whatever Python's parser refuses, its own limits included.
    """
    try:
        with warnings.catch_warnings(), room_for_flat_chains():
            warnings.simplefilter("ignore")
            body = ast.parse(statement.code).body
    except SyntaxError as error:
        raise ExpressionError(*explained(error, text, statement)) from None
    except UnicodeEncodeError as error:
        column = statement.start + error.start
        raise ExpressionError("invalid character", text, column) from None
    except (RecursionError, MemoryError, ValueError):
        problem = f"more than {MAX_DEPTH} levels of nesting"
        raise ExpressionError(problem, text, statement.start) from None
    if len(body) != 1:
        raise ExpressionError("invalid syntax", text, statement.start)
    return body[0]


def explained(error: SyntaxError, text: str, statement: Statement) -> tuple[str, str, int]:
    """Return problem, text and column for what Python's parser said."""
    offset = min(max((error.offset or 1) - 1, 0), len(statement.code))
    column = statement.start + offset
    if "nested" in str(error.msg) or "recursion" in str(error.msg):
        return f"more than {MAX_DEPTH} levels of nesting", text, column
    if "integer string" in str(error.msg):
        return "the integer is too long", text, statement.start
    advice, at = advised(statement.code)
    if advice:
        return f"invalid syntax: {advice}", text, statement.start + at
    return "invalid syntax", text, column
