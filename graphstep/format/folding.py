"""Simplify a formula by what its constants decide, before it is typeset."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from typing import TypeGuard

from graphstep.format.term import Term, Word


def fold(tree: ast.expr, terms: Mapping[str, Term]) -> ast.expr:
    """Simplify what constants decide: 2 - 1, 1*x, x**1, `a if True else b`."""
    match tree:
        case ast.Name(id=name):
            term = terms.get(name)
            return ast.Constant(term) if name in terms and is_number(term) else tree
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
            sides = [fold(side, terms) for side in (left, *right)]
            if any(
                isinstance(side, ast.Constant) and isinstance(side.value, str) for side in sides
            ):
                sides = [_worded(side, terms) for side in sides]
            return ast.Compare(sides[0], ops, sides[1:])
        case ast.Call(func=func, args=args, keywords=keywords):
            kept = [ast.keyword(k.arg, fold(k.value, terms)) for k in keywords]
            return ast.Call(func, [fold(a, terms) for a in args], kept)
        case ast.Attribute(value=value, attr=attr):
            return ast.Attribute(fold(value, terms), attr, ast.Load())
    return tree


def _worded(tree: ast.expr, terms: Mapping[str, Term]) -> ast.expr:
    """Return the text of an option that is a word, as `approximate` of gelu, to be compared."""
    term = terms.get(tree.id) if isinstance(tree, ast.Name) else None
    return ast.Constant(term.text) if isinstance(term, Word) and not term.numeric else tree


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


def is_number(term: object) -> TypeGuard[int | float | complex | None]:
    """Tell whether a term is a number, or None, which formulas treat as one."""
    return isinstance(term, (int, float, complex)) or term is None


def _constant(tree: ast.expr) -> int | float | complex | None:
    value = tree.value if isinstance(tree, ast.Constant) else None
    return value if isinstance(value, (int, float, complex)) else None
