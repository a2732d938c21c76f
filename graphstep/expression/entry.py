"""One function or method that an expression may call.

A signature has one letter an argument; those after `|` may be left out and a last `*`
repeats the letter before it:

    t  a tensor; a number or a list of numbers becomes one
    s  a tensor or a number, passed as it is
    n  a literal: a number, True, False, None, or a tuple or list of integers
    l  a list of tensors
    c  a condition: comparisons and & | ~ are allowed here
    q  the equation of einsum, a literal string
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Entry:
    """Describe one callable: `home` is where torch keeps it, `size` how large its result gets.

    `size` names a bound in sizes.py; "same" means no larger than the operands.
    """

    name: str
    home: str
    signature: str
    keywords: tuple[str, ...] = ()
    size: str = "same"

    @property
    def least(self) -> int:
        """Count the arguments that must be given."""
        return len(self.signature.split("|")[0].rstrip("*"))

    @property
    def most(self) -> int | None:
        """Count the arguments that may be given; None where the last repeats."""
        return None if self.signature.endswith("*") else len(self.signature.replace("|", ""))

    def kind(self, position: int) -> str:
        """Return the letter of the argument at a position that `most` allows."""
        letters = self.signature.replace("|", "").rstrip("*")
        return letters[min(position, len(letters) - 1)]
