"""The equations of the forward sweep: v̇_i from the local partials and the tangents above."""

from __future__ import annotations

from graphstep.errors import InputError
from graphstep.format.formula import Formula, Sum, of, times
from graphstep.format.numbers import minus
from graphstep.format.symbols import symbol
from graphstep.format.tensors import briefly, gist
from graphstep.format.term import Partial, Symbol, Term
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.rules.conjugation import unconjugated
from graphstep.rules.language import names
from graphstep.rules.row import LINEAR, OPERANDS
from graphstep.rules.scope import operand_number, signature
from graphstep.rules.table import row_for
from graphstep.steps.equation import Equation
from graphstep.steps.terms import forward_formula, rule_text, symbolic_terms, tensor_term
from graphstep.sweep.tangent import TangentSweep


class Tangents:
    """Answer for the tangents of every value for ẋ = 1 in one input; a look is a lookup."""

    def __init__(self, sweep: TangentSweep, seed: int) -> None:
        self.sweep = sweep
        self.seed = seed
        self._equations: dict[int, Equation] = {}
        self._texts: dict[int, tuple[str, ...]] = {}

    @property
    def seed_text(self) -> str:
        """Return v̇ = 1 of the seeded input."""
        return f"{symbol(self.seed, 'tangent')} = 1"

    @property
    def problem(self) -> str | None:
        """Return why some value has no tangent; None where every one has."""
        for i in self.sweep.trace.values:
            try:
                self.sweep.tangent(i)
            except InputError as error:
                return str(error)
        return None

    def has(self, i: int) -> bool:
        """Tell whether forward formulas lead to v_i."""
        return i not in self.sweep.blocked

    def equation(self, i: int) -> Equation:
        """Return the equation of v̇_i. Raises InputError where no forward formula leads to v_i."""
        if i not in self._equations:
            self._equations[i] = tangent_equation(self.sweep.trace, self.sweep, i)
        return self._equations[i]

    def texts(self, i: int) -> tuple[str, ...]:
        """Return the right sides of v̇_i's equation as text, the result last."""
        if i not in self._texts:
            self._texts[i] = self.equation(i).texts()
        return self._texts[i]

    def brief(self, i: int) -> str:
        """Return v̇_i on little room: of a tensor its entries or its type."""
        return minus(briefly(self.sweep.tangent(i)))


def tangent_equation(trace: TraceGraph, sweep: TangentSweep, i: int) -> Equation:
    """Return v̇_i as its seed, or as the chain rule, our formula and the numbers have it.

    Raises InputError where no forward formula leads to v_i.
    """
    left = of(Symbol(i, "tangent"))
    result = gist(sweep.tangent(i))
    if i <= 0:
        return Equation(left, (), result)
    application = trace.made_by[i]
    parents = list(dict.fromkeys(p for p in application.parents if p is not None))
    chain = Sum(tuple(times(Symbol(p, "tangent"), of(Partial(i, p))) for p in parents))
    local = tangent_formula(trace, application)
    numbers = local.replaced(lambda term: _number(term, trace, sweep))
    return Equation(left, (chain, local, numbers), result)


def tangent_formula(trace: TraceGraph, application: Application) -> Formula | Sum:
    """Return how an operation's tangent comes from those of its operands, in symbols."""
    if application.wording is not None:
        assert application.wording.tangent is not None
        return application.wording.tangent
    row, operation = row_for(application), application.operation
    assert row is not None
    assert operation is not None
    terms = symbolic_terms(trace, application)
    if row.tangent == LINEAR:
        formula = forward_formula(trace, application, None)
        return formula.replaced(_as_tangent)
    if row.tangent is not None:
        for letter in OPERANDS[: len(signature(operation.function).operands)]:
            tangent = _as_tangent(terms[letter])
            terms[f"d{letter}"] = tangent if tangent != terms[letter] else 0
        return rule_text(unconjugated(row.tangent, operation), terms)
    parts = []
    for slot, parent in zip(application.slots, application.parents, strict=True):
        if slot is None or parent is None:
            continue
        text = row.partial(operand_number(operation.function, slot))
        assert text is not None
        used = {name: terms[name] for name in names(text) if name in terms}
        parts.append(times(Symbol(parent, "tangent"), rule_text(text, used)))
    return Sum(tuple(parts))


def _as_tangent(term: Term) -> Term:
    if isinstance(term, Symbol) and term.mark == "value":
        return Symbol(term.i, "tangent")
    if isinstance(term, tuple):
        return tuple(_as_tangent(part) for part in term)
    return term


def _number(term: Term, trace: TraceGraph, sweep: TangentSweep) -> Term:
    if isinstance(term, tuple):
        return tuple(_number(part, trace, sweep) for part in term)
    if isinstance(term, Symbol):
        return tensor_term(
            sweep.tangent(term.i) if term.mark == "tangent" else trace.values[term.i].value
        )
    return term
