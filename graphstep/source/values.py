"""The values a user types for names: `10`, `[1, 2]`, `randn(2,3)`, `[0, 1]:int64`."""

from __future__ import annotations

import ast
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from graphstep.errors import ExpressionError, InputError
from graphstep.expression.build import Builder, Draft
from graphstep.expression.constructors import constructed
from graphstep.expression.limits import MAX_ELEMENTS
from graphstep.expression.literals import extent
from graphstep.expression.numbers import is_too_large
from graphstep.expression.program import Literal
from graphstep.expression.scan import statements
from graphstep.expression.syntax import Positions, tree

NUMBERS = MappingProxyType({"pi": math.pi, "inf": math.inf, "nan": math.nan, "e": math.e})

FLOATS = ("bfloat16", "complex128", "complex64", "float16", "float32", "float64")
DTYPES = (*FLOATS, "bool", "int16", "int32", "int64", "int8", "uint8")
SHORT_DTYPES = MappingProxyType(
    {
        "bf16": "bfloat16",
        "c64": "complex64",
        "c128": "complex128",
        "f16": "float16",
        "half": "float16",
        "f32": "float32",
        "float": "float32",
        "f64": "float64",
        "double": "float64",
        "i32": "int32",
        "int": "int64",
        "i64": "int64",
        "long": "int64",
    }
)
WHOLE_NUMBERS = frozenset({"arange", "randint"})
SUFFIX = re.compile(r":\s*(\w*)\s*$")


@dataclass(frozen=True, slots=True)
class ValueSpec:
    """Describe a value that `make_value` can make.

    `constructor` is empty where `data`, a number or nested tuples of numbers, is the value
    itself; else `data` holds its arguments. `dtype` is the one typed after `:`, or None.
    """

    text: str
    shape: tuple[int, ...]
    data: Literal
    constructor: str = ""
    dtype: str | None = None


def parse_value(text: str) -> ValueSpec:
    """Return what a typed value describes, without torch.

    A value is a number (literals joined by + - * / **, pi, e, inf, nan, True, False), a
    rectangular nested list of numbers, or one of the constructors in
    `graphstep.expression.constructors`, and may end in `:dtype`.
    Raises ExpressionError, with the column, for anything else.
    """
    suffix = SUFFIX.search(text)
    body = text[: suffix.start()] if suffix else text
    dtype = None
    if suffix:
        try:
            dtype = dtype_name(suffix.group(1))
        except InputError as error:
            raise ExpressionError(str(error), text, suffix.start(1)) from None
    if not body.strip():
        raise ExpressionError("the value is empty", text, 0)
    parts = statements(body)
    builder = Builder(Draft(numbers=NUMBERS), Positions(text, parts[0]))
    statement = tree(body, parts[0])
    if len(parts) > 1 or not isinstance(statement, ast.Expr):
        raise ExpressionError(f"not a value{EXPECTED}", text, parts[-1].start)
    node = statement.value
    if isinstance(node, ast.Call):
        name, arguments, shape = constructed(builder, node)
        spec = ValueSpec(text, shape, arguments, name, dtype)
    else:
        data = plain(builder, node)
        spec = ValueSpec(text, extent(data), data, "", dtype)
    if math.prod(spec.shape) > MAX_ELEMENTS:
        problem = f"the value would have {math.prod(spec.shape)} elements"
        raise ExpressionError(f"{problem}; at most {MAX_ELEMENTS} fit", text, 0)
    check_whole(spec)
    return spec


EXPECTED = ": write a number, a list such as [1, 2], or a constructor such as randn(2,3)"


def plain(builder: Builder, node: ast.expr) -> Literal:
    """Return a number, or nested tuples of numbers for a list."""
    found = builder.draft.constant(builder.visit(node, 1))
    if found is None:
        raise builder.at.fault(f"not a value{EXPECTED}", node)
    return found.value


def flat(data: Literal) -> list[bool | int | float]:
    """Return the numbers of nested tuples in order."""
    if isinstance(data, tuple):
        return [number for item in data for number in flat(item)]
    return [data] if isinstance(data, bool | int | float) else []


def check_whole(spec: ValueSpec) -> None:
    """Refuse fractions where the typed dtype holds whole numbers or truth values."""
    if spec.constructor or spec.dtype is None or spec.dtype in FLOATS:
        return
    for number in flat(spec.data):
        fits = number in (0, 1) if spec.dtype == "bool" else is_whole(number)
        if not fits:
            raise ExpressionError(f"{number} does not fit dtype {spec.dtype}", spec.text, 0)


def is_whole(number: float) -> bool:
    """Return whether a number is an integer that a tensor can hold."""
    return math.isfinite(number) and number == int(number) and not is_too_large(int(number))


def dtype_name(text: str) -> str:
    """Return the full name of a dtype: `f32` is float32. Raises InputError where unknown."""
    name = SHORT_DTYPES.get(text, text)
    if name not in DTYPES:
        raise InputError(f"unknown dtype '{text}' (must be one of {', '.join(DTYPES)})")
    return name


def float_dtype_name(text: str) -> str:
    """Return the full name of a dtype that can carry a gradient. Raises InputError if not."""
    name = dtype_name(text)
    if name not in FLOATS:
        problem = f"dtype {name} cannot carry a gradient"
        raise InputError(f"{problem} (must be one of {', '.join(FLOATS)})")
    return name


def parse_assignment(text: str) -> tuple[str, ValueSpec]:
    """Return the name and the value of `NAME=VALUE`. Raises InputError or ExpressionError."""
    name, equals, value = text.partition("=")
    name = name.strip()
    if not equals:
        raise InputError(f"'{text}' gives no value: write NAME=VALUE, as in a=10")
    if not name.isidentifier() or name in ("True", "False", "None"):
        raise InputError(f"'{name}' is not a name: write NAME=VALUE, as in a=10")
    if not value.strip():
        raise InputError(f"'{name}' has no value: write {name}=10")
    try:
        return name, parse_value(value)
    except ExpressionError as error:
        offset = text.index("=") + 1
        column = offset + error.column
        raise ExpressionError(f"{name}: {error.problem}", text, column) from None


def parse_assignments(texts: Iterable[str]) -> dict[str, ValueSpec]:
    """Return the values of several `NAME=VALUE`, in order. Raises InputError for a name twice."""
    found: dict[str, ValueSpec] = {}
    for text in texts:
        name, spec = parse_assignment(text)
        if name in found:
            raise InputError(f"'{name}' is given twice: {found[name].text} and {spec.text}")
        found[name] = spec
    return found


def keeps_kind(spec: ValueSpec) -> bool:
    """Return whether a value without a typed dtype stays bool or int64."""
    numbers = flat(spec.data)
    if spec.constructor:
        return spec.constructor in WHOLE_NUMBERS and all(isinstance(n, int) for n in numbers)
    return all(isinstance(number, bool) for number in numbers)


def whole_numbers_hint(specs: Mapping[str, ValueSpec]) -> str:
    """Return how to give the first value of whole numbers as such, or nothing without one."""
    for name, spec in specs.items():
        plain_numbers = not spec.constructor and spec.dtype is None and not keeps_kind(spec)
        if plain_numbers and all(is_whole(number) for number in flat(spec.data)):
            return f"for whole numbers write {name}={spec.text.strip()}:int64"
    return ""
