"""An argparse parser that lets an expression begin with a minus and suggests near options."""

from __future__ import annotations

import argparse
import textwrap
from collections.abc import Sequence
from typing import Any, NoReturn

from graphstep.errors import InputError


class UsageError(InputError):
    """Report arguments that cannot be understood; `hint` is the line of usage below it."""

    def __init__(self, problem: str, hint: str) -> None:
        super().__init__(problem)
        self.hint = hint


def near(word: str, known: Sequence[str]) -> str:
    """Return `; near: a, b` for the known words that resemble `word`, or nothing."""
    from difflib import get_close_matches  # Only a mistake needs it.

    found = get_close_matches(word, known, n=3, cutoff=0.7)
    return f"; near: {', '.join(found)}" if found else ""


class Parser(argparse.ArgumentParser):
    """Parse one command's arguments, options and positionals in any order.

    Errors are raised as UsageError, one line each; options cannot be abbreviated.
    """

    def __init__(self, *, prog: str, usage: str, description: str) -> None:
        super().__init__(
            prog=prog,
            usage=usage,
            description=description,
            allow_abbrev=False,
            add_help=False,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        self._options: list[str] = []
        self.add_argument("-h", "--help", action="help", help="show this text and exit")

    def add_argument(self, *names: Any, **settings: Any) -> argparse.Action:
        """Declare an argument, as argparse does, and remember how its options are spelled."""
        action = super().add_argument(*names, **settings)
        self._options.extend(action.option_strings)
        return action

    def describe(self, text: str) -> None:
        """Set the paragraphs below the list of arguments in the help text."""
        paragraphs = textwrap.dedent(text).strip().split("\n\n")
        self.epilog = "\n\n".join(p if p[0] == " " else textwrap.fill(p, 78) for p in paragraphs)

    def read(self, words: Sequence[str]) -> argparse.Namespace:
        """Parse the words after the command's name."""
        args, unknown = self.parse_known_intermixed_args(self._shield(words))
        if unknown:
            word = unknown[0].strip()
            suggestion = near(word.partition("=")[0], self._options)
            self.error(
                f"{word!r} is no option of {self.prog}{suggestion}"
                if word.startswith("--")
                else f"{word!r} is one argument too many"
            )
        return args

    def error(self, message: str) -> NoReturn:
        """Raise UsageError in place of argparse's printing and exit."""
        usage = self.format_usage().strip()
        raise UsageError(message.strip(), f"{usage} ({self.prog} --help lists all)")

    def _shield(self, words: Sequence[str]) -> list[str]:
        """Put a space before text that begins with a minus, so argparse takes it for text.

        Options have two minus signs, or are one of the declared letters; after `--`
        nothing is an option. Whoever reads a text strips it.
        """
        shielded: list[str] = []
        for position, word in enumerate(words):
            if word == "--":
                shielded += [f" {w}" if w.startswith("-") else w for w in words[position + 1 :]]
                break
            is_text = word.startswith("-") and word[1:2] != "-" and word not in self._options
            shielded.append(f" {word}" if is_text else word)
        return shielded
