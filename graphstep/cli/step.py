"""graphstep step: the terminal app, or the table and the check where there is no terminal."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.live import has_terminal, look_of, present_live, request_of
from graphstep.cli.options import add_device, add_grain, add_look, add_source, open_trace
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
    add_look(parser)


def run(args: argparse.Namespace) -> int:
    """Open the source and step through it."""
    if has_terminal():
        return present_live(request_of(args), look_of(args))
    return present(open_trace(args), args.grain, args.device)


def present(trace: Trace, grain: Grain, device: str) -> int:
    """Print the table and the check, which say the same where there is no terminal."""
    print(trace.table(format="text", mode="all", grain=grain))
    print()
    from graphstep.reopened import SavedTrace

    if isinstance(trace, SavedTrace):
        print(trace.verdict_text())
        return EXIT_OK if all(v.ok for v in trace.verdicts.values()) else EXIT_DISAGREED
    report = trace.check(device=device)
    print(report.text())
    return EXIT_OK if report.ok else EXIT_DISAGREED
