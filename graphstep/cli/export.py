"""graphstep export: the graph, plain or at one step, as a file."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from graphstep.cli.options import (
    add_device,
    add_engine_order,
    add_grain,
    add_layout,
    add_precision,
    add_source,
    natural,
    one_of,
    open_trace,
    text,
)
from graphstep.cli.pictures import add_picture, picture_choices
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from pathlib import Path

    from graphstep.cli.parser import Parser

THEMES = ("light", "dark", "print", "colour-blind")


def add_arguments(parser: Parser) -> None:
    """Declare the source, the file, the step and the theme."""
    add_source(parser)
    add_device(parser)
    add_grain(parser)
    add_engine_order(parser)
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
        help=f"{', '.join(THEMES)} (default: light, and print for a worksheet)",
    )
    parser.add_argument(
        "--heat",
        metavar="WHAT",
        type=one_of("adjoint"),
        help="colour boxes by size, on a log scale: adjoint",
    )
    add_picture(parser)
    add_layout(parser)
    add_precision(parser)
    parser.add_argument(
        "--worksheet",
        action="store_true",
        help="write graph and table with blanks, and the answers to FILE-key (.pdf, .tex, .md)",
    )
    parser.add_argument(
        "--blank",
        metavar="LIST",
        type=text,
        help="what a worksheet leaves open: adjoints,values,partials (default: adjoints)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the files and name them on stderr."""
    if args.all_steps and args.step is not None:
        raise InputError("--step writes one step and --all-steps every one; give one of the two")
    if args.blank is not None and not args.worksheet:
        raise InputError("--blank says what a --worksheet leaves open; give both")
    if args.worksheet and (args.all_steps or args.step is not None or args.heat is not None):
        raise InputError("a --worksheet shows no steps and no heat; leave these out")
    if args.worksheet and args.layout is not None:
        raise InputError("a --worksheet has a layout of its own; leave out --layout")
    trace = open_trace(args)
    if args.worksheet:
        blanks = [part.strip() for part in (args.blank or "adjoints").split(",")]
        sheets = trace.worksheet(
            args.output,
            blanks=blanks,
            theme=args.theme or "print",
            grain=args.grain,
            **picture_choices(args),
        )
        return _name(sheets)
    written = trace.export(
        args.output,
        step=args.step,
        all_steps=args.all_steps,
        theme=args.theme,
        grain=args.grain,
        heat=args.heat,
        layout=args.layout,
        precision=args.precision,
        **picture_choices(args),
    )
    return _name(written)


def _name(written: list[Path]) -> int:
    for path in written:
        print(f"wrote {path}", file=sys.stderr)
    return EXIT_OK
