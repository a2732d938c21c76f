"""A formula in the rules' language: one tree, four styles."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from graphstep.format.symbols import Style
from graphstep.format.term import Term
from graphstep.format.typeset import held, show


@dataclass(frozen=True, slots=True)
class Formula:
    """Pair an expression tree with what its names stand for.

    `tree` is never executed here; `terms` maps names to what is printed in their place.
    """

    tree: ast.expr
    terms: Mapping[str, Term]

    def text(self, style: Style = "unicode") -> str:
        """Return the formula as one line in the given style."""
        return show(self.tree, self.terms, style)[0]

    def replaced(self, change: Callable[[Term], Term]) -> Formula:
        """Return the same formula about changed terms: numbers in place of symbols."""
        return Formula(self.tree, {name: change(term) for name, term in self.terms.items()})


def times(left: Term, right: Formula) -> Formula:
    """Return left·right, unsimplified, as a lecture writes it: v̄₃·1."""
    tree = ast.BinOp(ast.Name("left·", ast.Load()), ast.Mult(), right.tree)
    return Formula(tree, {**right.terms, "left·": left})


@dataclass(frozen=True, slots=True)
class Sum:
    """Add formulas, each about its own terms."""

    parts: tuple[Formula, ...]

    def text(self, style: Style = "unicode") -> str:
        """Return the sum as one line in the given style."""
        first, *others = self.parts
        shown = [held(first.tree, first.terms, style, 10 if others else 0)]
        shown += [held(part.tree, part.terms, style, 10, after=True) for part in others]
        if style == "mathml":
            return f"<mrow>{'<mo>+</mo>'.join(shown)}</mrow>" if others else shown[0]
        return " + ".join(shown)

    def replaced(self, change: Callable[[Term], Term]) -> Sum:
        """Return the same sum about changed terms."""
        return Sum(tuple(part.replaced(change) for part in self.parts))


def of(term: Term) -> Formula:
    """Return the formula that is one term."""
    return Formula(ast.Name("term", ast.Load()), {"term": term})
