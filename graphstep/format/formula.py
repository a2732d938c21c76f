"""Typeset a formula in the rules' language: one tree, three styles."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeGuard

from graphstep.format.numbers import minus, number
from graphstep.format.symbols import Mark, Style, partial_symbol, superscript, symbol

_ATOM = 100
_CALL_LATEX = {"exp", "log", "sin", "cos", "tan", "tanh", "sinh", "cosh", "max", "min"}
_BINARY: dict[type[ast.operator], tuple[int, str, str, str]] = {
    ast.Add: (10, " + ", " + ", " + "),
    ast.Sub: (10, " − ", " - ", " - "),
    ast.Mult: (20, "·", "*", r" \cdot "),
    ast.Div: (20, "/", "/", "/"),
    ast.MatMult: (20, " @ ", " @ ", r" \, "),
    ast.Pow: (40, "^", "**", "^"),
    ast.BitAnd: (4, " and ", " and ", r" \land "),
    ast.BitOr: (3, " or ", " or ", r" \lor "),
}
_COMPARE: dict[type[ast.cmpop], tuple[str, str, str]] = {
    ast.Gt: (">", ">", ">"),
    ast.Lt: ("<", "<", "<"),
    ast.GtE: ("≥", ">=", r"\ge"),
    ast.LtE: ("≤", "<=", r"\le"),
    ast.Eq: ("=", "==", "="),
    ast.NotEq: ("≠", "!=", r"\ne"),
}
_COLUMN: dict[Style, int] = {"unicode": 0, "ascii": 1, "latex": 2}


@dataclass(frozen=True, slots=True)
class Symbol:
    """Stand for v_i, v̄_i or v̇_i."""

    i: int
    mark: Mark = "value"


@dataclass(frozen=True, slots=True)
class Partial:
    """Stand for the local partial ∂v_child/∂v_parent, unexpanded."""

    child: int
    parent: int


@dataclass(frozen=True, slots=True)
class Word:
    """Stand for text: a constant's name, or (`numeric`) a tensor's entries or summary."""

    text: str
    numeric: bool = False


Term = Symbol | Partial | Word | int | float | complex | bool | None | tuple["Term", ...]
"""What a name in a formula stands for."""


@dataclass(frozen=True, slots=True)
class Formula:
    """Pair an expression tree with what its names stand for.

    `tree` is never executed here; `terms` maps names to what is printed in their place.
    """

    tree: ast.expr
    terms: Mapping[str, Term]

    def text(self, style: Style = "unicode") -> str:
        """Return the formula as one line in the given style."""
        return _show(self.tree, self.terms, style)[0]

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
        shown = [_held(first.tree, first.terms, style, 10 if others else 0)]
        shown += [_held(part.tree, part.terms, style, 10, after=True) for part in others]
        return " + ".join(shown)

    def replaced(self, change: Callable[[Term], Term]) -> Sum:
        """Return the same sum about changed terms."""
        return Sum(tuple(part.replaced(change) for part in self.parts))


def of(term: Term) -> Formula:
    """Return the formula that is one term."""
    return Formula(ast.Name("term", ast.Load()), {"term": term})


def fold(tree: ast.expr, terms: Mapping[str, Term]) -> ast.expr:
    """Simplify what constants decide: 2 - 1, 1*x, x**1, `a if True else b`."""
    match tree:
        case ast.Name(id=name):
            term = terms.get(name)
            return ast.Constant(term) if name in terms and _is_number(term) else tree
        case ast.BinOp(left=left, op=op, right=right):
            return _fold_binary(fold(left, terms), op, fold(right, terms))
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            inner = fold(operand, terms)
            if isinstance(inner, ast.Constant) and isinstance(inner.value, (int, float)):
                return ast.Constant(-inner.value)
            if isinstance(inner, ast.UnaryOp) and isinstance(inner.op, ast.USub):
                return inner.operand
            return ast.UnaryOp(ast.USub(), inner)
        case ast.IfExp(test=test, body=body, orelse=orelse):
            chosen = _decide(fold(test, terms))
            if chosen is None:
                return ast.IfExp(fold(test, terms), fold(body, terms), fold(orelse, terms))
            return fold(body if chosen else orelse, terms)
        case ast.Compare(left=left, ops=ops, comparators=right):
            return ast.Compare(fold(left, terms), ops, [fold(r, terms) for r in right])
        case ast.Call(func=func, args=args, keywords=keywords):
            kept = [ast.keyword(k.arg, fold(k.value, terms)) for k in keywords]
            return ast.Call(func, [fold(a, terms) for a in args], kept)
        case ast.Attribute(value=value, attr=attr):
            return ast.Attribute(fold(value, terms), attr, ast.Load())
    return tree


def _fold_binary(left: ast.expr, op: ast.operator, right: ast.expr) -> ast.expr:
    a, b = _constant(left), _constant(right)
    if isinstance(op, (ast.BitAnd, ast.BitOr)):
        decided = [_decide(left), _decide(right)]
        stop = isinstance(op, ast.BitOr)
        if stop in decided:
            return ast.Constant(stop)
        if decided[0] is not None:
            return right
        return left if decided[1] is not None else ast.BinOp(left, op, right)
    if a is not None and b is not None:
        match op:
            case ast.Add():
                return ast.Constant(a + b)
            case ast.Sub():
                return ast.Constant(a - b)
            case ast.Mult():
                return ast.Constant(a * b)
    match op:
        case ast.Mult() if a == 1:
            return right
        case ast.Pow() if b == 0:
            return ast.Constant(1)
        case ast.Mult() | ast.Div() | ast.Pow() if b == 1:
            return left
        case ast.Mult() if a == -1:
            return ast.UnaryOp(ast.USub(), right)
        case ast.Mult() if b is not None and a is None:
            return ast.BinOp(right, op, left)
        case ast.Add() if isinstance(right, ast.UnaryOp) and isinstance(right.op, ast.USub):
            return ast.BinOp(left, ast.Sub(), right.operand)
    return ast.BinOp(left, op, right)


def _decide(tree: ast.expr) -> bool | None:
    """Return the truth of a comparison between constants, or None where it has none yet."""
    if isinstance(tree, ast.Constant) and isinstance(tree.value, bool):
        return tree.value
    if not isinstance(tree, ast.Compare) or len(tree.ops) != 1:
        return None
    left, right = tree.left, tree.comparators[0]
    if not (isinstance(left, ast.Constant) and isinstance(right, ast.Constant)):
        return None
    a, b = left.value, right.value
    match tree.ops[0]:
        case ast.Eq():
            return bool(a == b)
        case ast.NotEq():
            return bool(a != b)
    if isinstance(a, (int, float)) and isinstance(b, (int, float)):
        match tree.ops[0]:
            case ast.Gt():
                return a > b
            case ast.GtE():
                return a >= b
            case ast.Lt():
                return a < b
            case ast.LtE():
                return a <= b
    return None


def _is_number(term: object) -> TypeGuard[int | float | complex | None]:
    return isinstance(term, (int, float, complex)) or term is None


def _constant(tree: ast.expr) -> int | float | complex | None:
    value = tree.value if isinstance(tree, ast.Constant) else None
    return value if isinstance(value, (int, float, complex)) else None


def _show(tree: ast.expr, terms: Mapping[str, Term], style: Style) -> tuple[str, int]:
    """Return the text of a tree and how tightly it holds together."""
    match tree:
        case ast.Constant(value=value):
            return _term(value if _is_number(value) else Word(str(value)), style)
        case ast.Name(id=name):
            return _term(terms[name], style) if name in terms else (name, _ATOM)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ("−" if style == "unicode" else "-") + _held(operand, terms, style, 20), 15
        case ast.UnaryOp(operand=operand):
            word = r"\lnot " if style == "latex" else "not "
            return word + _held(operand, terms, style, 50), 5
        case ast.BinOp(left=left, op=ast.Div(), right=right) if style == "latex":
            above, below = (_show(part, terms, style)[0] for part in (left, right))
            return rf"\frac{{{above}}}{{{below}}}", _ATOM
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(left, right, terms, style)
        case ast.BinOp(left=left, op=op, right=right):
            strength, *texts = _BINARY[type(op)]
            tighter = 1 if isinstance(op, (ast.Sub, ast.Div, ast.MatMult)) else 0
            first = _held(left, terms, style, strength)
            if isinstance(op, ast.Mult) and isinstance(right, ast.BinOp):
                tighter = isinstance(right.op, ast.Div)
            second = _held(right, terms, style, strength + tighter, after=True)
            return f"{first}{texts[_COLUMN[style]]}{second}", strength
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sign = _COMPARE[type(op)][_COLUMN[style]]
            return f"{_held(left, terms, style, 6)} {sign} {_held(right, terms, style, 6)}", 5
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yes, condition, no = (_show(part, terms, style)[0] for part in (body, test, orelse))
            if style == "latex":
                return (
                    rf"\begin{{cases}} {yes} & {condition} \\ {no} & \text{{else}} \end{{cases}}",
                    _ATOM,
                )
            return f"{yes} if {condition} else {no}", 2
        case ast.Attribute(value=value, attr="T"):
            mark = {"unicode": "ᵀ", "ascii": ".T", "latex": r"^{\top}"}[style]
            return _held(value, terms, style, 50) + mark, _ATOM
        case ast.Subscript(value=value, slice=place):
            return f"{_held(value, terms, style, 50)}[{_show(place, terms, style)[0]}]", _ATOM
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            while args and isinstance(args[-1], ast.Constant) and args[-1].value is None:
                args = args[:-1]
            shown = [_show(a, terms, style)[0] for a in args]
            shown += [
                f"{k.arg}={_show(k.value, terms, style)[0]}" for k in keywords if k.arg is not None
            ]
            return _call(name, shown, style), _ATOM
    raise TypeError(f"not a formula: {ast.dump(tree)}")


def _held(
    tree: ast.expr, terms: Mapping[str, Term], style: Style, needed: int, *, after: bool = False
) -> str:
    text, strength = _show(tree, terms, style)
    negative = after and text.startswith(("-", "−"))
    if strength < needed or negative:
        return rf"\left({text}\right)" if style == "latex" else f"({text})"
    return text


def _power(
    left: ast.expr, right: ast.expr, terms: Mapping[str, Term], style: Style
) -> tuple[str, int]:
    base = _held(left, terms, style, 50)
    exponent = _show(right, terms, style)[0]
    if style == "latex":
        return f"{base}^{{{exponent}}}", 40
    raised = superscript(exponent.replace("−", "-")) if style == "unicode" else None
    if raised is not None:
        return base + raised, 40
    sign = "^" if style == "unicode" else "**"
    return f"{base}{sign}{_held(right, terms, style, 50)}", 40


def _call(name: str, shown: list[str], style: Style) -> str:
    inside = ", ".join(shown)
    if style == "latex":
        if name == "sqrt":
            return rf"\sqrt{{{inside}}}"
        head = rf"\{name}" if name in _CALL_LATEX else rf"\operatorname{{{latex_text(name)}}}"
        return rf"{head}\left({inside}\right)"
    return f"{name}({inside})"


def _term(term: Term, style: Style) -> tuple[str, int]:
    match term:
        case Symbol(i, mark):
            return symbol(i, mark, style), _ATOM
        case Partial(child, parent):
            return partial_symbol(child, parent, style), _ATOM
        case Word(text, numeric):
            if style == "latex":
                return (text if numeric and "f" not in text else _upright(text)), _ATOM
            return minus(text) if numeric and style == "unicode" else text, _ATOM
        case None:
            return "None", _ATOM
        case tuple():
            return f"[{', '.join(_term(part, style)[0] for part in term)}]", _ATOM
    text = minus(number(term)) if style == "unicode" else number(term)
    return text, (15 if text[0] in "-−" else _ATOM)


def _upright(text: str) -> str:
    return rf"\mathrm{{{latex_text(text)}}}"


def latex_text(text: str) -> str:
    """Escape user text for LaTeX."""
    special = {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
    return "".join(special.get(c, "\\" + c if c in "#$%&_{}" else c) for c in text)
