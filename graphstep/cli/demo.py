"""graphstep demo: the lecture's examples by name."""

from __future__ import annotations

import argparse
import shlex
import sys
from typing import TYPE_CHECKING

from graphstep.cli.options import add_device, add_grain, add_numbers, open_trace, text
from graphstep.cli.parser import near
from graphstep.cli.step import present
from graphstep.demos import DEMOS
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_arguments(parser: Parser) -> None:
    """Declare the name of the demo."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", type=text, help="a demo of the list (default: its first)"
    )
    parser.add_argument("--list", action="store_true", help="list the demos and exit")
    add_numbers(parser)
    add_device(parser)
    add_grain(parser)


def run(args: argparse.Namespace) -> int:
    """List the demos, or step through the named one."""
    if args.list:
        print(listing())
        return EXIT_OK
    name = next(iter(DEMOS)) if args.name is None else args.name
    if name not in DEMOS:
        raise InputError(f"no demo {name!r}{near(name, list(DEMOS))}; see graphstep demo --list")
    demo = DEMOS[name]
    args.source, args.assignments, args.grad_output = demo.source, list(demo.values), None
    print(f"{demo.title}: {shlex.join((demo.source, *demo.values))}", file=sys.stderr)
    if demo.note:
        print(demo.note, file=sys.stderr)
    return present(open_trace(args), args.grain, args.device)


def listing() -> str:
    """Return the demos, two lines each: name and title, then the words to type after `step`."""
    width = max(map(len, DEMOS))
    return "\n".join(
        f"  {name:{width}}  {demo.title}\n  {'':{width}}  {shlex.join((demo.source, *demo.values))}"
        for name, demo in DEMOS.items()
    )
