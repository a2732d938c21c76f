"""The rules' tiny language: parse one text once, then evaluate it with torch or typeset it."""

from __future__ import annotations

import ast
import math
from collections import Counter
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import torch

from graphstep.rules.functions import FUNCTIONS
from graphstep.rules.functions.common import choose, times, transposed

Scope = Mapping[str, Any]

_CONSTANTS = {"pi": math.pi}
_MOSTLY_ONE = frozenset({"alpha", "beta"})
_ALLOWED = (
    ast.Name, ast.Constant, ast.BinOp, ast.UnaryOp, ast.Compare, ast.IfExp, ast.Call, ast.Attribute,
    ast.operator, ast.unaryop, ast.cmpop, ast.Load, ast.keyword,
)  # fmt: skip


@cache
def parse(text: str) -> ast.expr:
    """Return the tree of a formula; raises ValueError where it leaves the language."""
    tree = ast.parse(text, mode="eval").body
    for node in ast.walk(tree):
        if not isinstance(node, _ALLOWED) or (isinstance(node, ast.Attribute) and node.attr != "T"):
            raise ValueError(f"{ast.unparse(node)!r} is not in the rules' language: {text!r}")
    return tree


@cache
def names(text: str) -> frozenset[str]:
    """Return the operand and argument names that a formula uses, functions left out."""
    tree = parse(text)
    called = {id(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    return frozenset(
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and id(node) not in called and node.id not in _CONSTANTS
    )


@cache
def functions(text: str) -> tuple[str, ...]:
    """Return the names of the functions that a formula calls, in order."""
    calls = (node.func for node in ast.walk(parse(text)) if isinstance(node, ast.Call))
    return tuple(dict.fromkeys(func.id for func in calls if isinstance(func, ast.Name)))


@cache
def repeated_calls(texts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the calls that formulas have more than once among them, inner ones first.

    A call within a branch is none of them: which side is taken shows when it is evaluated.
    """
    counts: Counter[str] = Counter()
    waiting: list[ast.AST] = [parse(text) for text in texts]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.IfExp):
            continue
        if isinstance(node, ast.Call):
            counts[ast.unparse(node)] += 1
        waiting.extend(ast.iter_child_nodes(node))
    return tuple(sorted((text for text, count in counts.items() if count > 1), key=len))


def known_as(number: int) -> str:
    """Return the name in a scope of the result of a repeated call; no row can use it."""
    return f"_{number}"


@cache
def compiled(text: str, known: tuple[str, ...] = ()) -> Callable[[Scope], Any]:
    """Return a function that evaluates a formula with torch in a scope of names.

    The scope has the results of the calls `known`, under the names that `known_as` gives them.
    """
    return _executable(_Elementwise().visit(_Known(known).visit(fresh(text))), text)


@cache
def compiled_contribution(text: str) -> Callable[[Scope], Any]:
    """Return a function that evaluates g·partial for an elementwise partial.

    Where a branch of the partial is 0 the contribution is 0, whatever the adjoint above: an
    unselected branch hands on neither inf nor nan, as in torch's own kernels.
    """
    return _executable(_Elementwise().visit(_times_adjoint(fresh(text))), text)


def fresh(text: str) -> ast.expr:
    """Return the tree of a formula as a copy of one's own, to change."""
    parse(text)
    return ast.parse(text, mode="eval").body


def _times_adjoint(tree: ast.expr) -> ast.expr:
    adjoint = ast.Name("g", ast.Load())
    match tree:
        case ast.IfExp(test=test, body=body, orelse=orelse):
            return ast.IfExp(test, _times_adjoint(body), _times_adjoint(orelse))
        case ast.Constant(value=0):
            return tree
        case ast.Constant(value=1):
            return adjoint
    return ast.BinOp(adjoint, ast.Mult(), tree)


def _later(tree: ast.expr) -> ast.expr:
    nothing = ast.arguments(posonlyargs=[], args=[], kwonlyargs=[], kw_defaults=[], defaults=[])
    return ast.Lambda(nothing, tree)


def _executable(tree: ast.expr, text: str) -> Callable[[Scope], Any]:
    code = compile(ast.fix_missing_locations(ast.Expression(tree)), f"<rule {text}>", "eval")
    known = {"choose": choose, "times": times, "transposed": transposed, **FUNCTIONS, **_CONSTANTS}
    known["__builtins__"] = {}
    # What `choose` puts off reads the names as globals.
    puts_off = any(isinstance(node, ast.Lambda) for node in ast.walk(tree))

    def evaluate(scope: Scope) -> Any:
        try:
            if puts_off:
                return eval(code, {**known, **scope})  # a row of ours, never a user's text
            return eval(code, known, scope)
        except (ZeroDivisionError, OverflowError):
            # Plain numbers of the user's, as in x/0: tensors divide as torch does.
            tensors = {name: _as_tensor(item) for name, item in scope.items()}
            return eval(code, {**known, **tensors})

    return evaluate


def _as_tensor(item: Any) -> Any:
    plain = isinstance(item, (int, float)) and not isinstance(item, bool)
    return torch.tensor(item, dtype=torch.float64) if plain else item


class _Known(ast.NodeTransformer):
    """Put a name in the place of every call whose result is known by it."""

    def __init__(self, calls: tuple[str, ...]) -> None:
        self._names = {call: known_as(number) for number, call in enumerate(calls)}

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = self._names.get(ast.unparse(node))
        return self.generic_visit(node) if name is None else ast.Name(name, ast.Load())


class _Elementwise(ast.NodeTransformer):
    """Turn `A if c else B` into a choice made element by element, and `.T` into a transpose.

    A product with `alpha` or `beta`, mostly 1, passes over the other factor only where it is not.
    """

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        left, right = self.visit(node.left), self.visit(node.right)
        if isinstance(node.op, ast.Mult):
            for one, other in ((left, right), (right, left)):
                if isinstance(one, ast.Name) and one.id in _MOSTLY_ONE:
                    return ast.Call(ast.Name("times", ast.Load()), [one, other], [])
        return ast.BinOp(left, node.op, right)

    def visit_IfExp(self, node: ast.IfExp) -> ast.expr:
        test, body, orelse = (self.visit(part) for part in (node.test, node.body, node.orelse))
        return ast.Call(ast.Name("choose", ast.Load()), [test, _later(body), _later(orelse)], [])

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        return ast.Call(ast.Name("transposed", ast.Load()), [self.visit(node.value)], [])
