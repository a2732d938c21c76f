"""Formulas as plain data and back: their tree, and what its names stand for."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterator
from typing import Any, get_args

from graphstep.format.folding import is_number
from graphstep.format.formula import Formula
from graphstep.format.symbols import Mark
from graphstep.format.term import Symbol, Term, Word
from graphstep.saving.schema import LARGEST, Damaged

DEEPEST = 60
"""No formula of a rule comes near so many brackets within each other."""

_OPERATORS: dict[str, type[ast.operator]] = {
    k.__name__: k
    for k in (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.MatMult, ast.Pow, ast.BitAnd, ast.BitOr)
}
_COMPARISONS: dict[str, type[ast.cmpop]] = {
    k.__name__: k for k in (ast.Gt, ast.Lt, ast.GtE, ast.LtE, ast.Eq, ast.NotEq)
}
_NUMERIC = re.compile(r"[A-Za-z0-9_ .,+\-\[\]@:]*")
"""LaTeX prints the text of a number as it stands."""


def formula_data(formula: Formula) -> dict[str, Any]:
    """Return a formula as plain data, with only the names that its tree uses."""
    used = {node.id for node in ast.walk(formula.tree) if isinstance(node, ast.Name)}
    terms = {name: term_data(term) for name, term in formula.terms.items() if name in used}
    return {"tree": _tree_data(formula.tree), "terms": terms}


def formula_from(data: Any) -> Formula:
    """Return the formula. Raises Damaged for what is none."""
    match data:
        case {"tree": tree, "terms": dict(terms)} if len(data) == 2:
            named = {_identifier(name): term_from(term) for name, term in terms.items()}
            return Formula(_tree_from(tree, DEEPEST), named)
    raise Damaged("a formula is no record of tree, terms")


def symbols(formula: Formula) -> Iterator[Symbol]:
    """Give every v_i, v̄_i and v̇_i that a formula has a name for."""
    waiting = list(formula.terms.values())
    while waiting:
        term = waiting.pop()
        if isinstance(term, Symbol):
            yield term
        elif isinstance(term, tuple):
            waiting.extend(term)


def term_data(term: Term) -> Any:
    """Return what a name stands for as plain data."""
    match term:
        case Symbol(i, mark):
            return {mark: i}
        case Word(text, numeric):
            return {"number" if numeric else "word": text}
        case tuple():
            return [term_data(part) for part in term]
        case complex():
            return {"complex": [term_data(term.real), term_data(term.imag)]}
        case float() if not math.isfinite(term):
            return {"float": str(term)}
        case None | bool() | int() | float():
            return term
    raise TypeError(f"{term!r} stands in no saved formula")


def term_from(data: Any, deep: int = DEEPEST) -> Term:
    """Return what a name stands for. Raises Damaged for what is no term."""
    match data:
        case None | bool() | float():
            return data
        case int() if abs(data) < 2 * LARGEST:
            return data
        case list() if deep:
            return tuple(term_from(part, deep - 1) for part in data)
        case {"word": str(text)} if len(data) == 1:
            return Word(text)
        case {"number": str(text)} if len(data) == 1 and _NUMERIC.fullmatch(text):
            return Word(text, numeric=True)
        case {"float": "inf" | "-inf" | "nan" as text} if len(data) == 1:
            return float(text)
        case {"complex": [real, imaginary]} if len(data) == 1:
            return complex(_real(real), _real(imaginary))
        case dict() if len(data) == 1:
            ((mark, i),) = data.items()
            for known in get_args(Mark):
                if mark == known and type(i) is int and abs(i) < LARGEST:
                    return Symbol(i, known)
    raise Damaged("a formula holds what is no term")


def _real(data: Any) -> float:
    found = term_from(data, 0)
    if isinstance(found, float):
        return found
    raise Damaged("a formula holds what is no term")


def _tree_data(tree: ast.expr) -> list[Any]:
    match tree:
        case ast.Name(id=name):
            return ["name", name]
        case ast.Constant(value=value):
            return ["constant", term_data(value if is_number(value) else Word(str(value)))]
        case ast.BinOp(left=left, op=op, right=right):
            return [type(op).__name__, _tree_data(left), _tree_data(right)]
        case ast.UnaryOp(op=op, operand=operand):
            return ["minus" if isinstance(op, ast.USub) else "not", _tree_data(operand)]
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            return [type(op).__name__, _tree_data(left), _tree_data(right)]
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ["if", *map(_tree_data, (test, body, orelse))]
        case ast.Attribute(value=value, attr="T"):
            return ["transposed", _tree_data(value)]
        case ast.Subscript(value=value, slice=place):
            return ["item", _tree_data(value), _tree_data(place)]
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            named = {k.arg: _tree_data(k.value) for k in keywords if k.arg is not None}
            return ["call", name, [_tree_data(a) for a in args], named]
    raise TypeError(f"not a formula: {ast.dump(tree)}")


def _tree_from(data: Any, deep: int) -> ast.expr:
    if not deep:
        raise Damaged("a formula has too many brackets")

    def inner(part: Any) -> ast.expr:
        return _tree_from(part, deep - 1)

    match data:
        case ["name", str(name)]:
            return ast.Name(_identifier(name), ast.Load())
        case ["constant", term]:
            found = term_from(term, 0)
            if isinstance(found, Word):
                return ast.Constant(found.text)
            if is_number(found):
                return ast.Constant(found)
        case ["minus", operand]:
            return ast.UnaryOp(ast.USub(), inner(operand))
        case ["not", operand]:
            return ast.UnaryOp(ast.Not(), inner(operand))
        case ["if", test, body, orelse]:
            return ast.IfExp(inner(test), inner(body), inner(orelse))
        case ["transposed", value]:
            return ast.Attribute(inner(value), "T", ast.Load())
        case ["item", value, place]:
            return ast.Subscript(inner(value), inner(place), ast.Load())
        case ["call", str(name), list(args), dict(named)]:
            keywords = [ast.keyword(_identifier(k), inner(v)) for k, v in named.items()]
            return ast.Call(ast.Name(name, ast.Load()), [inner(a) for a in args], keywords)
        case [str(sign), left, right] if sign in _OPERATORS:
            return ast.BinOp(inner(left), _OPERATORS[sign](), inner(right))
        case [str(sign), left, right] if sign in _COMPARISONS:
            return ast.Compare(inner(left), [_COMPARISONS[sign]()], [inner(right)])
    raise Damaged("a formula holds what is no part of one")


def _identifier(name: str) -> str:
    """Return a name that is one: it is printed as it stands."""
    if name.isidentifier() and len(name) < 100:
        return name
    raise Damaged("a formula has a name that is none")
