"""The values a user types for names: `10`, `[1, 2]`, `randn(2,3)`, `[0, 1]:int64`."""

from __future__ import annotations

import ast
import math
import re
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from graphstep.errors import ExpressionError, InputError
from graphstep.expression.build import Builder, Draft
from graphstep.expression.constructors import constructed, real, whole
from graphstep.expression.limits import MAX_ELEMENTS
from graphstep.expression.literals import extent
from graphstep.expression.numbers import is_too_large
from graphstep.expression.program import Literal
from graphstep.expression.scan import statements
from graphstep.expression.syntax import Positions, tree

if TYPE_CHECKING:
    import torch

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


def make_values(
    specs: Mapping[str, ValueSpec],
    dtype: str | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
) -> dict[str, torch.Tensor]:
    """Return the tensors of named values; see `make_value`."""
    return {
        name: make_value(spec, dtype=dtype, seed=seed, device=device, name=name)
        for name, spec in specs.items()
    }


def make_value(
    spec: ValueSpec,
    dtype: str | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    name: str = "",
) -> torch.Tensor:
    """Return a fresh tensor of the described shape that does not require grad.

    Numbers become `dtype` (float32 by default), whole ones too, so that a=10 can carry a
    gradient; truth values stay bool, and arange and randint of whole numbers stay int64. A
    dtype typed after the value wins. Random values depend on `seed` and `name` alone: neither
    the order of the values, nor the device, nor torch's global generator matters.
    Raises InputError for a dtype that is unknown or cannot carry a gradient.
    """
    import torch

    chosen = spec.dtype or (float_dtype_name(dtype) if dtype else "float32")
    if spec.dtype is None and keeps_kind(spec):
        chosen = "int64" if spec.constructor else "bool"
    kind: torch.dtype = getattr(torch, chosen)
    try:
        if not spec.constructor:
            numbers = flat(spec.data)
            integral = chosen not in (*FLOATS, "bool")
            data = [int(one) for one in numbers] if integral else numbers
            return torch.tensor(data, dtype=kind).reshape(spec.shape).to(device)
        return construct(spec, kind, seed, name).to(device)
    except (RuntimeError, OverflowError, TypeError) as error:
        first = str(error).strip().splitlines()[0]
        raise InputError(f"cannot make {spec.text} as {chosen}: {first}") from error


def keeps_kind(spec: ValueSpec) -> bool:
    """Return whether a value without a typed dtype stays bool or int64."""
    numbers = flat(spec.data)
    if spec.constructor:
        return spec.constructor in WHOLE_NUMBERS and all(isinstance(n, int) for n in numbers)
    return all(isinstance(number, bool) for number in numbers)


def construct(spec: ValueSpec, kind: torch.dtype, seed: int, name: str) -> torch.Tensor:
    """Return what a constructor makes, on the cpu."""
    import torch

    arguments = spec.data if isinstance(spec.data, tuple) else ()
    generator = torch.Generator().manual_seed(zlib.crc32(f"{seed}:{name}".encode()))
    match spec.constructor:
        case "randn" | "rand" as random:
            drawn = kind if kind.is_floating_point or kind.is_complex else torch.float32
            function = torch.randn if random == "randn" else torch.rand
            return function(spec.shape, generator=generator, dtype=drawn).to(kind)
        case "randint":
            low, high = (0, arguments[0]) if len(arguments) == 2 else arguments[:2]
            low, high = whole(low), whole(high)
            return torch.randint(low, high, spec.shape, generator=generator).to(kind)
        case "full":
            return torch.full(spec.shape, real(arguments[1]), dtype=kind)
        case "arange":
            return torch.arange(*[real(one) for one in arguments], dtype=torch.float64).to(kind)
        case "linspace":
            start, end, count = (real(one) for one in arguments)
            return torch.linspace(start, end, int(count), dtype=torch.float64).to(kind)
        case "eye":
            return torch.eye(*spec.shape, dtype=kind)
    return (torch.ones if spec.constructor == "ones" else torch.zeros)(spec.shape, dtype=kind)
