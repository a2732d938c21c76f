"""graphstep drift: how far a run is from float64, or from another device, and where it parted."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_json, print_json
from graphstep.cli.options import add_device, add_source, open_trace, prints_aside, text
from graphstep.errors import EXIT_OK

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source, and the run to compare with."""
    add_source(parser)
    add_device(parser)
    parser.add_argument(
        "--against",
        metavar="RUN",
        type=text,
        default="float64",
        help="float64, or a device: cpu, cuda, … (default: float64)",
    )
    add_json(parser, ", with every loss")


def run(args: argparse.Namespace) -> int:
    """Print the digits that hold, and where the others were lost."""
    from graphstep.running.failures import one_line_errors

    trace = open_trace(args)
    with prints_aside(), one_line_errors(args.source):
        found = trace.drift(args.against)
    if args.json:
        print_json(found.to_json())
    else:
        print(found.text())
    return EXIT_OK
