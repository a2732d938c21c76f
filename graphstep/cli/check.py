"""graphstep check: every adjoint against torch's, on each device asked for."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_json, print_json
from graphstep.cli.options import add_precision, add_source, open_trace, prints_aside, text
from graphstep.errors import EXIT_DISAGREED, EXIT_OK

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source, the devices and the form of the report."""
    add_source(parser)
    add_precision(parser)
    parser.add_argument(
        "--device",
        metavar="D",
        action="append",
        dest="devices",
        type=text,
        help="compare with torch on cpu, cuda, …; may be given again (default: cpu)",
    )
    add_json(parser, ", a list for several devices")


def run(args: argparse.Namespace) -> int:
    """Print one report a device; exit code 1 when any of them disagrees."""
    devices = list(dict.fromkeys(args.devices or ["cpu"]))
    args.device = "cpu"
    from graphstep.running.failures import one_line_errors

    trace = open_trace(args)
    with prints_aside(), one_line_errors(args.source):
        reports = [trace.check(device=device) for device in devices]
    if args.json:
        found = [report.to_json() for report in reports]
        print_json(found[0] if len(found) == 1 else found)
    else:
        print("\n\n".join(report.text() for report in reports))
    return EXIT_OK if all(report.ok for report in reports) else EXIT_DISAGREED
