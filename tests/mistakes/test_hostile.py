"""Text that would steer a terminal is shown as signs, wherever it was typed."""

from __future__ import annotations

from pathlib import Path

import pytest

from graphstep.cli.main import main
from tests.mistakes.program import CHECK, COMMANDS, HOSTILE, NAMES, QUOTED, SHOWN, Case, check_lines

CASES: list[Case] = [
    ("hostile expression", ["check", f"a{HOSTILE}", "a=1"], 2,
     ["the character U+001B is not allowed", f"  a{SHOWN}", "   ^"]),
    ("hostile value", ["check", "a", f"a={HOSTILE}"], 2,
     ["a: the character U+001B is not allowed", f"  a={SHOWN}", "    ^"]),
    ("hostile file", ["check", f"{HOSTILE}.py:f"], 2, [f"no file '{SHOWN}.py'"]),
    ("two lines in a file name", ["check", "x\ngraphstep: all is well.py:f"], 2,
     ["no file 'x�graphstep: all is well.py'"]),
    ("hostile function", ["check", f"user.py:{HOSTILE}", "a=1"], 2,
     [f"'user.py' has no function '{SHOWN}' (it has: {NAMES})"]),
    ("hostile device", ["check", "a", "a=1", "--device", HOSTILE], 2,
     [f"unknown device '{QUOTED}': say cpu, cuda or cuda:1"]),
    ("hostile option", ["check", "a", "a=1", f"--{HOSTILE}"], 2,
     [f"'--{QUOTED}' is no option of graphstep check", CHECK]),
    ("hostile command", [HOSTILE], 2,
     [f"no command '{QUOTED}'; there are {COMMANDS}",
      "usage: graphstep step SOURCE [NAME=VALUE …]"]),
    ("hostile seed", ["check", "exp(a)", "a=1", "--grad-output", HOSTILE], 2,
     ["the character U+001B is not allowed", f"  {SHOWN}", "  ^"]),
    ("hostile demo", ["demo", HOSTILE], 2, [f"no demo '{QUOTED}'; see graphstep demo --list"]),
    ("hostile rule", ["rules", HOSTILE], 2,
     [f"no rule of ours for '{QUOTED}'; torch's own node differentiates what has none"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_one_clear_line(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_lines(case, folder, capsys)


ENDINGS = (
    "(must be one of .svg, .png, .pdf, .html, .dot, .json, .graphml, .md, .tex, .csv, .txt, "
    ".graphstep, .gif, .typ, .reveal.html)"
)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("x.xyz", f"unknown ending '.xyz' {ENDINGS}"),
        ("x", f"'x' has no ending {ENDINGS}"),
        (f"x.{HOSTILE}", f"unknown ending '.{QUOTED}' {ENDINGS}"),
        ("taken.svg", "'taken.svg' is a folder; name a file"),
    ],
)
def test_a_file_that_cannot_be_written(
    name: str, line: str, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "taken.svg").mkdir()
    assert main(["export", "a*2", "a=1", "-o", name]) == 2
    assert capsys.readouterr() == ("", f"graphstep: {line}\n")
    assert not (folder / name).is_file()
