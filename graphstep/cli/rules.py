"""graphstep rules: how each operation differentiates, row by row of the rule table."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_format
from graphstep.cli.options import text
from graphstep.cli.parser import near
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser

FORMATS = ("text", "ascii", "latex", "mathml", "markdown", "json")


def add_arguments(parser: Parser) -> None:
    """Declare the name of an operation and the format."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", type=text, help="one operation, as exp (default: all)"
    )
    add_format(parser, FORMATS)
    parser.describe(
        """
        x, y, z, w are the operands, v is the result, v̄ its adjoint. ∂v/∂x = … is a local
        partial, by which v̄ is multiplied; x̄ = … is the whole contribution to the adjoint of x.
        One NAME as text also has torch's own formulas, and what its functions mean. Every
        operation that is not listed is differentiated by torch's own node, and marked so
        wherever it appears. markdown and json have the texts of the rows, in which v̄ is g.
        """
    )


def run(args: argparse.Namespace) -> int:
    """Print the rule table, or the row of one operation."""
    from graphstep.output.rule_table import torch_only, write_rule, write_rules
    from graphstep.rules.table import ROWS

    if args.name is None:
        print(write_rules(list(ROWS.values()), args.format))
    elif args.name in ROWS:
        print(write_rule(ROWS[args.name], args.format))
    elif theirs := torch_only(args.name):
        print(theirs)
    else:
        raise InputError(
            f"no rule of ours for {args.name!r}{near(args.name, list(ROWS))}; "
            "torch's own node differentiates what has none"
        )
    return EXIT_OK
