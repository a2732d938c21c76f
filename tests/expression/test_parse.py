"""What the expression language refuses, in which words, and where its limits are."""

from __future__ import annotations

import sys

import pytest

from graphstep.errors import ExpressionError
from graphstep.expression import build, parse
from graphstep.expression.limits import MAX_LENGTH

COMPARISON = "a comparison is only allowed inside the first argument of where(…)"
NOT_PART = "not part of the expression language"
STRINGS = f"strings are {NOT_PART}, except a few keyword arguments"

REFUSED = [
    ("", "the expression is empty", 0),
    (" ;; # only a comment", "the expression is empty", 0),
    ("a +", "invalid syntax", 3),
    ("(a", "'(' is never closed", 0),
    ("a)", "')' closes nothing", 1),
    ("(a]", "']' does not match '('", 2),
    ("(a; b)", "';' inside brackets", 2),
    ("3a + b", "invalid syntax: write '*' between factors, as in 3*a", 1),
    ("b + 2.5 + 3sin(a)", "invalid syntax: write '*' between factors, as in 3*sin", 11),
    ("1 + sin a", "invalid syntax: write sin(a) for sin a", 4),
    ("1 + a b", "invalid syntax: write '*' between factors, as in a*b", 6),
    ("a b if c", "invalid syntax: write '*' between factors, as in a*b", 2),
    ("a if b", "invalid syntax", 0),
    ("1 + a²", "invalid syntax: write **2 for ²", 5),
    ("a¹²*b", "invalid syntax: write **12 for ¹²", 1),
    ("2*|a - b|", "invalid syntax: write abs(a - b) for |a - b|", 2),
    ("a\0b", "the character U+0000 is not allowed", 1),
    ("a\ud800", "the character U+D800 is not allowed", 1),
    ("'x", "the string is never closed", 0),
    ("a + 'x'", STRINGS, 4),
    ("b'x'", STRINGS, 0),
    ("f'{a}'", f"f-strings are {NOT_PART}", 0),
    ("2j*a", f"complex numbers are {NOT_PART}", 0),
    ("None", "None is not a number", 0),
    ("lambda: a", f"lambda is {NOT_PART}", 0),
    ("[a for a in b]", f"comprehensions are {NOT_PART}", 0),
    ("{1: a}", f"dictionaries are {NOT_PART}", 0),
    ("{a}", f"sets are {NOT_PART}", 0),
    ("a if b else c", f"'if … else' (write where(condition, a, b)) is {NOT_PART}", 0),
    ("a and b", f"'and' and 'or' (write & and | inside where) are {NOT_PART}", 0),
    ("not a", f"'not' (write ~ inside where) is {NOT_PART}", 0),
    ("(z := a)", f"':=' (write z = …; …) is {NOT_PART}", 1),
    ("(a, b)", f"a tuple of values (a list has brackets: [1, 2]) is {NOT_PART}", 0),
    ("a ^ 2", f"'^' (powers are written **) is {NOT_PART}", 0),
    ("a << 2", f"'<<' is {NOT_PART}", 0),
    ("import os", f"import is {NOT_PART}", 0),
    ("a += 1", f"an assignment such as += (write z = z + …) is {NOT_PART}", 0),
    ("del a", f"del is {NOT_PART}", 0),
    ("__import__('os')", f"'__import__' is {NOT_PART}", 0),
    ("a + __name__", f"'__name__' is {NOT_PART}", 4),
    ("__a = 1; a", f"'__a' is {NOT_PART}", 0),
    ("().__class__", f"attribute access '.__class__' is {NOT_PART}", 3),
    ("a.data", f"attribute access '.data' is {NOT_PART}", 2),
    ("a.sum", "'.sum' is a method: write .sum()", 2),
    ("a.grad_fn.next_functions", f"attribute access '.next_functions' is {NOT_PART}", 10),
    ("sine(a)", "unknown function 'sine'; did you mean 'sin'?", 0),
    ("2 + ln(a)", "unknown function 'ln'; did you mean 'log'?", 4),
    ("eval('1')", "unknown function 'eval'", 0),
    ("view(a, 2)", "unknown function 'view'; it is a method: write x.view(…)", 0),
    ("a.summ()", "unknown method '.summ'; did you mean '.sum'?", 2),
    (
        "a.cross_entropy(b)",
        "unknown method '.cross_entropy'; it is a function: write cross_entropy(…)",
        2,
    ),
    ("a.exp_()", f"unknown method '.exp_'; in-place methods are {NOT_PART}", 2),
    ("torch.sin(a)", "write sin(…) without 'torch.'", 0),
    ("a[0](b)", "only listed functions and methods can be called", 0),
    ("sin(*a)", f"unpacking with '*' is {NOT_PART}", 4),
    ("sum(a, **b)", f"unpacking with '**' is {NOT_PART}", 7),
    ("sin(a, b)", "sin() takes at most 1 argument, 2 given", 7),
    ("softmax(a)", "softmax() needs at least 2 arguments, 1 given", 0),
    (
        "softmax(a, dmi=1)",
        "unknown keyword 'dmi' of softmax() (it takes: dim); did you mean 'dim'?",
        11,
    ),
    ("sum(a, out=b)", "unknown keyword 'out' of sum() (it takes: dim, keepdim)", 7),
    ("relu(a, inplace=True)", "unknown keyword 'inplace' of relu()", 8),
    ("sum(a, dim=b)", "keyword 'dim' of sum() must be a literal number or tuple", 11),
    ("a.reshape(2, b)", "argument 2 of reshape() must be a literal number or tuple", 13),
    (
        "mse_loss(a, b, reduction='summ')",
        "keyword 'reduction' of mse_loss() cannot be this string (must be one of none, mean, sum)",
        25,
    ),
    ("einsum(a, b)", "argument 1 of einsum() must be an equation such as 'ij,jk->ik'", 7),
    ("einsum('i%', b)", "the equation of einsum() may hold letters, ',', '.' and one '->'", 7),
    ("a > b", COMPARISON, 0),
    ("where(a, b > 0, a)", COMPARISON, 9),
    ("where(sin(a > 0), a, b)", COMPARISON, 10),
    ("where(0 < a < 1, a, b)", "a chained comparison: write (a < b) & (b < c)", 6),
    ("where(a is b, a, b)", f"'is' is {NOT_PART}", 6),
    ("a & b", "'&' is only allowed inside the first argument of where(…)", 0),
    ("~a", "'~' is only allowed inside the first argument of where(…)", 0),
    ("a**20000", "the exponent 20000 is beyond ±10000", 0),
    ("a**-20000", "the exponent -20000 is beyond ±10000", 0),
    ("9**9**9", "the exponent 387420489 is beyond ±10000", 0),
    ("10**9999", "the number 10**9999 is too large", 0),
    ("a + 1/0", "division by zero between numbers", 4),
    ("(-8)**0.5", "(-8)**0.5 is not a real number", 0),
    ("2 @ 3", "'@' needs tensors, not two numbers", 0),
    ("9223372036854775808*a", "the integer does not fit in 64 bits", 0),
    ("[a, b]", "a list of tensors is only allowed in cat, stack, hstack and vstack", 1),
    ("[[1, 2], [3]]*a", "the rows of the list differ in length", 0),
    ("[]*a", "the list is empty", 0),
    ("a[1.5]", "an index must be an integer, not 1.5", 2),
    ("a[::-1]", "the step of a slice must be 1 or more", 2),
    ("a[b:]", "the bounds of a slice must be literal integers", 2),
    ("a; b", "the value of this statement is not used: write z = … to name it", 0),
    ("x, y = a; x", "an assignment needs exactly one name on its left", 0),
    ("sin = a; sin(a)", "'sin' is a value assigned here, so it cannot be called", 9),
    ("é*a.data", f"attribute access '.data' is {NOT_PART}", 4),
]


@pytest.mark.parametrize(("text", "problem", "column"), REFUSED)
def test_refused_text_gives_one_line_and_the_column(text: str, problem: str, column: int) -> None:
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert caught.value.problem == problem
    assert caught.value.column == column


def test_signs_of_print_are_those_of_python() -> None:
    printed, plain = parse("z = 3·a − b×a; −z÷2 ⋅ b"), parse("z = 3*a - b*a; -z/2 * b")
    assert printed.instructions == plain.instructions
    assert printed.labels == plain.labels
    assert printed.text == "z = 3·a − b×a; −z÷2 ⋅ b"
    assert parse("a ·\nb").instructions == parse("a * b").instructions
    with pytest.raises(ExpressionError) as caught:
        parse("2·sine(a)")
    assert str(caught.value).splitlines()[1:] == ["  2·sine(a)", "    ^"]


def test_the_message_shows_the_line_and_a_caret() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("z = a*b\n3*a + sine(z)")
    expected = "unknown function 'sine'; did you mean 'sin'?\n  3*a + sine(z)\n        ^"
    assert str(caught.value) == expected


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
