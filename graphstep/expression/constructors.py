"""Constructors of values, such as randn(2,3): their arguments and their shapes, without torch."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable
from types import MappingProxyType
from typing import TYPE_CHECKING

from graphstep.expression.literals import literal
from graphstep.expression.program import Literal
from graphstep.expression.suggest import near

if TYPE_CHECKING:
    from graphstep.expression.build import Builder

EXAMPLES = MappingProxyType(
    {
        "arange": "arange(5) or arange(0, 1, 0.25)",
        "eye": "eye(3)",
        "full": "full((2, 3), 1.5)",
        "linspace": "linspace(0, 1, 5)",
        "ones": "ones(2, 3)",
        "rand": "rand(2, 3)",
        "randint": "randint(0, 10, (3,))",
        "randn": "randn(2, 3)",
        "zeros": "zeros(2, 3)",
    }
)
CONSTRUCTORS = tuple(EXAMPLES)


def constructed(
    builder: Builder, node: ast.Call
) -> tuple[str, tuple[Literal, ...], tuple[int, ...]]:
    """Return the name, the arguments and the shape of randn(2,3) and its like."""
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name not in CONSTRUCTORS:
        shown = f"unknown constructor '{name}'" if name else "not a constructor"
        listed = f" (must be one of {', '.join(CONSTRUCTORS)})"
        raise builder.at.fault(f"{shown}{listed}{near(name, CONSTRUCTORS)}", node)
    if node.keywords:
        raise builder.at.fault(f"{name}() takes no keywords here", node.keywords[0].value)
    arguments = tuple(
        literal(builder, one, 1, f"argument {number} of {name}()")
        for number, one in enumerate(node.args, start=1)
    )
    try:
        shape = constructor_shape(name, arguments)
    except (TypeError, ValueError, IndexError, ArithmeticError):
        problem = f"wrong arguments of {name}(): write {EXAMPLES[name]}"
        raise builder.at.fault(problem, node) from None
    return name, arguments, shape


def constructor_shape(name: str, arguments: tuple[Literal, ...]) -> tuple[int, ...]:
    """Return the shape that a constructor's arguments ask for.

    Raises TypeError, ValueError or IndexError for arguments that it does not take.
    """
    match name:
        case "arange":
            numbers = [real(one) for one in arguments]
            start, end, step = (0.0, *numbers, 1.0) if len(numbers) == 1 else (*numbers, 1.0)[:3]
            count = math.ceil((end - start) / step)
            return sizes((count,) if len(numbers) <= 3 else ())
        case "linspace":
            _, _, points = (real(one) for one in arguments)
            return sizes((points,))
        case "full":
            extents, value = arguments
            real(value)
            return sizes(extents if isinstance(extents, tuple) else (extents,))
        case "eye":
            rows, columns = arguments if len(arguments) == 2 else (*arguments, *arguments)
            return sizes((rows, columns))
        case "randint":
            *bounds, shape = arguments
            low, high = (0, *bounds) if len(bounds) == 1 else bounds
            if not isinstance(shape, tuple) or not whole(low) < whole(high):
                raise ValueError(name)
            return sizes(shape)
    first = arguments[0] if arguments else ()
    return sizes(first if isinstance(first, tuple) and len(arguments) == 1 else arguments)


def sizes(numbers: Iterable[Literal]) -> tuple[int, ...]:
    """Return numbers as a shape."""
    shape = tuple(whole(one) for one in numbers)
    if any(one < 0 for one in shape):
        raise ValueError(shape)
    return shape


def whole(number: Literal) -> int:
    """Return a literal integer."""
    if isinstance(number, bool) or not isinstance(number, int):
        raise TypeError(number)
    return number


def real(number: Literal) -> float:
    """Return a literal number."""
    if isinstance(number, bool) or not isinstance(number, int | float):
        raise TypeError(number)
    return number
