"""graphstep demo: the lecture's examples by name."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.cli.command import ENTRIES
from graphstep.cli.live import add_images, add_look, has_terminal, look_of, present_live, request_of
from graphstep.cli.options import (
    add_device,
    add_engine_order,
    add_grain,
    add_numbers,
    open_trace,
    text,
)
from graphstep.cli.parser import near
from graphstep.cli.plots import shows_braille
from graphstep.cli.step import present
from graphstep.demos import DEMOS, FIRST, GROUPS
from graphstep.errors import EXIT_OK, InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser
    from graphstep.demos import Demo

_NOTES = """
Where nothing else is asked for, a demo has the dtype, order and grain of its page.
"""


def add_arguments(parser: Parser) -> None:
    """Declare the name of the demo."""
    parser.add_argument(
        "name", metavar="NAME", nargs="?", type=text, help=f"a demo of the list (default: {FIRST})"
    )
    parser.add_argument("--list", action="store_true", help="list the demos and exit")
    parser.add_argument(
        "--all", action="store_true", help="with --html: every demo, and an index of them"
    )
    parser.add_argument(
        "--html", metavar="DIR", type=text, help="write the demos into this folder as pages"
    )
    add_numbers(parser)
    add_device(parser)
    add_grain(parser)
    add_engine_order(parser)
    add_look(parser)
    add_images(parser)
    parser.set_defaults(dtype=None, order=None, grain=None)
    parser.describe(_NOTES)


def run(args: argparse.Namespace) -> int:
    """List the demos, or step through the named one and print its views."""
    if args.list:
        print(listing())
        return EXIT_OK
    if args.all or args.html is not None:
        return _write_site(args)
    name = FIRST if args.name is None else args.name
    if name not in DEMOS:
        raise InputError(f"no demo {name!r}{near(name, list(DEMOS))}; see graphstep demo --list")
    demo = DEMOS[name]
    args = _asked(args, demo)
    print(f"{demo.title}: {demo.words}", file=sys.stderr)
    if demo.note:
        print(demo.note, file=sys.stderr)
    if has_terminal():
        code = present_live(request_of(args), look_of(args))
    else:
        code = present(open_trace(args), args.grain, args.device)
    for view in demo.views:
        from graphstep.demos.views import view_text

        print(f"\n{view_text(view, open_trace(args), ascii=not shows_braille())}")
    for name, *options in demo.also:
        print()
        _run_also(name, [demo.source, *demo.values, *options])
    return code


def _run_also(name: str, words: list[str]) -> None:
    """Run another command on the demo's source; in a terminal it comes once the app is left."""
    entry = next(entry for entry in ENTRIES if entry.name == name)
    command = entry.load()
    command.run(entry.parser(command).read(words))


def _asked(args: argparse.Namespace, demo: Demo) -> argparse.Namespace:
    """Return the arguments with the demo's source and values, and its own where none is given."""
    asked = argparse.Namespace(**vars(args))
    asked.source, asked.assignments, asked.grad_output = demo.source, list(demo.values), None
    for option in ("dtype", "order", "grain"):
        setattr(asked, option, getattr(args, option) or getattr(demo, option))
    return asked


def _write_site(args: argparse.Namespace) -> int:
    """Write the lecture as pages, and name the index on stderr."""
    if args.name is not None or not args.all or args.html is None:
        raise InputError("--all and --html DIR write all demos: give both, and no NAME")
    from graphstep.demos.site import write_site

    *pages, index = write_site(
        Path(args.html),
        lambda demo: open_trace(_asked(args, demo)),
        grain=args.grain,
    )
    print(f"wrote {len(pages)} pages and {index}", file=sys.stderr)
    return EXIT_OK


def listing() -> str:
    """Return the demos by subject, in the lecture's order, one line each: name and title."""
    width = max(map(len, DEMOS))
    lines: list[str] = []
    for group in GROUPS:
        lines.append(group.title)
        lines += [f"  {demo.name:{width}}  {demo.title}" for demo in group.demos]
    return "\n".join(lines)
