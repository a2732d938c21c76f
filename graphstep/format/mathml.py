"""Typeset an expression tree in MathML Core, which browsers draw without any script."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping
from xml.sax.saxutils import escape

from graphstep.format.folding import is_number
from graphstep.format.functions import FENCES, NAMES, OF_A_QUOTIENT, SIGNS
from graphstep.format.numbers import is_sum, minus, number
from graphstep.format.symbols import letter, partial_symbol, symbol
from graphstep.format.term import Letter, Partial, Symbol, Term, Word

_ATOM = 100
_FRACTION = 45
_BINARY: dict[type[ast.operator], tuple[int, str]] = {
    ast.Add: (10, "+"),
    ast.Sub: (10, "−"),
    ast.Mult: (20, "·"),
    ast.MatMult: (20, "@"),
    ast.BitAnd: (4, "and"),
    ast.BitOr: (3, "or"),
}
_COMPARE: dict[type[ast.cmpop], str] = {
    ast.Gt: ">",
    ast.Lt: "<",
    ast.GtE: "≥",
    ast.LtE: "≤",
    ast.Eq: "=",
    ast.NotEq: "≠",
}
_NUMBER = re.compile(r"[-−]?[0-9]+(\.[0-9]+)?(e[-−]?[0-9]+)?")
_HIDDEN = "\N{REPLACEMENT CHARACTER}"
_SPACE = '<mspace width="0.3em"/>'
EQUALS = "<mo>=</mo>"
LEFT = '<mtd style="text-align: left">'
"""A cell of cases. A page that allows no style of its own replaces this, and aligns all cells."""


def show_mathml(tree: ast.expr, terms: Mapping[str, Term]) -> tuple[str, int]:
    """Return the MathML of a tree, one element, and how tightly it holds together."""
    match tree:
        case ast.Constant(value=value):
            return _term(value if is_number(value) else Word(str(value)))
        case ast.Name(id=name):
            if name in terms:
                return _term(terms[name])
            return _element("mi", NAMES[name].unicode if name in NAMES else name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return _row(_sign("−"), held_mathml(operand, terms, 20)), 15
        case ast.UnaryOp(operand=operand):
            return _row(_word("not"), held_mathml(operand, terms, 50)), 5
        case ast.BinOp(left=ast.UnaryOp(op=ast.USub(), operand=left), op=ast.Div(), right=right):
            fraction = show_mathml(ast.BinOp(left, ast.Div(), right), terms)[0]
            return _row(_sign("−"), fraction), 15
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            above, below = (show_mathml(part, terms)[0] for part in (left, right))
            return f"<mfrac>{above}{below}</mfrac>", _FRACTION
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            base, exponent = held_mathml(left, terms, 50), show_mathml(right, terms)[0]
            return f"<msup>{base}{exponent}</msup>", 40
        case ast.BinOp(left=left, op=op, right=right):
            strength, sign = _BINARY[type(op)]
            tighter = 1 if isinstance(op, (ast.Sub, ast.MatMult)) else 0
            # A minus in front of a product is that of the whole product.
            leads = isinstance(op, ast.Mult) and isinstance(left, ast.UnaryOp)
            first = held_mathml(left, terms, 15 if leads else strength)
            second = held_mathml(right, terms, strength + tighter, after=True)
            between = _SPACE + _word(sign) + _SPACE if sign.isalpha() else _sign(sign)
            return _row(first, between, second), strength
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = (held_mathml(part, terms, 6) for part in (left, right))
            return _row(*_between(_sign(_COMPARE[type(op)]), sides)), 5
        case ast.IfExp():
            return _cases(tree, terms), _ATOM
        case ast.Attribute(value=value, attr="T"):
            return f"<msup>{held_mathml(value, terms, 50)}<mo>&#x22a4;</mo></msup>", _ATOM
        case ast.Subscript(value=value, slice=place):
            inside = show_mathml(place, terms)[0]
            return _row(held_mathml(value, terms, 50), _sign("["), inside, _sign("]")), _ATOM
        case ast.Call(func=ast.Name(id=name), args=[above, below]) if name in OF_A_QUOTIENT:
            inside = show_mathml(ast.BinOp(above, ast.Div(), below), terms)[0]
            return _call(OF_A_QUOTIENT[name], [inside]), _ATOM
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            while args and isinstance(args[-1], ast.Constant) and args[-1].value is None:
                args = args[:-1]
            shown = [show_mathml(a, terms)[0] for a in args]
            shown += [
                _row(_word(k.arg), EQUALS, show_mathml(k.value, terms)[0])
                for k in keywords
                if k.arg is not None
            ]
            return _call(name, shown), _ATOM
    raise TypeError(f"not a formula: {ast.dump(tree)}")


def held_mathml(
    tree: ast.expr, terms: Mapping[str, Term], needed: int, *, after: bool = False
) -> str:
    """Return the MathML of a tree, in brackets where it holds together less than `needed`.

    `after` says that it stands on the right, where a leading minus needs brackets too.
    """
    markup, strength = show_mathml(tree, terms)
    negative = after and re.match(r"(<mrow>)*<mo>−</mo>", markup) is not None
    return _bracketed([markup]) if strength < needed or negative else markup


def text_mathml(text: str) -> str:
    """Return a number's, tensor's or other text as MathML: a number, or words."""
    shown = minus(text)
    if _NUMBER.fullmatch(shown) is None:
        return _word(shown)
    digits = _element("mn", shown.removeprefix("−"))
    return _row(_sign("−"), digits) if shown[0] == "−" else digits


def _call(name: str, shown: list[str]) -> str:
    if name == "sqrt":
        return f"<msqrt>{''.join(shown)}</msqrt>"
    if name in FENCES:
        return _bracketed(shown, FENCES[name])
    sign = SIGNS.get(name)
    head = _element("mi", name if sign is None else sign.unicode)
    if sign is not None and sign.subscript:
        head = f"<msub>{head}{_element('mn', sign.subscript)}</msub>"
    # An invisible sign, "function of", sets the name apart as MathML asks.
    return _row(head, "<mo>&#x2061;</mo>", _bracketed(shown))


def _cases(tree: ast.IfExp, terms: Mapping[str, Term]) -> str:
    lines = []
    rest: ast.expr = tree
    while isinstance(rest, ast.IfExp):
        value, condition = (show_mathml(part, terms)[0] for part in (rest.body, rest.test))
        lines.append((value, _row(_word("if"), _SPACE, condition)))
        rest = rest.orelse
    lines.append((show_mathml(rest, terms)[0], _word("else")))
    rows = (f"<mtr>{LEFT}{value}</mtd>{LEFT}{when}</mtd></mtr>" for value, when in lines)
    return _row(_sign("{"), f"<mtable>{''.join(rows)}</mtable>")


def _bracketed(shown: list[str], signs: tuple[str, str] = ("(", ")")) -> str:
    # Browsers stretch brackets around a mere subscript; only what is high needs it.
    high = any(f"<{tag}>" in part for part in shown for tag in ("mfrac", "mtable"))
    first, last = (_sign(c) if high else f'<mo stretchy="false">{c}</mo>' for c in signs)
    return _row(first, *_between(_sign(","), shown), last)


def _term(term: Term) -> tuple[str, int]:
    match term:
        case Symbol(i, mark):
            return symbol(i, mark, "mathml"), _ATOM
        case Letter(name, count, mark):
            return letter(name, count, mark, "mathml"), _ATOM
        case Partial(child, parent):
            return partial_symbol(child, parent, "mathml"), _ATOM
        case Word(text, numeric):
            return text_mathml(text) if numeric else _word(text), _ATOM
        case None:
            return _word("None"), _ATOM
        case tuple():
            parts = [_term(part)[0] for part in term]
            return _row(_sign("["), *_between(_sign(","), parts), _sign("]")), _ATOM
    text = number(term)
    if isinstance(term, complex) and is_sum(term):
        return text_mathml(text), 10
    return text_mathml(text), (15 if text[0] == "-" else _ATOM)


def _between(sign: str, parts: Iterable[str]) -> list[str]:
    found: list[str] = []
    for part in parts:
        found += [sign, part] if found else [part]
    return found


def _row(*parts: str) -> str:
    return f"<mrow>{''.join(parts)}</mrow>"


def _sign(text: str) -> str:
    return f"<mo>{escape(text)}</mo>"


def _word(text: str) -> str:
    return _element("mtext", text)


def _element(name: str, text: str) -> str:
    """Write user text as an element: nothing invisible, nothing that reorders, no markup."""
    seen = "".join(c if c.isprintable() else _HIDDEN for c in text)
    return f"<{name}>{escape(seen)}</{name}>"
