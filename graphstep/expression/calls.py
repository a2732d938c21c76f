"""Calls of listed functions and methods, with their arguments checked."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from graphstep.expression import forbidden
from graphstep.expression.catalogue import FUNCTIONS, METHODS, STRINGS, TENSOR_KEYWORDS
from graphstep.expression.entry import Entry
from graphstep.expression.literals import literal, tensor_list
from graphstep.expression.program import Call, Literal, Slot
from graphstep.expression.suggest import near

if TYPE_CHECKING:
    from graphstep.expression.build import Builder

EQUATION = re.compile(r"[A-Za-z., ]+(->[A-Za-z. ]*)?")
LIBRARIES = frozenset({"torch", "math", "np", "numpy"})


def call(builder: Builder, node: ast.Call, depth: int) -> Slot:
    """Append a function or method call."""
    if isinstance(node.func, ast.Name):
        return function_call(builder, node, node.func, depth)
    if isinstance(node.func, ast.Attribute):
        return method_call(builder, node, node.func, depth)
    raise builder.at.fault("only listed functions and methods can be called", node)


def function_call(builder: Builder, node: ast.Call, function: ast.Name, depth: int) -> Slot:
    """Append name(arguments)."""
    name = function.id
    builder.check_name(name, function)
    if name in builder.draft.targets:
        problem = f"'{name}' is a value assigned here, so it cannot be called"
        raise builder.at.fault(problem, function)
    entry = FUNCTIONS.get(name)
    if entry is None:
        hint = near(name, FUNCTIONS)
        if name in METHODS:
            hint = f"; it is a method: write x.{name}(…)"
        raise builder.at.fault(f"unknown function '{name}'{hint}", function)
    builder.draft.calls.setdefault(name, builder.span(function)[0])
    return arguments(builder, node, entry, (), depth)


def method_call(builder: Builder, node: ast.Call, function: ast.Attribute, depth: int) -> Slot:
    """Append value.name(arguments)."""
    name = function.attr
    start, end = builder.span(function)
    column = max(end - len(name), start)
    owner = function.value
    if isinstance(owner, ast.Name) and owner.id in LIBRARIES - set(builder.draft.targets):
        problem = f"write {name}(…) without '{owner.id}.'"
        raise builder.at.fault(problem, owner)
    entry = METHODS.get(name)
    if entry is None:
        hint = near(name, METHODS, ".")
        if name in FUNCTIONS:
            hint = f"; it is a function: write {name}(…)"
        if name.endswith("_") and name.rstrip("_") in METHODS:
            hint = "; in-place methods are not part of the expression language"
        raise builder.fault_at(f"unknown method '.{name}'{hint}", column)
    return arguments(builder, node, entry, (builder.visit(owner, depth + 1),), depth)


def arguments(
    builder: Builder, node: ast.Call, entry: Entry, owner: tuple[Slot, ...], depth: int
) -> Slot:
    """Append the checked arguments and the call itself."""
    given = len(owner) + len(node.args)
    if entry.most is not None and given > entry.most:
        most = entry.most - len(owner)
        problem = f"{entry.name}() takes at most {counted(most)}, {len(node.args)} given"
        raise builder.at.fault(problem, node.args[most])
    if given + len(node.keywords) < entry.least:
        least = entry.least - len(owner)
        found = len(node.args) + len(node.keywords)
        problem = f"{entry.name}() needs at least {counted(least)}, {found} given"
        raise builder.at.fault(problem, node)
    positional: list[Slot | Literal] = list(owner)
    for position, argument in enumerate(node.args, start=len(owner)):
        positional.append(one_argument(builder, entry, position, argument, len(owner), depth))
    keywords = tuple(keyword(builder, entry, one, depth) for one in node.keywords)
    return builder.draft.emit(Call(builder.span(node), entry, tuple(positional), keywords))


def one_argument(
    builder: Builder, entry: Entry, position: int, node: ast.expr, owners: int, depth: int
) -> Slot | Literal:
    """Return one positional argument as its letter in the signature asks."""
    match entry.kind(position):
        case "n":
            what = f"argument {position + 1 - owners} of {entry.name}()"
            return literal(builder, node, depth, what)
        case "l":
            return tensor_list(builder, node, depth)
        case "c":
            return builder.visit(node, depth + 1, condition=True)
        case "q":
            return equation(builder, node)
    return builder.visit(node, depth + 1)


def equation(builder: Builder, node: ast.expr) -> str:
    """Return the equation of einsum."""
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        problem = "argument 1 of einsum() must be an equation such as 'ij,jk->ik'"
        raise builder.at.fault(problem, node)
    if not EQUATION.fullmatch(node.value):
        problem = "the equation of einsum() may hold letters, ',', '.' and one '->'"
        raise builder.at.fault(problem, node)
    return node.value


def keyword(
    builder: Builder, entry: Entry, node: ast.keyword, depth: int
) -> tuple[str, Slot | Literal]:
    """Return one checked keyword argument."""
    if node.arg is None:
        column = builder.at.character(node.col_offset)
        raise builder.fault_at(forbidden.refusal(node), column)
    if node.arg not in entry.keywords:
        takes = f" (it takes: {', '.join(entry.keywords)})" if entry.keywords else ""
        problem = f"unknown keyword '{node.arg}' of {entry.name}(){takes}"
        column = builder.at.character(node.col_offset)
        raise builder.fault_at(f"{problem}{near(node.arg, entry.keywords)}", column)
    if node.arg in TENSOR_KEYWORDS:
        return node.arg, builder.visit(node.value, depth + 1)
    if isinstance(node.value, ast.Constant) and isinstance(node.value.value, str):
        allowed = STRINGS.get(node.arg, ())
        if node.value.value not in allowed:
            choices = f" (must be one of {', '.join(allowed)})" if allowed else ""
            shown = f"keyword '{node.arg}' of {entry.name}() cannot be this string{choices}"
            raise builder.at.fault(shown, node.value)
        return node.arg, node.value.value
    what = f"keyword '{node.arg}' of {entry.name}()"
    return node.arg, literal(builder, node.value, depth, what)


def counted(number: int) -> str:
    """Return "1 argument" or "2 arguments"."""
    return f"{number} argument" if number == 1 else f"{number} arguments"
