"""The options that commands with a plot share, and the plot in the terminal or in a file."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from graphstep.cli.formats import add_json
from graphstep.cli.options import one_of, text
from graphstep.errors import InputError

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser
    from graphstep.output.plot import Plot

THEMES = ("light", "dark", "print")
WIDEST = 96


def add_plot(parser: Parser) -> None:
    """Declare --json, and the file and theme of the plot."""
    add_json(parser)
    parser.add_argument(
        "-o", "--output", metavar="FILE.svg", type=text, help="write the plot to this file"
    )
    parser.add_argument(
        "--theme",
        metavar="T",
        type=one_of(*THEMES),
        default="light",
        help=f"of the file: {', '.join(THEMES)} (default: light)",
    )


def draw(plot: Plot, file: Path | None, theme: str, *, quiet: bool = False) -> None:
    """Write the plot to `file` where one is named; show it in the terminal unless `quiet`.

    Raises InputError for a file whose ending is not .svg.
    """
    if not quiet:
        from graphstep.output.plot_text import plot_text

        width = min(shutil.get_terminal_size().columns, WIDEST)
        print()
        print(plot_text(plot, width, ascii=not shows_braille()))
    if file is not None:
        if file.suffix.lower() != ".svg":
            raise InputError(f"the plot is written as .svg, not as {str(file)!r}")
        from graphstep.output.files import write_whole
        from graphstep.output.plot_svg import plot_svg

        write_whole(file, plot_svg(plot, theme).encode())
        print(f"wrote {file}", file=sys.stderr)


def shows_braille() -> bool:
    """Tell whether stdout's encoding has braille dots."""
    try:
        "⣿│└─".encode(sys.stdout.encoding or "ascii")
    except (LookupError, UnicodeEncodeError):
        return False
    return True
