"""What is asked for, checked before anything runs, and written as the words of a shell."""

from __future__ import annotations

import json
import shlex
from dataclasses import asdict

import pytest

from graphstep.cli.command import ENTRIES
from graphstep.cli.live import request_of
from graphstep.errors import InputError
from graphstep.source.request import Request, request_from, split_assignments


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("", ()),
        ("a=10 b=20", ("a=10", "b=20")),
        ("a = [[1, 2], [3, 4]]  b=randn(2, 3)", ("a = [[1, 2], [3, 4]]", "b=randn(2, 3)")),
        ("a=1, b=2; c=3", ("a=1", "b=2", "c=3")),
        ("a= b=", ("a=", "b=")),
        ("v2=[0, 1]:int64", ("v2=[0, 1]:int64",)),
    ],
)
def test_a_line_of_values_is_split_at_its_names(line: str, found: tuple[str, ...]) -> None:
    assert split_assignments(line) == found


def test_a_line_that_begins_with_no_name_is_refused() -> None:
    with pytest.raises(InputError, match=r"^'10' is not of the form NAME=VALUE$"):
        split_assignments("10 a=3")


@pytest.mark.parametrize(
    ("request_", "problem"),
    [
        (Request("a*b", ("a=1",)), "no value for 'b': give b=…\n  a*b\n    ^"),
        (Request("3*a +", ("a=1",)), "invalid syntax\n  3*a +\n       ^"),
        (
            Request("a*bb", ("a=1", "b=2")),
            "'b' is not used in the expression (names: a, bb); did you mean 'bb'?",
        ),
        (Request("none.py:f"), "no file 'none.py'"),
        (Request("none.py"), "no file 'none.py'"),
    ],
)
def test_what_is_wrong_is_known_without_a_run(request_: Request, problem: str) -> None:
    with pytest.raises(InputError) as raised:
        request_.check()
    assert str(raised.value) == problem


@pytest.mark.parametrize(
    "asked",
    [
        Request("3*a + a*b", ("a=10", "b=20")),
        Request("-a*b", ("a=[1, 2]", "b=2"), dtype="float64", seed=7),
        Request("--h", ("h=2",), device="cuda", order="level", grad_output="3"),
    ],
)
def test_the_words_of_a_request_ask_for_the_same(asked: Request) -> None:
    entry = next(entry for entry in ENTRIES if entry.name == "step")
    args = entry.parser(entry.load()).read(shlex.split(asked.words))
    assert request_of(args) == asked


def test_a_request_survives_a_file_and_rubbish_is_none() -> None:
    asked = Request("a", ("a=1",), dtype="float64", seed=3, grad_output="2")
    assert request_from(json.loads(json.dumps(asdict(asked)))) == asked
    assert request_from({"source": 3}) is None
    assert request_from([1]) is None
    assert request_from({"source": "a", "assignments": [1], "seed": "x"}) == Request("a")
