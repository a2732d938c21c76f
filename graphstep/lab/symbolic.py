"""Symbolic differentiation: SymPy formulas built from our own graph, never from the user's text.

SymPy is imported when the first formula is built.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING, Any

from torch import Tensor

from graphstep.errors import InputError
from graphstep.format.tensors import summary
from graphstep.graph.application import Application
from graphstep.graph.trace_graph import TraceGraph
from graphstep.rules.language import parse
from graphstep.rules.row import OPERANDS
from graphstep.rules.scope import bind, signature
from graphstep.rules.table import row_for

if TYPE_CHECKING:
    import sympy

MOST_OPERATIONS = 200
"""A formula with more operations than this, written out, is not built."""
MOST_SIMPLIFIED = 20
"""SymPy's `simplify` may take minutes on a formula with more operations than this."""
MOST_EXPANDED = 500
"""Of a polynomial that may have more terms than this, no other form is looked for."""
ONE_ELEMENT = frozenset(
    {"sum", "mean", "view", "_unsafe_view", "clone", "alias", "_to_copy", "squeeze", "unsqueeze"}
    | {"expand", "t", "permute", "transpose"}
)
"""Operations that leave a single number as it is."""


class NoClosedForm(InputError):
    """Say in one line why a graph has no formula of ours."""


@dataclass(frozen=True)
class ClosedForms:
    """Hold the formula of every v_i, and the symbol of every input, by i."""

    symbols: Mapping[int, sympy.Symbol]
    formulas: Mapping[int, sympy.Expr] = field(repr=False)

    def derivative(self, i: int, by: int) -> sympy.Expr:
        """Return ∂v_i/∂x as the rules of differentiation leave it."""
        import sympy

        return sympy.diff(self.formulas[i], self.symbols[by])


def closed_forms(trace: TraceGraph) -> ClosedForms:
    """Return the formula of every value of a graph of single numbers.

    Each comes from the `forward` text of its operation's rule. Raises NoClosedForm for a tensor,
    for an operation without such a text, and where the formulas would swell out of hand.
    """
    import sympy

    for value in trace.values.values():
        if value.value is None or value.value.numel() != 1:
            what = "not recorded" if value.value is None else summary(value.value)
            name = value.shown_name
            raise NoClosedForm(f"{name} is {what}: a formula takes single numbers")
    symbols = {i: sympy.Symbol(trace.values[i].label or f"v_{i}", real=True) for i in trace.inputs}
    formulas: dict[int, sympy.Expr] = dict(symbols)
    sizes = dict.fromkeys(trace.inputs, 0)
    for application in trace.applications:
        size = 1 + sum(sizes[p] for p in application.parents if p is not None)
        if size > MOST_OPERATIONS:
            name = trace.values[application.first].name
            raise NoClosedForm(f"written out, {name} alone has {size:,} operations")
        formula = _formula(application, formulas)
        for i in application.results.values():
            formulas[i], sizes[i] = formula, size
    return ClosedForms(symbols, formulas)


def simplified(formula: sympy.Expr) -> sympy.Expr | None:
    """Return the shortest form found: of a polynomial by powers, its common factor outside.

    None where looking for one would take too long.
    """
    import sympy

    symbols = formula.free_symbols
    if formula.is_polynomial(*symbols):
        if math.comb(_degree(formula) + len(symbols), len(symbols)) > MOST_EXPANDED:
            return None
        other = sympy.factor_terms(sympy.expand(formula))
    elif count(formula) > MOST_SIMPLIFIED:
        return None
    else:
        other = sympy.simplify(formula)
    return min(formula, other, key=count)


def _degree(formula: sympy.Expr) -> int:
    """Return a bound of a polynomial's degree, without multiplying it out."""
    if formula.is_Symbol:
        return 1
    degrees = [_degree(part) for part in formula.args]
    if formula.is_Pow:
        return degrees[0] * int(formula.exp)
    return sum(degrees) if formula.is_Mul else max(degrees, default=0)


def count(formula: sympy.Expr) -> int:
    """Return how many operations a formula has, as it is written."""
    import sympy

    return int(sympy.count_ops(formula))


def exact(tensor: Tensor) -> sympy.Expr:
    """Return the number that a tensor holds, exactly: a float is a fraction of a power of two."""
    import sympy

    number = tensor.detach().reshape(()).item()
    return sympy.Rational(number) if math.isfinite(number) else sympy.Float(number)


def evaluated(formula: sympy.Expr, at: Mapping[sympy.Symbol, sympy.Expr]) -> float:
    """Return the value of a formula, computed with 30 digits; nan where it has none."""
    import sympy

    try:
        return float(sympy.N(formula.subs(at), 30))
    except TypeError:  # It is no real number, as 1/0.
        return math.nan


def _formula(application: Application, formulas: Mapping[int, sympy.Expr]) -> sympy.Expr:
    row, operation = row_for(application), application.operation
    if row is None or operation is None:
        raise NoClosedForm(f"{application.name} has no rule of ours to build a formula from")
    shape = signature(operation.function)
    scope: dict[str, Any] = {}
    for name, item in bind(operation).items():
        scope[name] = item if name in ("v", "v1", "v2") else _constant(item)
    for slot, parent in zip(application.slots, application.parents, strict=True):
        if slot is None or parent is None:
            continue
        if slot.member is not None:
            raise NoClosedForm(f"{application.name} takes a list: no single numbers")
        scope[slot.argument] = formulas[parent]
        if slot.argument in shape.operands[: len(OPERANDS)]:
            scope[OPERANDS[shape.operands.index(slot.argument)]] = formulas[parent]
    if row.forward is None:
        if row.name.partition(".")[0] not in ONE_ELEMENT:
            raise NoClosedForm(f"{application.name} has no closed form here")
        formula: sympy.Expr = scope["x"]
        return formula
    return _Writer(application.name, scope).write(parse(row.forward))


def _constant(item: Any) -> Any:
    if isinstance(item, Tensor):
        return exact(item) if item.numel() == 1 and not item.is_complex() else item
    if isinstance(item, (bool, int, float)):
        return _number(item)
    return item


def _number(item: float) -> sympy.Expr:
    """Return a number as one writes it: 0.1 is 1/10, which its float is not."""
    import sympy

    if not math.isfinite(item):
        return sympy.Float(item)
    if item == int(item):
        return sympy.Integer(int(item))
    return sympy.Rational(repr(float(item)))


class _Writer:
    """Write one rule's text as a SymPy formula."""

    def __init__(self, name: str, scope: Mapping[str, Any]) -> None:
        self.name, self.scope = name, scope

    def write(self, node: ast.expr) -> Any:
        import sympy

        match node:
            case ast.Constant(value=int() | float() as value):
                return _number(value)
            case ast.Name(id="pi"):
                return sympy.pi
            case ast.Name(id=name) if isinstance(self.scope.get(name), sympy.Expr):
                return self.scope[name]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self.write(operand)
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _OPERATORS:
                return _OPERATORS[type(operator)](self.write(left), self.write(right))
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _functions():
                return _functions()[name](*map(self.write, arguments))
        raise NoClosedForm(f"{self.name} has no closed form here")


_OPERATORS: Mapping[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: lambda x, y: x + y,
    ast.Sub: lambda x, y: x - y,
    ast.Mult: lambda x, y: x * y,
    ast.Div: lambda x, y: x / y,
    ast.Pow: lambda x, y: x**y,
    ast.MatMult: lambda x, y: x * y,
}


@cache
def _functions() -> Mapping[str, Callable[..., Any]]:
    import sympy

    same = "exp log sqrt sin cos tan asin acos atan sinh cosh tanh asinh acosh atanh erf digamma"
    return {
        **{name: getattr(sympy, name) for name in same.split()},
        "abs": sympy.Abs,
        "lgamma": sympy.loggamma,
        "log2": lambda x: sympy.log(x) / sympy.log(2),
        "log10": lambda x: sympy.log(x) / sympy.log(10),
        "relu": lambda x: sympy.Max(0, x),
        "sigmoid": lambda x: 1 / (1 + sympy.exp(-x)),
        "sign": sympy.sign,
    }
