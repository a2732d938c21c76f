"""A statement's syntax tree to instructions: the whitelist itself."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from graphstep.errors import ExpressionError
from graphstep.expression import calls, forbidden, indexing, literals
from graphstep.expression.catalogue import METHODS, PROPERTIES
from graphstep.expression.limits import MAX_DEPTH, MAX_INTEGER, MAX_NODES
from graphstep.expression.numbers import CONSTANTS, calculated, check_exponent
from graphstep.expression.program import (
    Constant,
    Instruction,
    Load,
    Operate,
    Property,
    Slot,
    Span,
)
from graphstep.expression.syntax import Positions

ARITHMETIC: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.MatMult: "@",
}
BITWISE: dict[type[ast.operator], str] = {ast.BitAnd: "&", ast.BitOr: "|"}
COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Eq: "==",
    ast.NotEq: "!=",
}


@dataclass(slots=True)
class Draft:
    """Collect the instructions of a program, statement by statement."""

    instructions: list[Instruction] = field(default_factory=list)
    first_use: dict[str, int] = field(default_factory=dict)
    constants: dict[str, int] = field(default_factory=dict)
    calls: dict[str, int] = field(default_factory=dict)
    targets: dict[str, Slot] = field(default_factory=dict)
    nodes: int = 0
    numbers: Mapping[str, float] | None = None
    """Where given, the only names there are, each standing for this number."""

    def emit(self, instruction: Instruction) -> Slot:
        """Append one instruction and return where its result will be."""
        self.instructions.append(instruction)
        return Slot(len(self.instructions) - 1)

    def constant(self, slot: Slot) -> Constant | None:
        """Return the literal in a slot, if it is one."""
        found = self.instructions[slot.number]
        return found if isinstance(found, Constant) else None


@dataclass(slots=True)
class Builder:
    """Turn the expressions of one statement into instructions of a draft."""

    draft: Draft
    at: Positions

    def visit(self, node: ast.expr, depth: int, condition: bool = False) -> Slot:
        """Append the instructions of a node and return its result.

        `condition` says that comparisons and & | ~ are allowed here.
        """
        if depth > MAX_DEPTH:
            raise self.at.fault(f"more than {MAX_DEPTH} levels of nesting", node)
        self.count(node)
        match node:
            case ast.Constant():
                return self.number(node)
            case ast.Name():
                return self.name(node)
            case ast.BinOp():
                return self.chain(node, depth, condition)
            case ast.UnaryOp():
                return self.unary(node, depth, condition)
            case ast.Compare():
                return self.comparison(node, depth, condition)
            case ast.Attribute():
                return self.attribute(node, depth)
            case ast.Call():
                return calls.call(self, node, depth)
            case ast.Subscript():
                return indexing.pick(self, node, depth)
            case ast.List():
                return literals.number_list(self, node, depth)
        raise self.at.fault(forbidden.refusal(node), node)

    def count(self, node: ast.expr) -> None:
        """Count one sub-expression against the limit."""
        self.draft.nodes += 1
        if self.draft.nodes > MAX_NODES:
            raise self.at.fault(f"more than {MAX_NODES} sub-expressions", node)

    def span(self, node: ast.expr) -> Span:
        """Return the characters that a node covers."""
        return self.at.span(node)

    def fault_at(self, problem: str, column: int) -> ExpressionError:
        """Return the error that points at a character of the text."""
        return ExpressionError(problem, self.at.text, column)

    def number(self, node: ast.Constant) -> Slot:
        """Append a number."""
        value = node.value
        if not isinstance(value, bool | int | float):
            raise self.at.fault(forbidden.constant_refusal(value), node)
        if isinstance(value, int) and value > MAX_INTEGER:
            raise self.at.fault("the integer does not fit in 64 bits", node)
        return self.draft.emit(Constant(self.span(node), value))

    def name(self, node: ast.Name) -> Slot:
        """Append the value of a name: an assigned one, a constant, or the user's."""
        self.check_name(node.id, node)
        if node.id in self.draft.targets:
            return self.draft.targets[node.id]
        span = self.span(node)
        if self.draft.numbers is not None:
            if node.id not in self.draft.numbers:
                raise self.at.fault(f"unknown name '{node.id}' in a value", node)
            return self.draft.emit(Constant(span, self.draft.numbers[node.id]))
        uses = self.draft.constants if node.id in CONSTANTS else self.draft.first_use
        uses.setdefault(node.id, span[0])
        return self.draft.emit(Load(span, node.id, CONSTANTS.get(node.id)))

    def check_name(self, name: str, node: ast.expr) -> None:
        """Refuse Python's special names."""
        if name.startswith("__"):
            problem = f"'{name}' is not part of the expression language"
            raise self.at.fault(problem, node)

    def chain(self, node: ast.BinOp, depth: int, condition: bool) -> Slot:
        """Append a left-deep chain such as a + b - c, without recursion along it."""
        table = BITWISE if type(node.op) in BITWISE else ARITHMETIC
        spine: list[ast.BinOp] = []
        first: ast.expr = node
        while isinstance(first, ast.BinOp) and type(first.op) in table:
            spine.append(first)
            first = first.left
        if not spine:
            raise self.at.fault(forbidden.refusal(node.op), node)
        if table is BITWISE and not condition:
            raise self.at.fault(outside_where(f"'{BITWISE[type(node.op)]}'"), node)
        inner = condition and table is BITWISE
        left = self.visit(first, depth + 1, inner)
        for one in reversed(spine):
            self.count(one)
            right = self.visit(one.right, depth + 1, inner)
            left = self.operate(one, table[type(one.op)], (left, right))
        return left

    def operate(self, node: ast.expr, symbol: str, operands: tuple[Slot, ...]) -> Slot:
        """Append an operator, or its result where all operands are plain numbers."""
        known = [self.draft.constant(slot) for slot in operands]
        values = [one.value for one in known if one is not None]
        numbers = [value for value in values if isinstance(value, bool | int | float)]
        try:
            if symbol == "**" and known[1] is not None:
                check_exponent(known[1].value)
            if symbol in "&|~" or len(numbers) < len(operands):
                return self.draft.emit(Operate(self.span(node), symbol, operands))
            left, right = numbers if len(numbers) == 2 else (None, numbers[0])
            result = calculated(symbol, left, right)
        except ValueError as error:
            raise self.at.fault(str(error), node) from None
        return self.draft.emit(Constant(self.span(node), result))

    def unary(self, node: ast.UnaryOp, depth: int, condition: bool) -> Slot:
        """Append -x, +x, or ~x in a condition."""
        if isinstance(node.op, ast.Not):
            raise self.at.fault(forbidden.refusal(node.op), node)
        invert = isinstance(node.op, ast.Invert)
        if invert and not condition:
            raise self.at.fault(outside_where("'~'"), node)
        operand = self.visit(node.operand, depth + 1, invert)
        symbol = "~" if invert else "-" if isinstance(node.op, ast.USub) else "+"
        return self.operate(node, symbol, (operand,))

    def comparison(self, node: ast.Compare, depth: int, condition: bool) -> Slot:
        """Append one comparison, allowed in a condition only."""
        symbol = COMPARISONS.get(type(node.ops[0]))
        if symbol is None:
            raise self.at.fault(forbidden.refusal(node.ops[0]), node)
        if not condition:
            raise self.at.fault(outside_where("a comparison"), node)
        if len(node.ops) > 1:
            raise self.at.fault("a chained comparison: write (a < b) & (b < c)", node)
        left = self.visit(node.left, depth + 1)
        right = self.visit(node.comparators[0], depth + 1)
        return self.operate(node, symbol, (left, right))

    def attribute(self, node: ast.Attribute, depth: int) -> Slot:
        """Append one of the few attributes that may be read."""
        column = max(self.span(node)[1] - len(node.attr), self.span(node)[0])
        if node.attr not in PROPERTIES:
            if node.attr in METHODS:
                raise self.fault_at(f"'.{node.attr}' is a method: write .{node.attr}()", column)
            problem = f"attribute access '.{node.attr}' is not part of the expression language"
            raise self.fault_at(problem, column)
        operand = self.visit(node.value, depth + 1)
        return self.draft.emit(Property(self.span(node), node.attr, operand))


def outside_where(what: str) -> str:
    """Return the one line for a condition in the wrong place."""
    return f"{what} is only allowed inside the first argument of where(…)"
