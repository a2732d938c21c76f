"""graphstep why: where a gradient became zero, not finite or small, or why there is none."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_json, print_json
from graphstep.cli.options import (
    add_device,
    add_precision,
    add_source,
    open_trace,
    prints_aside,
    text,
)
from graphstep.errors import EXIT_OK

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source, and which gradients are asked for."""
    add_source(parser)
    add_device(parser)
    add_precision(parser)
    parser.add_argument(
        "--of",
        metavar="V",
        action="append",
        default=[],
        dest="names",
        type=text,
        help="v_4, or its label: whose gradient; may be given again (default: every input)",
    )
    add_json(parser)


def run(args: argparse.Namespace) -> int:
    """Print one answer a gradient."""
    from graphstep.running.failures import one_line_errors

    trace = open_trace(args)
    with prints_aside(), one_line_errors(args.source):
        found = trace.why(*args.names)
    if args.json:
        print_json(found.to_json())
    else:
        print(found.text())
    return EXIT_OK
