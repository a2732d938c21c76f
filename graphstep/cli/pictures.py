"""The options of a command that draws: folding, clusters, what boxes say, letters."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from graphstep.cli.options import natural, one_of, text

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser
    from graphstep.output.options import PictureChoices

DIRECTIONS = ("TB", "LR")


def folding(word: str) -> str | int:
    """Read auto, none, or a number of levels."""
    if word in ("auto", "none"):
        return word
    try:
        return natural(word)
    except argparse.ArgumentTypeError:
        raise argparse.ArgumentTypeError(f"{word!r} is neither auto, none nor a level") from None


def points(word: str) -> float:
    """Read a size in points."""
    try:
        return float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word!r} is no size in points") from None


def add_picture(parser: Parser) -> None:
    """Declare how a picture is drawn; its limits are those of PictureOptions."""
    parser.add_argument(
        "--collapse",
        metavar="LEVEL",
        type=folding,
        default="auto",
        help="fold modules and repeated blocks: auto (beyond 300 values), none, or how many"
        " levels to open, from 0 (default: auto)",
    )
    parser.add_argument(
        "--max-nodes", metavar="N", type=natural, help="fold a larger graph until N boxes are left"
    )
    parser.add_argument("--clusters", action="store_true", help="frame the values of each module")
    parser.add_argument(
        "--no-partials", action="store_true", help="leave the local partials off the arrows"
    )
    parser.add_argument(
        "--no-values", action="store_true", help="show formulas only, without numbers"
    )
    parser.add_argument("--font", metavar="NAME", type=text, help="font (default: Helvetica)")
    parser.add_argument(
        "--font-size", metavar="PT", type=points, help="letters in points (default: 14)"
    )
    parser.add_argument(
        "--direction",
        metavar="D",
        type=one_of(*DIRECTIONS),
        default="TB",
        help="TB, top to bottom, or LR, left to right (default: TB)",
    )


def picture_choices(args: argparse.Namespace) -> PictureChoices:
    """Return what the arguments choose, as `Trace.export` takes it."""
    chosen: PictureChoices = {
        "collapse": args.collapse,
        "max_nodes": args.max_nodes,
        "clusters": args.clusters,
        "partials": not args.no_partials,
        "values": not args.no_values,
        "direction": args.direction,
    }
    if args.font is not None:
        chosen["font"] = args.font
    if args.font_size is not None:
        chosen["font_size"] = args.font_size
    return chosen
