"""What an expression may not compute: one line with its column, before anything is allocated."""

from __future__ import annotations

import re

import pytest

from graphstep.errors import ExpressionError, InputError
from graphstep.expression import parse, run
from tests.expression.test_evaluate import A, B

REFUSED = [
    ("3*a + c", "unknown name 'c' (values given: a, b)", 6),
    ("aa*a", "unknown name 'aa' (values given: a, b); did you mean 'a'?", 0),
    (
        "1 + ones(2, 3) @ ones(4, 5)",
        "mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5) (operands: f32[2,3], f32[4,5])",
        4,
    ),
    (
        "a*(ones(2) + ones(3))",
        "The size of tensor a (2) must match the size of tensor b (3) at non-singleton "
        "dimension 0 (operands: f32[2], f32[3])",
        3,
    ),
    (
        "a + b.sum(dim=5)",
        "Dimension out of range (expected to be in range of [-1, 0], but got 5) (operands: f32[])",
        4,
    ),
    ("max(ones(3), dim=0)", "the output is several tensors: pick one with [0]", 0),
    ("(split(ones(3), 1)*100000000)[8]", "these are several tensors: pick one with [0]", 1),
    (
        "a*(split(ones(3), 1) + split(ones(3), 1))",
        "these are several tensors: pick one with [0]",
        3,
    ),
    ("tanhshrink(sort(ones(3)))", "these are several tensors: pick one with [0]", 11),
    ("split(ones(3), 1).sum()", "these are several tensors: pick one with [0]", 0),
    ("ones(3)[sort(ones(3))]", "these are several tensors: pick one with [0]", 8),
    ("max(ones(3), dim=0)[2]", "the index must be a number below 2", 0),
    ("a.values", "'.values' needs a result of max, min, median, sort or topk", 0),
    ("split(ones(4), 2).values", "'.values' needs a result of max, min, median, sort or topk", 0),
    ("split(ones(4), 2).T", "'.T' needs one tensor", 0),
]


@pytest.mark.parametrize(("text", "problem", "column"), REFUSED)
def test_refused_runs(text: str, problem: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        run(parse(text), {"a": A, "b": B})
    assert caught.value.problem == problem
    assert caught.value.column == column


def test_refused_values() -> None:
    with pytest.raises(
        ExpressionError, match="'sin' is a value given here, so it cannot be called"
    ):
        run(parse("sin(a)"), {"a": A, "sin": A})
    with pytest.raises(ExpressionError, match=re.escape("unknown name 'a' (no values given)")):
        run(parse("a"), {})
    with pytest.raises(InputError, match="the value of 'a' must be a tensor or a number, not str"):
        run(parse("a"), {"a": "1"})  # type: ignore[dict-item]  # what is tested
    with pytest.raises(InputError, match="the value of 'a' does not fit in 64 bits"):
        run(parse("a*[1]"), {"a": 10**30})


@pytest.mark.parametrize(
    "text",
    [
        "zeros(100000, 100000)",
        "full((100000, 100000), 1)",
        "eye(5000)",
        "arange(10**9)",
        "linspace(0, 1, 10**9)",
        "ones(5000, 1)*ones(1, 5000)",
        "where(ones(5000, 1) > 0, ones(1, 5000), 0)",
        "outer(ones(5000), ones(5000))",
        "ones(5000, 1) @ ones(1, 5000)",
        "ones(5000, 1).matmul(ones(1, 5000))",
        "einsum('i,j->ij', ones(5000), ones(5000))",
        "einsum('i,j', ones(5000), ones(5000))",
        "ones(3).expand(10**9, 3)",
        "ones(3).repeat(10**9)",
        "tile(ones(3), (10**9,))",
        "broadcast_to(ones(1), (10**9,))",
        "diag(ones(5000))",
        "diag(ones(2), 10**5)",
        "cat([ones(9000000), ones(9000000)])",
        "ones(2, 4000000)[[0, 1, 0, 1, 0]]",
        "index_select(ones(2, 4000000), 0, [0, 1, 0, 1, 0])",
        "embedding([0, 1, 0, 1, 0], ones(2, 4000000))",
        "conv1d(ones(1, 1, 2), ones(1, 1, 2), padding=10**9)",
        "conv2d(ones(1, 1, 2, 2), ones(1, 1, 2, 2), padding=(10**5, 10**5))",
        "linear(ones(5000, 1), ones(5000, 1))",
        "scaled_dot_product_attention(ones(5000, 1), ones(5000, 1), ones(5000, 1))",
    ],
)
def test_large_results_are_refused_before_they_are_made(text: str) -> None:
    with pytest.raises(ExpressionError) as caught:
        run(parse(text), {})
    assert re.fullmatch(
        r"the result would have \d+ elements; at most 16777216 fit", caught.value.problem
    )


def test_all_results_together_are_limited() -> None:
    with pytest.raises(ExpressionError, match=r"^all results together have more than 268435456"):
        run(parse("x = ones(4096, 4096).T; " + "y = x.T; x = y.T; " * 10 + "x"), {})
