"""graphstep table: the trace as text for a terminal, a page or a program."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_format
from graphstep.cli.options import (
    add_device,
    add_engine_order,
    add_grain,
    add_layout,
    add_precision,
    add_source,
    one_of,
    open_trace,
    text,
)
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser

FORMATS = ("text", "markdown", "latex", "csv", "json", "html")
MODES = ("all", "forward", "reverse", "tangent")


def add_arguments(parser: Parser) -> None:
    """Declare the source, the format and the half of the table."""
    add_source(parser)
    add_device(parser)
    add_grain(parser)
    add_engine_order(parser)
    add_format(parser, FORMATS)
    parser.add_argument(
        "--mode",
        metavar="M",
        type=one_of(*MODES),
        default="all",
        help=f"{', '.join(MODES)} (default: all)",
    )
    parser.add_argument(
        "--wrt",
        metavar="NAME",
        type=text,
        help="the input whose tangent starts as 1, for --mode tangent (default: the first)",
    )
    add_layout(parser, "rows")
    add_precision(parser)


def run(args: argparse.Namespace) -> int:
    """Print the table. Raises InputError for a seed where no tangent is asked for."""
    if args.wrt is not None and args.mode != "tangent":
        raise InputError("--wrt names the input of --mode tangent; give both")
    trace = open_trace(args)
    shown = trace.table(
        format=args.format,
        mode=args.mode,
        grain=args.grain,
        seed=args.wrt,
        layout=args.layout,
    )
    print(shown)
    return EXIT_OK
