"""Arithmetic between plain numbers that can neither blow up nor leave the real line."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable

from graphstep.expression.limits import MAX_EXPONENT, MAX_INTEGER

Number = bool | int | float

OPERATORS: dict[str, Callable[[Number, Number], Number]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    ">": operator.gt,
    ">=": operator.ge,
    "<": operator.lt,
    "<=": operator.le,
    "==": operator.eq,
    "!=": operator.ne,
}

CONSTANTS = {"pi": math.pi, "inf": math.inf}
"""Names that stand for a number unless the user gives a value of that name."""


def calculated(symbol: str, left: Number | None, right: Number) -> Number:
    """Return left symbol right; an integer too large for a tensor becomes a float.

    A sign has no left: -x is -1 * x, which keeps the sign of zero.

    Raises ValueError whose text is a one-line explanation.
    """
    if left is None:
        symbol, left = "*", -1 if symbol == "-" else 1
    try:
        if symbol == "**":
            result = power(left, right)
        elif symbol in OPERATORS:
            result = OPERATORS[symbol](left, right)
        else:
            raise ValueError(f"'{symbol}' needs tensors, not two numbers")
        return float(result) if is_too_large(result) else result
    except ZeroDivisionError:
        raise ValueError("division by zero between numbers") from None
    except OverflowError:
        raise ValueError(f"the number {left}{symbol}{right} is too large") from None


def power(left: Number, right: Number) -> Number:
    """Return left ** right, never building an integer of more than 64 bits."""
    check_exponent(right)
    if isinstance(left, int) and isinstance(right, int) and right >= 0:
        rough = float(left) ** right
        return int(left**right) if abs(rough) < MAX_INTEGER else rough
    result = left**right
    if isinstance(result, complex):
        raise ValueError(f"({left})**{right} is not a real number")
    return float(result)


def check_exponent(exponent: object) -> None:
    """Raise ValueError for an integer exponent beyond MAX_EXPONENT."""
    if isinstance(exponent, int) and abs(exponent) > MAX_EXPONENT:
        raise ValueError(f"the exponent {exponent} is beyond ±{MAX_EXPONENT}")


def is_too_large(number: Number) -> bool:
    """Return whether number is an integer of more than 64 bits."""
    return isinstance(number, int) and abs(number) > MAX_INTEGER
