"""Typeset an expression tree as one line of text in any style."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from graphstep.format.folding import is_number
from graphstep.format.functions import FENCES, NAMES, OF_A_QUOTIENT, latex_name, unicode_name
from graphstep.format.latex import latex_number, latex_text, latex_word
from graphstep.format.mathml import held_mathml, show_mathml
from graphstep.format.numbers import is_sum, minus, number
from graphstep.format.symbols import Style, letter, partial_symbol, superscript, symbol
from graphstep.format.term import Letter, Partial, Symbol, Term, Word

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


def show(tree: ast.expr, terms: Mapping[str, Term], style: Style) -> tuple[str, int]:
    """Return the text of a tree and how tightly it holds together."""
    if style == "mathml":
        return show_mathml(tree, terms)
    match tree:
        case ast.Constant(value=value):
            return _term(value if is_number(value) else Word(str(value)), style)
        case ast.Name(id=name):
            if name in terms:
                return _term(terms[name], style)
            known = NAMES.get(name)
            if style == "latex" and known is None:
                return (latex_word(name) if len(name) > 1 else name), _ATOM
            if known is None or style == "ascii":
                return name, _ATOM
            return (known.latex if style == "latex" else known.unicode), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return ("−" if style == "unicode" else "-") + held(operand, terms, style, 20), 15
        case ast.UnaryOp(operand=operand):
            word = r"\lnot " if style == "latex" else "not "
            return word + held(operand, terms, style, 50), 5
        case ast.BinOp(
            left=ast.UnaryOp(op=ast.USub(), operand=left), op=ast.Div(), right=right
        ) if style == "latex":
            return "-" + show(ast.BinOp(left, ast.Div(), right), terms, style)[0], 15
        case ast.BinOp(left=left, op=ast.Div(), right=right) if style == "latex":
            above, below = (show(part, terms, style)[0] for part in (left, right))
            return rf"\frac{{{above}}}{{{below}}}", _ATOM
        case ast.BinOp(left=left, op=ast.Pow(), right=right):
            return _power(left, right, terms, style)
        case ast.BinOp(left=left, op=op, right=right):
            strength, *texts = _BINARY[type(op)]
            tighter = 1 if isinstance(op, (ast.Sub, ast.Div, ast.MatMult)) else 0
            # A minus in front of a product is that of the whole product.
            leads = isinstance(op, (ast.Mult, ast.Div)) and isinstance(left, ast.UnaryOp)
            first = held(left, terms, style, 15 if leads else strength)
            if isinstance(op, ast.Mult) and isinstance(right, ast.BinOp):
                tighter = isinstance(right.op, ast.Div)
            second = held(right, terms, style, strength + tighter, after=True)
            return f"{first}{texts[_COLUMN[style]]}{second}", strength
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sign = _COMPARE[type(op)][_COLUMN[style]]
            return f"{held(left, terms, style, 6)} {sign} {held(right, terms, style, 6)}", 5
        case ast.IfExp() if style == "latex":
            return _cases(tree, terms), _ATOM
        case ast.IfExp(test=test, body=body, orelse=orelse):
            yes, condition = (held(part, terms, style, 3) for part in (body, test))
            return f"{yes} if {condition} else {show(orelse, terms, style)[0]}", 2
        case ast.Attribute(value=value, attr="T"):
            mark = {"unicode": "ᵀ", "ascii": ".T", "latex": r"^{\top}"}[style]
            return held(value, terms, style, 50) + mark, _ATOM
        case ast.Subscript(value=value, slice=place):
            return f"{held(value, terms, style, 50)}[{show(place, terms, style)[0]}]", _ATOM
        case ast.Call(func=ast.Name(id=name), args=[above, below]) if name in OF_A_QUOTIENT:
            inside = show(ast.BinOp(above, ast.Div(), below), terms, style)[0]
            return _call(OF_A_QUOTIENT[name], [inside], style), _ATOM
        case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords):
            while args and isinstance(args[-1], ast.Constant) and args[-1].value is None:
                args = args[:-1]
            shown = [show(a, terms, style)[0] for a in args]
            shown += [
                f"{_keyword(k.arg, style)}={show(k.value, terms, style)[0]}"
                for k in keywords
                if k.arg is not None
            ]
            return _call(name, shown, style), _ATOM
    raise TypeError(f"not a formula: {ast.dump(tree)}")


def held(
    tree: ast.expr, terms: Mapping[str, Term], style: Style, needed: int, *, after: bool = False
) -> str:
    """Return the text of a tree, in brackets where it holds together less than `needed`.

    `after` says that it stands on the right, where a leading minus needs brackets too.
    """
    if style == "mathml":
        return held_mathml(tree, terms, needed, after=after)
    text, strength = show(tree, terms, style)
    negative = after and text.startswith(("-", "−"))
    if strength < needed or negative:
        return rf"\left({text}\right)" if style == "latex" else f"({text})"
    return text


def _power(
    left: ast.expr, right: ast.expr, terms: Mapping[str, Term], style: Style
) -> tuple[str, int]:
    base = held(left, terms, style, 50)
    exponent = show(right, terms, style)[0]
    if style == "latex":
        return f"{base}^{{{exponent}}}", 40
    raised = superscript(exponent.replace("−", "-")) if style == "unicode" else None
    if raised is not None:
        return base + raised, 40
    sign = "^" if style == "unicode" else "**"
    return f"{base}{sign}{held(right, terms, style, 50)}", 40


def _call(name: str, shown: list[str], style: Style) -> str:
    inside = ", ".join(shown)
    if name in FENCES and style != "ascii":
        left, right = FENCES[name]
        return (
            rf"\left{left}{inside}\right{right}" if style == "latex" else f"{left}{inside}{right}"
        )
    if style == "latex":
        if name == "sqrt":
            return rf"\sqrt{{{inside}}}"
        plain = rf"\{name}" if name in _CALL_LATEX else rf"\operatorname{{{latex_text(name)}}}"
        return rf"{latex_name(name) or plain}\left({inside}\right)"
    return f"{unicode_name(name) if style == 'unicode' else name}({inside})"


def _cases(tree: ast.IfExp, terms: Mapping[str, Term]) -> str:
    lines = []
    rest: ast.expr = tree
    while isinstance(rest, ast.IfExp):
        value, condition = (show(part, terms, "latex")[0] for part in (rest.body, rest.test))
        lines.append(rf"{value} & \text{{if }} {condition}")
        rest = rest.orelse
    lines.append(rf"{show(rest, terms, 'latex')[0]} & \text{{else}}")
    inside = r" \\ ".join(lines)
    return rf"\begin{{cases}} {inside} \end{{cases}}"


def _keyword(name: str, style: Style) -> str:
    return latex_word(name) if style == "latex" else name


def _term(term: Term, style: Style) -> tuple[str, int]:
    match term:
        case Symbol(i, mark):
            return symbol(i, mark, style), _ATOM
        case Letter(name, count, mark):
            return letter(name, count, mark, style), _ATOM
        case Partial(child, parent):
            return partial_symbol(child, parent, style), _ATOM
        case Word(text, numeric):
            if style == "latex":
                return (latex_number(text) if numeric else latex_word(text)), _ATOM
            return minus(text) if numeric and style == "unicode" else text, _ATOM
        case None:
            return "None", _ATOM
        case tuple():
            return f"[{', '.join(_term(part, style)[0] for part in term)}]", _ATOM
    text = minus(number(term)) if style == "unicode" else number(term)
    if style == "latex":
        text = latex_number(text)
    if isinstance(term, complex) and is_sum(term):
        return text, 10
    return text, (15 if text[0] in "-−" else 20 if "\\cdot" in text else _ATOM)
