"""The errors that graphstep raises for what a user gave it: one line, and an exit code."""

from __future__ import annotations

EXIT_OK = 0
EXIT_DISAGREED = 1
EXIT_INPUT = 2
EXIT_MISSING = 3

LONGEST_LINE = 72
"""Of a longer line of an expression only the part around the fault is shown."""


class GraphstepError(Exception):
    """Say in one line what was wrong, where, and what to do.

    `exit_code` is what the command line ends with: 2 for wrong input or usage,
    3 for a device or tool that was asked for and is not there.
    """

    exit_code = EXIT_INPUT


class InputError(GraphstepError):
    """Report an input, option or value that cannot be used."""


class MissingError(GraphstepError):
    """Report a device or tool that was asked for by name and is not there."""

    exit_code = EXIT_MISSING


class ExpressionError(InputError):
    """Report a fault in an expression, with the expression and a caret under the column.

    `text` is the expression as typed, `column` the 0-based column of the fault.
    """

    def __init__(self, problem: str, text: str, column: int) -> None:
        super().__init__(problem)
        self.problem = problem
        self.text = text
        self.column = column

    def __str__(self) -> str:
        line_start = self.text.rfind("\n", 0, self.column) + 1
        line = self.text[line_start:].split("\n", 1)[0]
        column = self.column - line_start
        if len(line) > LONGEST_LINE:
            first = max(0, min(column - LONGEST_LINE // 2, len(line) - LONGEST_LINE))
            left, right = "…" * (first > 0), "…" * (first + LONGEST_LINE < len(line))
            line = f"{left}{line[first : first + LONGEST_LINE]}{right}"
            column += len(left) - first
        shown = "".join(c if c.isprintable() else "�" for c in line)
        return f"{self.problem}\n  {shown}\n  {' ' * column}^"
