"""graphstep serve: the terminal app in a browser of this machine."""

from __future__ import annotations

import argparse
import shlex
import subprocess
import sys
from typing import TYPE_CHECKING

from graphstep.cli.live import add_app, look_of, request_of
from graphstep.cli.options import add_source
from graphstep.errors import EXIT_OK, MissingError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser

_LAST_PORT = 65535


def add_arguments(parser: Parser) -> None:
    """Declare the source, which may be left out, how its steps are shown, and the port."""
    add_source(parser, needed=False)
    add_app(parser)
    parser.add_argument(
        "--port",
        metavar="N",
        type=_port,
        default=8000,
        help="port of 127.0.0.1 to listen at (default: 8000)",
    )


def run(args: argparse.Namespace) -> int:
    """Serve the app until ctrl+c; every tab of the browser has a run of its own."""
    look_of(args)
    words = step_words(args)
    try:
        from graphstep.tui.browser import serve
    except ImportError as error:
        if (error.name or "").partition(".")[0] not in ("textual_serve", "aiohttp"):
            raise
        raise MissingError(
            "the app in a browser needs textual-serve; run: pip install 'graphstep[serve]'"
        ) from None
    serve(words, args.port)
    return EXIT_OK


def step_words(args: argparse.Namespace) -> str:
    """Return the command line of the app that a tab runs, as the shell takes it."""
    command = [sys.executable, "-m", "graphstep", "step", "--theme", args.theme]
    for option in ("ascii", "no_mouse", "predict"):
        command += [f"--{option.replace('_', '-')}"] * vars(args)[option]
    command += ["--keys", args.keys] if args.keys is not None else []
    command += ["--precision", str(args.precision)] if args.precision is not None else []
    if args.source is not None:
        command += shlex.split(request_of(args).words)
    return subprocess.list2cmdline(command) if sys.platform == "win32" else shlex.join(command)


def _port(word: str) -> int:
    if not (word.isdecimal() and 0 < int(word) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{word.strip()!r} is no port from 1 to {_LAST_PORT}")
    return int(word)
