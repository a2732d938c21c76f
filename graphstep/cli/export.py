"""graphstep export: the graph, plain or at one step, as a file."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from graphstep.cli.options import (
    add_device,
    add_grain,
    add_source,
    natural,
    one_of,
    open_trace,
    text,
)
from graphstep.cli.pictures import add_picture, picture_choices
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser

THEMES = ("light", "dark", "print", "colour-blind")


def add_arguments(parser: Parser) -> None:
    """Declare the source, the file, the step and the theme."""
    add_source(parser)
    add_device(parser)
    add_grain(parser)
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        required=True,
        type=text,
        help="where to write; the ending says the format",
    )
    parser.add_argument(
        "--step", metavar="N", type=natural, help="show step N, from 0 (default: all of it)"
    )
    parser.add_argument(
        "--all-steps",
        action="store_true",
        help="write every step: pages, an animation, slides, or a file each (frames/%%02d.svg)",
    )
    parser.add_argument(
        "--theme",
        metavar="T",
        type=one_of(*THEMES),
        default="light",
        help=f"{', '.join(THEMES)} (default: light)",
    )
    parser.add_argument(
        "--heat",
        metavar="WHAT",
        type=one_of("adjoint"),
        help="colour boxes by size, on a log scale: adjoint",
    )
    add_picture(parser)


def run(args: argparse.Namespace) -> int:
    """Write the files and name them on stderr."""
    if args.all_steps and args.step is not None:
        raise InputError("--step writes one step and --all-steps every one; give one of the two")
    trace = open_trace(args)
    written = trace.export(
        args.output,
        step=args.step,
        all_steps=args.all_steps,
        theme=args.theme,
        grain=args.grain,
        heat=args.heat,
        **picture_choices(args),
    )
    for path in written:
        print(f"wrote {path}", file=sys.stderr)
    return EXIT_OK
