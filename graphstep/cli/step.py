"""graphstep step: the terminal app, or the table and the check where there is no terminal."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from graphstep.cli.options import add_device, add_grain, add_source, open_trace
from graphstep.errors import EXIT_DISAGREED, EXIT_OK

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.cli.parser import Parser
    from graphstep.steps.step import Grain


def add_arguments(parser: Parser) -> None:
    """Declare the source and the grain."""
    add_source(parser)
    add_device(parser)
    add_grain(parser)


def run(args: argparse.Namespace) -> int:
    """Open the source and step through it."""
    return present(open_trace(args), args.grain, args.device)


def present(trace: Trace, grain: Grain, device: str) -> int:
    """Show a trace in the terminal app; where there is no terminal, print table and check."""
    if has_terminal():
        from graphstep.tui import run as run_app

        run_app(trace, grain)
        return EXIT_OK
    print(trace.table(format="text", mode="all", grain=grain))
    report = trace.check(device=device)
    print()
    print(report.text())
    return EXIT_OK if report.ok else EXIT_DISAGREED


def has_terminal() -> bool:
    """Tell whether the terminal app can be shown: a screen to draw on and keys to read."""
    return sys.stdout.isatty() and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"
