"""What a command is: a module with two functions, listed here by name."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from importlib import import_module
from typing import Protocol, cast

from graphstep.cli.parser import Parser


class Command(Protocol):
    """Describe the module behind one command; it imports torch and the like inside `run`."""

    def add_arguments(self, parser: Parser) -> None:
        """Declare the command's arguments."""
        ...

    def run(self, args: argparse.Namespace) -> int:
        """Do the work and return the exit code.

        Data goes to stdout, narration to stderr; raises GraphstepError for wrong input.
        """
        ...


@dataclass(frozen=True, slots=True)
class Entry:
    """List one command: its name, its usage after the name, and one line of help."""

    name: str
    usage: str
    help: str

    def load(self) -> Command:
        """Import the module of this command."""
        return cast(Command, import_module(f"graphstep.cli.{self.name}"))

    def parser(self, command: Command) -> Parser:
        """Build the parser of this command."""
        parser = Parser(
            prog=f"graphstep {self.name}",
            usage=f"graphstep {self.name} {self.usage}",
            description=self.help,
        )
        command.add_arguments(parser)
        return parser


_SOURCE = "SOURCE [NAME=VALUE …] [OPTION …]"
_OPTIONAL = "[SOURCE] [NAME=VALUE …] [OPTION …]"

ENTRIES = (
    Entry("step", _OPTIONAL, "Step through the values and the adjoints in the terminal."),
    Entry("table", _SOURCE, "Print the trace: forward values beside reverse adjoints."),
    Entry("check", _SOURCE, "Compare every adjoint with the one that torch computes."),
    Entry(
        "why",
        "SOURCE [NAME=VALUE …] [--of V] [OPTION …]",
        "Say why a gradient is zero, None, NaN or small.",
    ),
    Entry("drift", _SOURCE, "Say which digits of a gradient hold, and where the others are lost."),
    Entry("memory", _SOURCE, "Say what is kept for the backward, and how large it is."),
    Entry("export", "SOURCE [NAME=VALUE …] -o FILE [OPTION …]", "Write the graph to a file."),
    Entry("compare", _SOURCE, "Compare four ways to the derivative: value, error, cost."),
    Entry("descend", _SOURCE, "Lower a value by gradient descent, and keep every iteration."),
    Entry(
        "open",
        "SOURCE [NAME=VALUE …] --value V [OPTION …]",
        "Step through one operation written out as in a textbook.",
    ),
    Entry("serve", _OPTIONAL, "Step in a browser of this machine."),
    Entry("rules", "[NAME] [OPTION …]", "List how each operation differentiates."),
    Entry(
        "demo",
        "[NAME] [--list] [--all --html DIR] [OPTION …]",
        "Step through one of the lecture's examples.",
    ),
)
