"""One row of the rule table."""

from __future__ import annotations

from dataclasses import dataclass

from graphstep.rules.language import names, parse

LINEAR = "linear"
ADJOINTS = frozenset({"g", "g1", "g2", "gs"})
OPERANDS = ("x", "y", "z", "w")


@dataclass(frozen=True, slots=True, init=False)
class Row:
    """Say what one operation computes and how each operand's adjoint comes about.

    The names in scope and what `None` means stand in `graphstep/rules/__init__.py`.
    """

    name: str
    forward: str | None
    partials: tuple[str | None, ...]
    tangent: str | None = None

    def __init__(
        self,
        name: str,
        forward: str | None,
        *partials: str | None,
        tangent: str | None = None,
    ) -> None:
        for text in (forward, *partials, tangent):
            if text is not None and text != LINEAR:
                parse(text)
        set_ = object.__setattr__
        set_(self, "name", name)
        set_(self, "forward", forward)
        set_(self, "partials", partials)
        set_(self, "tangent", tangent)

    def partial(self, operand: int) -> str | None:
        """Return the text of an operand, None for one that the row says nothing of."""
        return self.partials[operand] if 0 <= operand < len(self.partials) else None

    def is_elementwise(self, operand: int) -> bool:
        """Tell whether an operand's text is a local partial (True) or a whole contribution."""
        text = self.partial(operand)
        return text is not None and not names(text) & ADJOINTS
