"""graphstep step: the terminal app, or the table and the check where there is no terminal."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.cli.live import (
    add_app,
    add_images,
    has_terminal,
    look_of,
    present_live,
    request_of,
)
from graphstep.cli.options import add_source, open_trace
from graphstep.errors import EXIT_DISAGREED, EXIT_OK, InputError, MissingError

if TYPE_CHECKING:
    from graphstep.api import Trace
    from graphstep.cli.parser import Parser
    from graphstep.steps.step import Grain


def add_arguments(parser: Parser) -> None:
    """Declare the source, how its steps are shown, and where the score of predictions goes."""
    add_source(parser, needed=False)
    add_app(parser)
    add_images(parser)
    parser.add_argument(
        "--score", metavar="FILE.json", help="with --predict: write the score there"
    )


def run(args: argparse.Namespace) -> int:
    """Open the source and step through it; without one show the start page.

    Where there is no terminal it raises MissingError for predictions, InputError for no source.
    """
    score = score_file(args.score, args.predict)
    if has_terminal():
        from graphstep.tui.predicting import Predicting

        request = None if args.source is None else request_of(args)
        return present_live(request, look_of(args), Predicting(score) if args.predict else None)
    if args.predict:
        raise MissingError("--predict asks in the terminal app, and there is no terminal here")
    if args.source is None:
        raise InputError("give a SOURCE: the start page, which asks for one, needs a terminal")
    return present(open_trace(args), args.grain, args.device)


def score_file(name: str | None, predict: bool) -> Path | None:
    """Return where the score goes. Raises InputError where it could not be written."""
    if name is None:
        return None
    if not predict:
        raise InputError("--score is the score of predictions: it needs --predict")
    path = Path(name)
    if path.suffix.lower() != ".json":
        raise InputError(f"the score is JSON: {name!r} must end in .json")
    if not path.parent.is_dir():
        raise InputError(f"no folder {str(path.parent)!r} to write {path.name!r} to")
    if path.is_dir():
        raise InputError(f"{name!r} is a folder; name a file")
    if not os.access(path.parent, os.W_OK):
        raise InputError(f"cannot write into {str(path.parent)!r}")
    return path


def present(trace: Trace, grain: Grain, device: str) -> int:
    """Print the table and the check, which say the same where there is no terminal."""
    print(trace.table(format="text", mode="all", grain=grain))
    print()
    from graphstep.traced.reopened import SavedTrace

    if isinstance(trace, SavedTrace):
        print(trace.verdict_text())
        return EXIT_OK if all(v.ok for v in trace.verdicts.values()) else EXIT_DISAGREED
    report = trace.check(device=device)
    print(report.text())
    return EXIT_OK if report.ok else EXIT_DISAGREED
