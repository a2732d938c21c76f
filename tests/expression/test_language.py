"""What the expression language takes: names, white space, its width, and any text at all."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graphstep.errors import ExpressionError
from graphstep.expression import parse


def test_names_targets_and_labels() -> None:
    program = parse("z = b*a; w = (z + 1)\n3*a + z*w + pi")
    assert program.names == ("b", "a")
    assert program.targets == ("z", "w")
    assert dict(program.labels) == {(1, 4, 1, 7): "z", (1, 14, 1, 19): "w"}
    assert dict(program.constants) == {"pi": 33}


@pytest.mark.parametrize(
    "text",
    [
        "  3*a + a*b ",
        "3*a +\n  a*b",
        "(3*a\n + a*b)",
        "3*a \\\n+ a*b",
        "3*a+a*b # note",
        "\n3*a+a*b;\r\n",
    ],
)
def test_white_space_is_free(text: str) -> None:
    assert parse(text).names == ("a", "b")


@pytest.mark.parametrize(
    "text",
    [
        "softmax(x, dim=1)",
        "x.sum(dim=(0, 1), keepdim=True)",
        "x.T @ x.mT",
        "x[0] + x[:, 1:] + x[..., None] + x[i] + x[[0, 1]]",
        "cat([x, y], dim=0) + stack((x, y))",
        "where((x > 0) & ~(y <= 1) | (x != 2), x, 0)",
        "cross_entropy(x, [0, 2], reduction='sum', weight=w)",
        "layer_norm(x, (3,), weight=g, bias=b, eps=1e-5)",
        "max(x, dim=1).values + sort(x)[0]",
        "einsum('ij,jk->ik', x, y)",
        "clamp(x, min=-1, max=inf)",
        "x.reshape(2*3, -1).expand(6, 2)",
    ],
)
def test_the_language_is_wide_enough(text: str) -> None:
    assert parse(text).instructions


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
