"""graphstep descend: gradient descent, every iteration of which can be stepped through."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.cli.formats import print_json
from graphstep.cli.options import add_precision, add_source, natural, one_of, prints_aside, text
from graphstep.cli.plots import add_plot, draw
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser
    from graphstep.lab.descent import Descent

SCHEDULES = ("constant", "adaptive", "step", "cosine")
CHECKS = ("before", "after")


def add_arguments(parser: Parser) -> None:
    """Declare the source, how to move, when to stop, and what to show."""
    add_source(parser, grad_output=False)
    add_precision(parser)
    parser.add_argument("--lr", metavar="X", type=real, default=0.1, help="the rate (default: 0.1)")
    parser.add_argument(
        "--steps", metavar="N", type=natural, default=100, help="most moves (default: 100)"
    )
    parser.add_argument(
        "--tol",
        metavar="X",
        type=real,
        default=1e-3,
        help="stop at a gradient of this norm (default: 0.001)",
    )
    parser.add_argument(
        "--momentum",
        metavar="X",
        type=real,
        default=0.0,
        help="keep this part of the last change (default: 0)",
    )
    parser.add_argument("--nesterov", action="store_true", help="look ahead along the momentum")
    parser.add_argument(
        "--schedule",
        metavar="S",
        type=one_of(*SCHEDULES),
        default="constant",
        help=f"the rate over time: {', '.join(SCHEDULES)} (default: constant)",
    )
    parser.add_argument(
        "--check",
        metavar="C",
        type=one_of(*CHECKS),
        default="before",
        help="hold the gradient against --tol before the move, or after it (default: before)",
    )
    parser.add_argument(
        "--start",
        metavar="START",
        action="append",
        default=[],
        type=text,
        help="start from here too, as x=3.5 or 'x=1; y=2'; several: from four places around",
    )
    parser.add_argument(
        "--move",
        metavar="NAME",
        action="append",
        default=[],
        type=text,
        help="move this input and keep the others; may be given again (default: all)",
    )
    parser.add_argument(
        "--accumulate", action="store_true", help="never zero .grad, to see what happens then"
    )
    parser.add_argument(
        "--open", metavar="K", type=natural, help="step through iteration K instead"
    )
    parser.add_argument("--all", action="store_true", help="print every iteration")
    add_plot(parser)


def real(word: str) -> float:
    """Read a decimal number."""
    try:
        return float(word)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{word.strip()!r} is no number") from None


def run(args: argparse.Namespace) -> int:
    """Descend, and plainly too where the way is another; print, plot or open what was asked for.

    Raises InputError for --open with what is said of all iterations.
    """
    if args.open is not None and (args.json or args.all or args.output):
        raise InputError("--open steps through one iteration; leave out --all, --json and --output")
    with prints_aside():
        runs = _runs(args)
    if args.open is not None:
        from graphstep.cli.live import has_terminal
        from graphstep.cli.step import present

        trace = runs[0].trace(args.open)
        if not has_terminal():
            return present(trace, "adjoint", "cpu")
        trace.step()
        return EXIT_OK
    from graphstep.lab.descent_report import iterations_text, runs_text, to_json

    if args.json:
        print_json(to_json(runs))
    else:
        print(iterations_text(runs[0], every=args.all))
        print(runs[0].message)
        if len(runs) > 1:
            print()
            print(runs_text(runs))
    if args.output or not args.json:
        from graphstep.lab.landscape import landscape

        with prints_aside():
            plot = landscape(runs)
        draw(plot, Path(args.output) if args.output else None, args.theme, quiet=args.json)
    return EXIT_OK


def _runs(args: argparse.Namespace) -> list[Descent]:
    from graphstep.lab.descent import run as descend
    from graphstep.lab.objective import objective
    from graphstep.lab.rates import Method
    from graphstep.lab.starts import starts
    from graphstep.source.making import make_values
    from graphstep.source.values import parse_assignments

    way = Method(
        args.lr, args.steps, args.tol, args.momentum, args.nesterov, args.schedule, args.check
    )
    values = make_values(parse_assignments(args.assignments), dtype=args.dtype, seed=args.seed)
    what = objective(args.source, values, args.move, args.seed, args.order)
    zeroed = not args.accumulate
    runs = [descend(what, way, zero_grad=zeroed)]
    if not way.is_plain:
        plain = Method(args.lr, args.steps, args.tol, check=args.check)
        runs.append(descend(what, plain, zero_grad=zeroed))
    for start in starts(what, args.start, args.dtype, args.seed):
        runs.append(descend(what, way, start=start, zero_grad=zeroed))
    return runs
