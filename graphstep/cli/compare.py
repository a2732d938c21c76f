"""graphstep compare: numerical, symbolic, forward mode and reverse mode beside each other."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.cli.formats import print_json
from graphstep.cli.options import add_precision, add_source, prints_aside, text
from graphstep.cli.plots import add_plot, draw
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the source, the inputs to differentiate by, and the plot."""
    add_source(parser, grad_output=False, dtype="float64")
    add_precision(parser)
    parser.add_argument(
        "--wrt",
        metavar="NAME",
        action="append",
        default=[],
        type=text,
        help="differentiate by this input only; may be given again (default: all)",
    )
    add_plot(parser)


def run(args: argparse.Namespace) -> int:
    """Print the comparison, and the error of differences against h as a plot."""
    from graphstep.lab.comparison import compare_objective
    from graphstep.lab.comparison_report import comparison_text, to_json
    from graphstep.lab.objective import objective
    from graphstep.source.making import make_values
    from graphstep.source.values import parse_assignments

    with prints_aside():
        values = make_values(parse_assignments(args.assignments), dtype=args.dtype, seed=args.seed)
        what = objective(args.source, values, args.wrt, args.seed, args.order)
        found = compare_objective(what)
    if args.json:
        print_json(to_json(found))
    else:
        print(comparison_text(found))
    if found.errors is not None:
        plot = found.errors.plot(f"Error of differences of {found.text}")
        draw(plot, Path(args.output) if args.output else None, args.theme, quiet=args.json)
    elif args.output:
        raise InputError(f"nothing to plot: {found.errors_note}")
    return EXIT_OK
