"""How deep, long and wide an expression may be, and that any text at all is parsed or refused."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphstep.errors import ExpressionError
from graphstep.expression import build, parse
from graphstep.expression.limits import MAX_LENGTH


@pytest.mark.parametrize(
    "text",
    [
        "(" * 101 + "a" + ")" * 101,
        "-" * 9_000 + "a",
        "a" + ".sum()" * 1_500,
        "a" + "[0]" * 3_000,
        "a" + "**a" * 3_000,
        "sin(" * 120 + "a" + ")" * 120,
        "a" + ".T" * 4_000,
    ],
    ids=["brackets", "signs", "methods", "indices", "powers", "calls", "attributes"],
)
def test_deep_nesting_is_one_line(text: str) -> None:
    with pytest.raises(ExpressionError, match=r"^more than 100 levels of nesting"):
        parse(text)


def test_nesting_up_to_the_limit_is_fine() -> None:
    assert parse("(" * 100 + "a" + ")" * 100).names == ("a",)
    assert parse("-" * 99 + "a").names == ("a",)


def test_a_flat_sum_of_5000_terms_is_fine_and_leaves_the_recursion_limit() -> None:
    before = sys.getrecursionlimit()
    assert len(parse("+".join(["a"] * 5_000)).instructions) == 9_999
    assert sys.getrecursionlimit() == before


def test_length_limit() -> None:
    assert parse("a" + " " * (MAX_LENGTH - 1)).names == ("a",)
    with pytest.raises(ExpressionError) as caught:
        parse("a" * (MAX_LENGTH + 1))
    problem = "the expression has 10001 characters; at most 10000 are allowed"
    assert caught.value.problem == problem


def test_node_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "MAX_NODES", 4)
    assert parse("a + b").names == ("a", "b")
    with pytest.raises(ExpressionError, match=r"^more than 4 sub-expressions"):
        parse("a + b + c")


def test_parsing_imports_no_torch() -> None:
    code = (
        "import sys; from graphstep.expression import parse; parse('sin(a)'); "
        "print('torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


PIECES = st.sampled_from(
    [
        *"ab01().,;:=+-*/@%&|~<>[]{}'\"\\\n\t #^!?é",
        "**",
        "sin",
        "where(",
        "lambda ",
        ".sum()",
        "[0]",
        "import ",
        "__class__",
        "if ",
        "for a in ",
        "1e9",
        "f'",
        "z = ",
        "cat([",
        "not ",
        "\ud800",
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40))
def test_any_text_parses_or_is_an_expression_error(text: str) -> None:
    fault = None
    try:
        parse(text)
    except ExpressionError as error:
        fault = error
    if fault is not None:
        assert "\n" not in fault.problem
        assert 0 <= fault.column <= len(text)
        assert str(fault)
