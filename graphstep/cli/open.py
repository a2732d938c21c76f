"""graphstep open: one operation of a source, written out as the textbook's steps."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from graphstep.cli.options import add_device, add_grain, add_precision, add_source, open_trace, text
from graphstep.errors import EXIT_DISAGREED, EXIT_OK

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source, and which value and element to open."""
    add_source(parser)
    add_device(parser)
    add_grain(parser)
    add_precision(parser)
    parser.add_argument(
        "--value", metavar="V", type=text, required=True, help="v_4, or its label: what to open"
    )
    parser.add_argument(
        "--element",
        metavar="I,J",
        type=_element,
        help="one entry of it, as of a matrix product or a softmax, counted from 0",
    )
    parser.add_argument(
        "-o",
        "--output",
        metavar="FILE",
        type=text,
        help="write the textbook's steps to a file, as export does, and print the agreement",
    )


def run(args: argparse.Namespace) -> int:
    """Step through the textbook's steps; without a terminal print them, and the agreement."""
    from graphstep.cli.live import has_terminal

    found = open_trace(args).open(args.value, args.element)
    if args.output is not None:
        for path in found.trace.export(args.output, grain=args.grain):
            print(f"wrote {path}", file=sys.stderr)
        print(found.text())
        return EXIT_OK if found.ok else EXIT_DISAGREED
    if has_terminal():
        found.trace.step(args.grain)
        return EXIT_OK
    print(found.trace.table(grain=args.grain))
    print()
    print(found.text())
    return EXIT_OK if found.ok else EXIT_DISAGREED


def _element(word: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in word.split(","))
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word.strip()!r} is not of the form I,J") from None
