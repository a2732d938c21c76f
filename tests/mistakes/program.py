"""What the tests of mistakes share: a program with most of them, hints, and the one line."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphstep.cli.command import ENTRIES
from graphstep.cli.main import main

COMMANDS = ", ".join(entry.name for entry in ENTRIES)
Case = tuple[str, list[str], int, list[str]]
"""A name, the words after `graphstep`, the exit code, and the lines on stderr."""

PROGRAM = """\
import torch

NUMBER = 3


def boom(a):
    b = a * 2
    raise ValueError("the \\x1b[31mweights\\x1b[0m\\nare gone")


def forever(a):
    return forever(a * 1)


def nothing(a):
    a * 2


def text(a):
    return "hello"


def mismatch(a):
    return torch.ones(2, 3) @ a


def classes(a, target):
    return torch.nn.functional.cross_entropy(a, target)


def changed(a):
    return a.exp().mul_(2)


def fixed(a):
    return torch.ones(3) * 2


def whole(a):
    return a.argmax()


def quits(a):
    raise SystemExit("bye")


def two(a, b):
    return a * b


def pair(a):
    return a * 1, a * 2


def talks(a):
    print("thinking")
    return a * 2


def copied(a):
    return torch._lazy_clone(a)
"""
NAMES = (
    "boom, forever, nothing, text, mismatch, classes, changed, fixed, whole, quits, two, pair,"
    " talks, copied"
)
HOSTILE = "\x1b[31mred\x07"
SHOWN = "�[31mred�"
QUOTED = r"\x1b[31mred\x07"
CHECK = "usage: graphstep check SOURCE [NAME=VALUE …] [OPTION …] (graphstep check --help lists all)"
EXPORT = (
    "usage: graphstep export SOURCE [NAME=VALUE …] -o FILE [OPTION …]"
    " (graphstep export --help lists all)"
)


def check_lines(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Run the command of a case, and see that it ends with its code and says its lines alone."""
    _, words, code, lines = case
    assert main(words) == code
    seen = capsys.readouterr()
    first, *rest = [line.replace("{folder}", str(folder)) for line in lines]
    assert seen.err.split("\n") == [f"graphstep: {first}", *rest, ""]
    assert seen.out == ""
