"""graphstep rules: how each operation differentiates, row by row of the rule table."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING

from graphstep.cli.options import one_of, text
from graphstep.cli.parser import near
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser
    from graphstep.rules.row import Row

FORMATS = ("text", "markdown", "json")
_HEAD = ("operation", "forward", "adjoint of each operand")


def add_arguments(parser: Parser) -> None:
    """Declare the name of an operation and the format."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", type=text, help="one operation, as exp (default: all)"
    )
    parser.add_argument(
        "--format",
        metavar="F",
        type=one_of(*FORMATS),
        default="text",
        help=f"{', '.join(FORMATS)} (default: text)",
    )
    parser.describe(
        """
        x, y, z are the operands, v is the result, g the adjoint of the result. A formula
        without g is a local partial, to be multiplied by g; one with g is the whole
        contribution. Every operation that is not listed is differentiated by torch's own node,
        and marked so wherever it appears.
        """
    )


def run(args: argparse.Namespace) -> int:
    """Print the rule table, or the row of one operation."""
    from graphstep.rules.table import ROWS

    if args.name is None:
        rows = list(ROWS.values())
    elif args.name in ROWS:
        rows = [ROWS[args.name]]
    else:
        raise InputError(
            f"no rule of ours for {args.name!r}{near(args.name, list(ROWS))}; "
            "torch's own node differentiates what has none"
        )
    print({"text": _text, "markdown": _markdown, "json": _json}[args.format](rows))
    return EXIT_OK


def _cells(row: Row) -> tuple[str, str, str]:
    partials = ("none" if partial is None else partial for partial in row.partials)
    return (row.name, row.forward or "", " | ".join(partials))


def _text(rows: list[Row]) -> str:
    lines = [_HEAD, *map(_cells, rows)]
    first, second = (max(len(line[column]) for line in lines) for column in (0, 1))
    return "\n".join(f"{a:{first}}  {b:{second}}  {c}".rstrip() for a, b, c in lines)


def _markdown(rows: list[Row]) -> str:
    def line(cells: tuple[str, str, str]) -> str:
        quoted = (f"`{cell}`".replace("|", "\\|") if cell else "" for cell in cells)
        return f"| {' | '.join(quoted)} |"

    return "\n".join(
        [f"| {' | '.join(_HEAD)} |", "| --- | --- | --- |", *map(line, map(_cells, rows))]
    )


def _json(rows: list[Row]) -> str:
    found = [
        {"name": row.name, "forward": row.forward, "partials": row.partials, "tangent": row.tangent}
        for row in rows
    ]
    return json.dumps(found, indent=2, ensure_ascii=False)
