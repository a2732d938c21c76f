"""Typed values: what they become, and the words for those that cannot be."""

from __future__ import annotations

import math
import subprocess
import sys

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from graphstep.errors import ExpressionError, InputError
from graphstep.source.making import make_value, make_values
from graphstep.source.values import (
    float_dtype_name,
    parse_assignment,
    parse_assignments,
    parse_value,
)

NOT_A_VALUE = (
    "not a value: write a number, a list such as [1, 2], or a constructor such as randn(2,3)"
)
DTYPES = (
    "bfloat16, complex128, complex64, float16, float32, float64, "
    "bool, int16, int32, int64, int8, uint8"
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("10", torch.tensor(10.0)),
        ("-3.5e-2", torch.tensor(-0.035)),
        ("1/3", torch.tensor(1 / 3)),
        ("2*pi", torch.tensor(2 * math.pi)),
        ("-inf", torch.tensor(-math.inf)),
        ("[1, 2]", torch.tensor([1.0, 2.0])),
        ("[[1, 2.5], [-3, 4]]", torch.tensor([[1.0, 2.5], [-3.0, 4.0]])),
        ("True", torch.tensor(True)),
        ("[True, False]", torch.tensor([True, False])),
        ("[0, 1]:int64", torch.tensor([0, 1])),
        ("[0, 1]:bool", torch.tensor([False, True])),
        ("0.1 : f64", torch.tensor(0.1, dtype=torch.float64)),
        ("zeros(2, 3)", torch.zeros(2, 3)),
        ("ones((2, 3))", torch.ones(2, 3)),
        ("ones()", torch.ones(())),
        ("full((2, 3), 1.5)", torch.full((2, 3), 1.5)),
        ("arange(3)", torch.arange(3)),
        ("arange(1, 3):f32", torch.tensor([1.0, 2.0])),
        ("arange(0, 1, 0.25)", torch.arange(0, 1, 0.25)),
        ("linspace(0, 1, 5)", torch.linspace(0, 1, 5)),
        ("eye(2)", torch.eye(2)),
        ("eye(2, 3)", torch.eye(2, 3)),
    ],
)
def test_values(text: str, expected: torch.Tensor) -> None:
    spec = parse_value(text)
    made = make_value(spec)
    assert spec.shape == tuple(expected.shape)
    assert made.dtype == expected.dtype
    assert torch.equal(made, expected)


def test_dtype_option_is_for_floats_only() -> None:
    specs = parse_assignments(["a=0.1", "i=[0, 1]:int64", "m=True", "r=randint(0, 9, (3,))"])
    made = make_values(specs, dtype="float64")
    dtypes = {name: value.dtype for name, value in made.items()}
    expected = {"a": torch.float64, "i": torch.int64, "m": torch.bool, "r": torch.int64}
    assert dtypes == expected
    assert made["a"].item() == 0.1
    assert make_value(parse_value("1"), dtype="bf16").dtype == torch.bfloat16
    assert make_value(parse_value("randn(2)"), dtype="complex64").dtype == torch.complex64


def test_random_values_depend_on_seed_and_name_alone() -> None:
    before = torch.random.get_rng_state()
    a, b = parse_value("randn(2,3)"), parse_value("randn(2,3)")
    one = make_values({"a": a, "b": b}, seed=1)
    other = make_values({"b": b, "a": a}, seed=1)
    assert torch.equal(one["a"], other["a"])
    assert torch.equal(one["b"], other["b"])
    assert not torch.equal(one["a"], one["b"])
    assert not torch.equal(one["a"], make_values({"a": a}, seed=2)["a"])
    assert torch.equal(before, torch.random.get_rng_state())


def test_randint_and_rand_stay_in_range() -> None:
    drawn = make_value(parse_value("randint(2, 5, (100,))"))
    assert set(drawn.tolist()) == {2, 3, 4}
    uniform = make_value(parse_value("rand(100)"))
    assert 0 <= uniform.min() <= uniform.max() < 1


@pytest.mark.parametrize(
    ("text", "problem", "column"),
    [
        ("", "the value is empty", 0),
        ("x", "unknown name 'x' in a value", 0),
        ("[1, x]", "unknown name 'x' in a value", 4),
        (
            "1, 2",
            "a tuple of values (a list has brackets: [1, 2]) is not part of the expression "
            "language",
            0,
        ),
        ("1; 2", NOT_A_VALUE, 3),
        ("2*ones(3)", NOT_A_VALUE, 0),
        ("[[1, 2], [3]]", "the rows of the list differ in length", 0),
        ("[[1, 2], 3]", "the rows of the list differ in length", 0),
        ("[]", "the list is empty", 0),
        ("1/0", "division by zero between numbers", 0),
        ("9**9**9", "the exponent 387420489 is beyond ±10000", 0),
        (
            "'x'",
            "strings are not part of the expression language, except a few keyword arguments",
            0,
        ),
        (
            "rndn(2)",
            "unknown constructor 'rndn' (must be one of arange, eye, full, linspace, ones, rand, "
            "randint, randn, zeros); did you mean 'randn'?",
            0,
        ),
        ("ones(2, dtype=3)", "ones() takes no keywords here", 14),
        ("ones(1.5)", "wrong arguments of ones(): write ones(2, 3)", 0),
        ("ones(-1)", "wrong arguments of ones(): write ones(2, 3)", 0),
        ("randint(3)", "wrong arguments of randint(): write randint(0, 10, (3,))", 0),
        ("linspace(0, 1)", "wrong arguments of linspace(): write linspace(0, 1, 5)", 0),
        (
            "arange(0, 1, 0)",
            "wrong arguments of arange(): write arange(5) or arange(0, 1, 0.25)",
            0,
        ),
        (
            "zeros(100000, 100000)",
            "the value would have 10000000000 elements; at most 16777216 fit",
            0,
        ),
        ("1:flaot32", f"unknown dtype 'flaot32' (must be one of {DTYPES})", 2),
        ("1.5:int64", "1.5 does not fit dtype int64", 0),
        ("nan:int64", "nan does not fit dtype int64", 0),
        ("[0, 2]:bool", "2 does not fit dtype bool", 0),
    ],
)
def test_refused_values(text: str, problem: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse_value(text)
    assert caught.value.problem == problem
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("texts", "message"),
    [
        (["a"], "'a' gives no value: write NAME=VALUE, as in a=10"),
        (["1a=2"], "'1a' is not a name: write NAME=VALUE, as in a=10"),
        (["=2"], "'' is not a name: write NAME=VALUE, as in a=10"),
        (["a="], "'a' has no value: write a=10"),
        (["a=1", "b=2", "a=3"], "'a' is given twice: 1 and 3"),
        (["a=1+x"], "a: unknown name 'x' in a value\n  a=1+x\n      ^"),
    ],
)
def test_refused_assignments(texts: list[str], message: str) -> None:
    with pytest.raises(InputError) as caught:
        parse_assignments(texts)
    assert str(caught.value) == message


def test_refused_dtypes() -> None:
    with pytest.raises(InputError) as caught:
        make_value(parse_value("1"), dtype="flaot32")
    assert str(caught.value) == f"unknown dtype 'flaot32' (must be one of {DTYPES})"
    with pytest.raises(InputError) as caught:
        float_dtype_name("int64")
    floats = "bfloat16, complex128, complex64, float16, float32, float64"
    assert str(caught.value) == f"dtype int64 cannot carry a gradient (must be one of {floats})"
    with pytest.raises(InputError, match="cannot make 300:uint8 as uint8: "):
        make_value(parse_value("300:uint8"))


def test_assignment() -> None:
    name, spec = parse_assignment("a = [1, 2]")
    assert (name, spec.shape) == ("a", (2,))


def test_parsing_values_imports_no_torch() -> None:
    code = (
        "import sys, graphstep.source.values as v; v.parse_value('randn(2)'); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


PIECES = st.sampled_from(
    [*"0123456789.,[]()+-*/: =ae", "ones(", "randn(", "arange(", ":int64", "**"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(PIECES, max_size=15).map("".join) | st.text(max_size=20))
def test_any_text_is_a_value_or_an_input_error(text: str) -> None:
    try:
        spec = parse_value(text)
    except ExpressionError:
        return
    assert math.prod(spec.shape) <= 16_777_216
