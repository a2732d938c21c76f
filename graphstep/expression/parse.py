"""The text of an expression to a checked Program, without torch."""

from __future__ import annotations

import ast
from types import MappingProxyType

from graphstep.errors import ExpressionError
from graphstep.expression import forbidden
from graphstep.expression.build import Builder, Draft
from graphstep.expression.limits import MAX_DEPTH
from graphstep.expression.lines import Lines
from graphstep.expression.program import Program, Slot, Span
from graphstep.expression.scan import statements
from graphstep.expression.syntax import Positions, tree


def parse(text: str) -> Program:
    """Check an expression and return it as a program for `run`.

    `text` may hold several statements, split by `;` or line ends; all but the last assign, and
    the last one's value is the output. Raises ExpressionError, with the column, for anything
    outside the language or its limits.
    """
    draft = Draft()
    parts = statements(text)
    spans: list[tuple[str, Span]] = []
    output = Slot(0)
    for number, part in enumerate(parts, start=1):
        at = Positions(text, part)
        statement = tree(text, part)
        builder = Builder(draft, at)
        try:
            if isinstance(statement, ast.Expr):
                if number < len(parts):
                    problem = "the value of this statement is not used: write z = … to name it"
                    raise at.fault(problem, statement)
                output = builder.visit(statement.value, 1)
            elif isinstance(statement, ast.Assign):
                name = target(statement, builder)
                output = builder.visit(statement.value, 1)
                draft.targets[name] = output
                spans.append((name, at.span(statement.value)))
            else:
                raise at.fault(forbidden.refusal(statement), statement)
        except RecursionError:
            problem = f"more than {MAX_DEPTH} levels of nesting"
            raise ExpressionError(problem, text, part.start) from None
    lines = Lines.of(text)
    return Program(
        text=text,
        names=tuple(draft.first_use),
        targets=tuple(draft.targets),
        labels=MappingProxyType({lines.place(span): name for name, span in spans}),
        first_use=MappingProxyType(draft.first_use),
        constants=MappingProxyType(draft.constants),
        calls=MappingProxyType(draft.calls),
        instructions=tuple(draft.instructions),
        output=output,
    )


def target(statement: ast.Assign, builder: Builder) -> str:
    """Return the one name that a statement assigns to."""
    first = statement.targets[0]
    if len(statement.targets) > 1 or not isinstance(first, ast.Name):
        raise builder.at.fault("an assignment needs exactly one name on its left", first)
    builder.check_name(first.id, first)
    return first.id
