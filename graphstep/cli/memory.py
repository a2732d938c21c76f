"""graphstep memory: what torch keeps for the backward, by which operation, how large."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_json, print_json
from graphstep.cli.options import add_device, add_source, open_trace
from graphstep.errors import EXIT_OK

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source and the form of the report."""
    add_source(parser, grad_output=False)
    add_device(parser)
    add_json(parser, ", every tensor")


def run(args: argparse.Namespace) -> int:
    """Print what is kept, the largest first."""
    args.grad_output = None
    found = open_trace(args).memory()
    if args.json:
        print_json(found.to_json())
    else:
        print(found.text())
    return EXIT_OK
