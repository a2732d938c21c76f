"""The terminal app on the way to a trace: what opens a request for it, and what it prints."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, cast

from graphstep.cli.options import (
    add_device,
    add_engine_order,
    add_grain,
    add_precision,
    one_of,
    text,
)
from graphstep.source.request import Request

THEMES = ("dark", "light", "high-contrast", "projector")
EXIT_STOPPED = 70
"""What sysexits.h calls an error in the software itself."""

if TYPE_CHECKING:
    from collections.abc import Callable

    from graphstep.api import Trace
    from graphstep.cli.parser import Parser
    from graphstep.graph.numbering import Order
    from graphstep.steps.step import Grain
    from graphstep.tui.looks import Look
    from graphstep.tui.predicting import Predicting


def add_look(parser: Parser) -> None:
    """Declare how the terminal app looks, and its keys."""
    parser.add_argument(
        "--theme",
        metavar="T",
        type=one_of(*THEMES),
        default="dark",
        help=f"of the app: {', '.join(THEMES)} (default: dark)",
    )
    parser.add_argument(
        "--ascii",
        action="store_true",
        help="show ASCII signs alone, as for a terminal without UTF-8",
    )
    parser.add_argument(
        "--no-mouse",
        action="store_true",
        help="leave the mouse to the terminal, to select text with it; keys do everything",
    )
    parser.add_argument(
        "--keys",
        metavar="FILE",
        type=text,
        help='JSON file of keys by action, as {"step.next": "right,n"}',
    )


def add_images(parser: Parser) -> None:
    """Declare that the graph may be an image."""
    parser.add_argument(
        "--images",
        action="store_true",
        help="show the graph as an image where the terminal can (kitty, sixel); i changes it",
    )


def add_app(parser: Parser) -> None:
    """Declare how the app shows the steps of a source, in a terminal or in a browser."""
    add_device(parser)
    add_grain(parser)
    add_engine_order(parser)
    add_look(parser)
    add_precision(parser)
    parser.add_argument(
        "--predict",
        action="store_true",
        help="hide each next value or adjoint until it is predicted",
    )


def request_of(args: argparse.Namespace) -> Request:
    """Return what the arguments ask for. Raises InputError for an expression that is wrong."""
    request = Request(
        args.source,
        tuple(args.assignments),
        dtype=args.dtype,
        seed=args.seed,
        device=args.device,
        order=args.order,
        grad_output=args.grad_output,
        grain=args.grain,
        engine_order=args.engine_order,
    )
    _ = request.program
    return request


def has_terminal() -> bool:
    """Tell whether the terminal app can be shown: a screen to draw on and keys to read.

    A browser that textual-serve connects is one, too.
    """
    if os.environ.get("TEXTUAL_DRIVER"):
        return True
    return sys.stdout.isatty() and sys.stdin.isatty() and os.environ.get("TERM") != "dumb"


def look_of(args: argparse.Namespace | None = None) -> Look:
    """Return the look that the arguments ask for, and the reader's keys.

    Raises InputError for keys that cannot be used, those of the config folder included, and
    MissingError for images without the package that shows them.
    """
    from graphstep.tui.ascii import wants_ascii
    from graphstep.tui.keymap import keys_file, read_keymap
    from graphstep.tui.looks import Look

    named = args.keys if args is not None else None
    file = keys_file() if named is None else Path(named)
    keys = read_keymap(file) if named is not None or file.is_file() else {}
    plain = wants_ascii(os.environ, sys.__stderr__.encoding if sys.__stderr__ else None)
    if os.environ.get("TEXTUAL_DRIVER"):  # A browser knows every sign, whatever the locale says.
        plain = False
    if args is None:
        return Look(ascii=plain, keys=keys)
    images = None
    if vars(args).get("images") and not os.environ.get("TEXTUAL_DRIVER"):
        from graphstep.tui.images import ask_terminal

        images = ask_terminal()
    return Look(args.theme, args.ascii or plain, keys, images, mouse=not args.no_mouse)


def present_live(
    request: Request | None, look: Look | None = None, predicting: Predicting | None = None
) -> int:
    """Show the app at once, and open the request behind its first frame.

    What the user's code prints meanwhile comes to stderr once the app is gone.
    """
    from graphstep.tui import AppStopped, run_opening
    from graphstep.tui.recent import state_folder

    printed = io.StringIO()
    try:
        return run_opening(opener(printed), request, state_folder(), look, predicting)
    except AppStopped as stop:
        print(f"graphstep: {stop}", file=sys.stderr)
        return EXIT_STOPPED
    finally:
        sys.stderr.write(printed.getvalue())


def opener(printed: io.StringIO) -> Callable[[Request, Callable[[str], None]], Trace]:
    """Return what runs a request for the app; the prints of the user's code go to `printed`."""

    def open_request(request: Request, say: Callable[[str], None]) -> Trace:
        say("loading torch")
        from graphstep.api import open_source

        say("running the source, recording")
        with contextlib.redirect_stdout(printed), contextlib.redirect_stderr(printed):
            trace = open_source(
                request.source,
                request.assignments,
                dtype=request.dtype,
                seed=request.seed,
                device=request.device,
                order=cast("Order", request.order),
                grad_output=request.grad_output,
            )
        say("checking against torch")
        trace.timeline(cast("Grain", request.grain))
        return trace

    return open_request
