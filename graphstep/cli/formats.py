"""The options that say in which form a command prints, and its data as JSON."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from graphstep.cli.options import one_of

if TYPE_CHECKING:
    from graphstep.cli.parser import Parser


def add_format(parser: Parser, formats: tuple[str, ...]) -> None:
    """Declare --format, by default the first of `formats`."""
    parser.add_argument(
        "--format",
        metavar="F",
        type=one_of(*formats),
        default=formats[0],
        help=f"{', '.join(formats)} (default: {formats[0]})",
    )


def add_json(parser: Parser, more: str = "") -> None:
    """Declare --json; `more` says what is particular of the command's data."""
    parser.add_argument("--json", action="store_true", help=f"print it as JSON{more}")


def print_json(data: Any) -> None:
    """Print plain data for programs."""
    print(json.dumps(data, indent=2, ensure_ascii=False))
