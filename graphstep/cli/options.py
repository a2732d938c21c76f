"""The arguments that several commands share, and the trace that they describe."""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING

from graphstep.cli.parser import Parser
from graphstep.errors import InputError

if TYPE_CHECKING:
    from graphstep.api import Trace

DTYPES = ("float16", "bfloat16", "float32", "float64")
LAYOUTS = ("rows", "survey")
ORDERS = ("evaluation", "level")
GRAINS = ("adjoint", "contribution")
OPERATORS = ("+", "-", "*", "/", "**", "@", "//", "%")
_SEED_LIMIT = 2**63

_SOURCE_NOTES = """
SOURCE is an expression ("3*a + a*b", or several statements: "z = a*b; 3*a + z"),
file.py:function, file.py:object.method, package.module:function, or a saved x.graphstep. VALUE
is a number, a nested list ([[1, 2], [3, 4]]) or one of randn(2,3), ones(3), linspace(0,1,5);
numbers are floating unless a dtype stands after them, as in target=[0, 2]:int64.

An expression may begin with a minus: graphstep {command} "-a*b" a=2 b=3. One that
reads as an option goes after two minus signs: graphstep {command} -- "-h" h=2.
"""


def one_of(*choices: str) -> Callable[[str], str]:
    """Return a reader of an option that accepts the named choices only."""

    def read(text: str) -> str:
        if text not in choices:
            raise argparse.ArgumentTypeError(f"{text!r} is none of {', '.join(choices)}")
        return text

    return read


def text(word: str) -> str:
    """Read free text, which may come with a space before its minus sign."""
    return word.strip()


def assignment(word: str) -> str:
    """Read one NAME=VALUE, which stays a text until the source is known."""
    name, equals, value = word.strip().partition("=")
    if not equals or not name.strip().isidentifier() or not value.strip():
        problem = f"{word.strip()!r} is not of the form NAME=VALUE"
        if equals:
            problem += ", without spaces beside the ="
        elif word.strip() in OPERATORS:
            problem += "; an expression with spaces needs quotes"
        raise argparse.ArgumentTypeError(problem)
    return word.strip()


def natural(word: str) -> int:
    """Read a whole number from 0 up to the largest seed that torch takes."""
    try:
        number = int(word)
    except ValueError:
        number = -1
    if not 0 <= number < _SEED_LIMIT:
        raise argparse.ArgumentTypeError(f"{word.strip()!r} is no whole number from 0 up")
    return number


def add_source(
    parser: Parser, *, grad_output: bool = True, dtype: str = "float32", needed: bool = True
) -> None:
    """Declare SOURCE, its values, and what decides the numbers of its trace.

    `grad_output` declares the seed of the reverse sweep too; `dtype` is the default one. Without
    `needed` there may be no SOURCE.
    """
    command = parser.prog.rpartition(" ")[2]
    parser.add_argument(
        "source",
        metavar="SOURCE",
        type=text,
        help="what to run; see below",
        nargs=None if needed else "?",
    )
    parser.add_argument(
        "assignments",
        metavar="NAME=VALUE",
        nargs="*",
        default=[],
        type=assignment,
        help="values of its inputs",
    )
    add_numbers(parser, dtype=dtype)
    if grad_output:
        parser.add_argument(
            "--grad-output",
            metavar="VALUE",
            type=text,
            help="seed of the reverse sweep for a non-scalar output (default: ones)",
        )
    parser.describe(_SOURCE_NOTES.format(command=command))


def add_numbers(parser: Parser, *, dtype: str = "float32") -> None:
    """Declare the options that say with which numbers, and in which order, a source runs."""
    parser.add_argument(
        "--dtype",
        metavar="D",
        type=one_of(*DTYPES),
        default=dtype,
        help=f"dtype of the values: {', '.join(DTYPES)} (default: {dtype})",
    )
    parser.add_argument(
        "--seed",
        metavar="N",
        type=natural,
        default=0,
        help="seed of torch's random numbers (default: 0)",
    )
    parser.add_argument(
        "--order",
        metavar="ORDER",
        type=one_of(*ORDERS),
        default="evaluation",
        help="number the v_i by evaluation, or by level of depth (default: evaluation)",
    )


def add_device(parser: Parser) -> None:
    """Declare the one device that the source runs on."""
    parser.add_argument(
        "--device", metavar="D", type=text, default="cpu", help="cpu, cuda, … (default: cpu)"
    )


def add_grain(parser: Parser) -> None:
    """Declare how much of the reverse sweep one step holds."""
    parser.add_argument(
        "--grain",
        metavar="GRAIN",
        type=one_of(*GRAINS),
        default="adjoint",
        help="one step an adjoint, or one a contribution (default: adjoint)",
    )


def add_engine_order(parser: Parser) -> None:
    """Declare in which order the steps of the reverse half come."""
    parser.add_argument(
        "--engine-order",
        action="store_true",
        help="replay the adjoints in the order in which torch's engine ran (default: reverse v)",
    )


def add_layout(parser: Parser, default: str | None = None) -> None:
    """Declare how a table is laid out."""
    parser.add_argument(
        "--layout",
        metavar="L",
        type=one_of(*LAYOUTS),
        default=default,
        help="of a table: one half below the other, or side by side as in the survey: rows, survey",
    )


def add_precision(parser: Parser) -> None:
    """Declare how many decimals numbers have; `printing` is what makes them so."""
    parser.add_argument(
        "--precision",
        metavar="N",
        type=natural,
        help="print numbers with up to N decimals, 1 to 17 (default: 4)",
    )


def printing(args: argparse.Namespace) -> contextlib.AbstractContextManager[None]:
    """Print numbers as the arguments say. Raises InputError where there is nothing to say."""
    from graphstep.format.numbers import printed_everywhere

    decimals = getattr(args, "precision", None)
    if decimals is not None and getattr(args, "json", False):
        raise InputError("JSON has every digit of a number; leave out --precision")
    return printed_everywhere(decimals)


def prints_aside() -> contextlib.AbstractContextManager[object]:
    """Send what the user's code prints to stderr: it is narration, stdout is for the data."""
    return contextlib.redirect_stdout(sys.stderr)


def open_trace(args: argparse.Namespace) -> Trace:
    """Run the source that the arguments describe and return its trace.

    Raises InputError for a source or value that cannot be used, MissingError for a device
    that is not there.
    """
    from graphstep.api import open_source

    with prints_aside():
        return open_source(
            args.source,
            args.assignments,
            dtype=args.dtype,
            seed=args.seed,
            device=args.device,
            order=args.order,
            grad_output=args.grad_output,
            # Commands that show no steps have no such option.
            engine_order=vars(args).get("engine_order", False),
        )
