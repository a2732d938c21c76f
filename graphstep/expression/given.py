"""The values given for the names of an expression."""

from __future__ import annotations

from collections.abc import Mapping

import torch

from graphstep.errors import ExpressionError, InputError
from graphstep.expression.numbers import is_too_large
from graphstep.expression.program import Program
from graphstep.expression.suggest import near


def check_values(program: Program, values: Mapping[str, object]) -> None:
    """Raise where a name has no value, a value is no number, or a called name has one."""
    for name, column in program.calls.items():
        if name in values:
            problem = f"'{name}' is a value given here, so it cannot be called"
            raise ExpressionError(problem, program.text, column)
    for name, column in program.first_use.items():
        if name not in values:
            given = f"values given: {', '.join(values)}" if values else "no values given"
            problem = f"unknown name '{name}' ({given}){near(name, values)}"
            raise ExpressionError(problem, program.text, column)
    for name, value in values.items():
        if not isinstance(value, torch.Tensor | bool | int | float):
            problem = f"the value of '{name}' must be a tensor or a number"
            raise InputError(f"{problem}, not {type(value).__name__}")
        if not isinstance(value, torch.Tensor) and is_too_large(value):
            raise InputError(f"the value of '{name}' does not fit in 64 bits")
