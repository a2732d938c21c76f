"""The equation of a step: in symbols, with numbers put in, and its result."""

from __future__ import annotations

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import Tensor

from graphstep.format.formula import Formula, Sum, of, times
from graphstep.format.latex import latex_number
from graphstep.format.mathml import EQUALS, text_mathml
from graphstep.format.numbers import minus
from graphstep.format.symbols import Style, partial_symbol
from graphstep.format.tensors import gist
from graphstep.format.term import Partial, Symbol, Term, Word
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.rules.conjugation import unconjugated
from graphstep.rules.table import row_for
from graphstep.steps.step import Step
from graphstep.steps.sums import RunningSums
from graphstep.steps.terms import (
    forward_formula,
    in_numbers,
    rule_text,
    symbolic_terms,
    tensor_term,
)
from graphstep.sweep.contributions import Contribution
from graphstep.sweep.reverse import ReverseSweep

MANY_TERMS = 6
"""An adjoint of more terms than this is written with its first and last ones."""


@dataclass(frozen=True, slots=True)
class Equation:
    """Write `left` = each of `lines` in turn = `result`."""

    left: Formula
    lines: tuple[Formula | Sum, ...]
    result: str

    def texts(self, style: Style = "unicode") -> tuple[str, ...]:
        """Return the lines as text, repeated ones left out, the result last."""
        found: list[str] = []
        for text in (*(line.text(style) for line in self.lines), self._result(style)):
            if text not in found[-1:]:
                found.append(text)
        return tuple(found)

    def one_line(self, style: Style = "unicode") -> str:
        """Return the whole equation on one line."""
        equals = EQUALS if style == "mathml" else " = "
        return equals.join((self.left.text(style), *self.texts(style)))

    def _result(self, style: Style) -> str:
        if style == "mathml":
            return text_mathml(self.result)
        if style == "latex":
            return latex_number(self.result)
        if style == "ascii":
            return self.result.replace("…", "...")
        return minus(self.result)


def equation(
    trace: TraceGraph, sweep: ReverseSweep, step: Step, running: RunningSums | None = None
) -> Equation:
    """Return the equation of a step; `running` spares adding up a long sum again."""
    i = step.i
    running = running or RunningSums(sweep)
    if step.half == "forward":
        return forward_equation(trace, i)
    left = of(Symbol(i, "adjoint"))
    if step.kind == "seed":
        return Equation(left, (), gist(sweep.seeds[i]))
    if step.kind == "hook":
        hooked = (Symbol(i, "adjoint"), tensor_term(sweep.unhooked[i]))
        lines = tuple(_call("hook", term) for term in hooked)
        return Equation(left, lines, gist(sweep.adjoints[i]))
    if step.kind == "gradient":
        label = trace.values[i].shown_name
        return Equation(_word(f"{label}.grad"), (left,), gist(sweep.adjoints[i]))
    earlier: list[Term] = []
    before = None
    if step.kind == "contribution" and (step.before or i in sweep.seeds):
        before = running(i, step.before)
        if before is not None:
            earlier = [Symbol(i, "adjoint")]
    elif i in sweep.seeds:
        earlier = [tensor_term(sweep.seeds[i])]
    some, left_out = _few(step.terms)
    chain = [*map(of, earlier), *map(_chain, some)]
    local = [*map(of, earlier), *(local_formula(trace, term) for term in some)]
    numbers = [
        *(of(tensor_term(before)) if before is not None else of(e) for e in earlier),
        *(_numeric(trace, term, sweep.adjoints) for term in some),
    ]
    sums = []
    for parts in (chain, local, numbers):
        if left_out:
            parts.insert(-1, _word(f"… {left_out} more …"))
        sums.append(Sum(tuple(parts)))
    after = running(i, step.before + len(step.terms))
    return Equation(left, tuple(sums), gist(after))


def forward_equation(trace: TraceGraph, i: int) -> Equation:
    """Return the equation that computes v_i, or that gives an input its value."""
    value = trace.values[i]
    left = of(Symbol(i))
    if i <= 0:
        return Equation(left, (value_formula(trace, i),), gist(value.value))
    symbols = value_formula(trace, i)
    numbers = symbols.replaced(in_numbers(trace, {}))
    return Equation(left, (symbols, numbers), gist(value.value))


def value_formula(trace: TraceGraph, i: int) -> Formula:
    """Return the formula that computes v_i, in symbols; of an input its name."""
    if i <= 0:
        value = trace.values[i]
        return _word(value.shown_name)
    application = trace.made_by[i]
    formula = operation_formula(trace, application)
    output = next(n for n, k in application.by_position.items() if k == i)
    if output or len(application.results) > 1:
        return _item(formula, output)
    return formula


def partial_formula(trace: TraceGraph, term: Contribution) -> Formula | None:
    """Return the local partial of one edge as a formula, or None where it is no factor."""
    if term.text is None or not term.is_product:
        return None
    return rule_formula(trace, term)


def operation_formula(trace: TraceGraph, application: Application) -> Formula:
    """Return what an operation computes, in symbols."""
    if application.wording is not None:
        return application.wording.forward
    row = row_for(application)
    text = None if row is None else row.forward
    if text is not None and application.operation is not None:
        text = unconjugated(text, application.operation)
    return forward_formula(trace, application, text)


def rule_formula(trace: TraceGraph, term: Contribution) -> Formula:
    """Return the formula of the rule that gave a term, in symbols."""
    application, position = term.application, term.position
    if application.wording is not None:
        return application.wording.rules[position]
    assert term.text is not None
    terms = symbolic_terms(trace, application, application.slots[position])
    return rule_text(term.text, terms)


def local_formula(trace: TraceGraph, term: Contribution) -> Formula:
    """Return one contribution with the rule's formula put in: v̄₂·v₀, or V̄ @ Yᵀ."""
    above = Symbol(term.application.first, "adjoint")
    partial = partial_formula(trace, term)
    if partial is not None:
        return _summed(trace, term, times(above, partial))
    if term.text is None:
        who, node = "hook" if term.hooked else "torch", term.application.node.name()
        return _word(f"{who}({node.rsplit('::', 1)[-1]})")
    return _summed(trace, term, rule_formula(trace, term))


def _summed(trace: TraceGraph, term: Contribution, formula: Formula) -> Formula:
    """Say that the sweep summed a term over broadcast axes, down to the operand's shape."""
    if not term.summed:
        return formula
    shape = trace.values[term.parent].shape or ()
    name = ast.Name("sum_to", ast.Load())
    tree = ast.Call(name, [formula.tree, ast.Name("shape·", ast.Load())], [])
    return Formula(tree, {**formula.terms, "shape·": tuple(shape)})


def _chain(term: Contribution) -> Formula:
    child = term.application.first
    partial: Term = Partial(child, term.parent)
    above = Symbol(child, "adjoint")
    return times(above, _call("conj", partial) if term.conjugated else of(partial))


def partial_name(term: Contribution) -> str:
    """Return the name of the factor of a contribution: ∂v₃/∂v₂, or its conjugate."""
    name = partial_symbol(term.application.first, term.parent)
    return f"conj({name})" if term.conjugated else name


def _numeric(
    trace: TraceGraph, term: Contribution, adjoints: Mapping[int, Tensor | None]
) -> Formula:
    if not term.is_product:
        formula = local_formula(trace, term)
        return formula.replaced(in_numbers(trace, adjoints, few=1))
    above = tensor_term(adjoints[term.application.first])
    partial = term.shown_partial
    value = partial if not isinstance(partial, Tensor) else tensor_term(partial)
    return _summed(trace, term, times(above, of(value)))


def _call(name: str, term: Term) -> Formula:
    call = ast.Call(ast.Name(name, ast.Load()), [ast.Name("term", ast.Load())], [])
    return Formula(call, {"term": term})


def _item(formula: Formula, output: int) -> Formula:
    tree = ast.Subscript(formula.tree, ast.Constant(output), ast.Load())
    return Formula(tree, formula.terms)


def _few(terms: Sequence[Contribution]) -> tuple[Sequence[Contribution], int]:
    """Return the terms to write, and how many are left out before the last."""
    if len(terms) <= MANY_TERMS:
        return terms, 0
    return [*terms[:2], terms[-1]], len(terms) - 3


def _word(text: str) -> Formula:
    return of(Word(text))
