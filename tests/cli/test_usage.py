"""Usage errors word for word, and the options that go or do not go together."""

from __future__ import annotations

import pytest

from graphstep.cli import command
from graphstep.cli.main import main
from graphstep.cli.options import add_grain, add_source
from graphstep.cli.parser import Parser
from graphstep.errors import (
    EXIT_INPUT,
    EXIT_OK,
)

HINT = "usage: graphstep table SOURCE [NAME=VALUE …] [OPTION …] (graphstep table --help lists all)"
NAMES = ", ".join(entry.name for entry in command.ENTRIES)
COMMANDS = "usage: graphstep COMMAND … (graphstep --help lists the commands)"


@pytest.mark.parametrize(
    ("words", "lines"),
    [
        (["tabel"], ["graphstep: no command 'tabel'; near: table", COMMANDS]),
        (
            ["xyz"],
            [
                f"graphstep: no command 'xyz'; there are {NAMES}",
                COMMANDS,
            ],
        ),
        (
            ["3*a", "a=1"],
            [
                f"graphstep: no command '3*a'; there are {NAMES}",
                "usage: graphstep step SOURCE [NAME=VALUE …]",
            ],
        ),
        (
            ["--verison"],
            ["graphstep: '--verison' is no option of graphstep; near: --version", COMMANDS],
        ),
        (["table"], ["graphstep: the following arguments are required: SOURCE", HINT]),
        (
            ["table", "a", "--dtpye", "float64"],
            ["graphstep: '--dtpye' is no option of graphstep table; near: --dtype", HINT],
        ),
        (
            ["table", "a", "--dtype", "int32"],
            [
                "graphstep: argument --dtype: 'int32' is none of "
                "float16, bfloat16, float32, float64",
                HINT,
            ],
        ),
        (
            ["table", "a", "--seed", "-1"],
            ["graphstep: argument --seed: '-1' is no whole number from 0 up", HINT],
        ),
        (
            ["table", "a*b", "a=1", "-x"],
            ["graphstep: argument NAME=VALUE: '-x' is not of the form NAME=VALUE", HINT],
        ),
        (
            ["table", "a", "a="],
            [
                "graphstep: argument NAME=VALUE: 'a=' is not of the form NAME=VALUE, without "
                "spaces beside the =",
                HINT,
            ],
        ),
        (
            ["table", "3*a", "+", "a*b", "a=1", "b=2"],
            [
                "graphstep: argument NAME=VALUE: '+' is not of the form NAME=VALUE; an "
                "expression with spaces needs quotes",
                HINT,
            ],
        ),
        (
            ["table", "a", "\x1b[2J"],
            ["graphstep: argument NAME=VALUE: '\\x1b[2J' is not of the form NAME=VALUE", HINT],
        ),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_usage_error_is_a_line_and_a_hint(
    words: list[str], lines: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(words) == 2
    seen = capsys.readouterr()
    assert seen.err.splitlines() == lines
    assert seen.out == ""


@pytest.mark.parametrize(
    ("words", "source", "assignments"),
    [
        (["-a*b", "a=2", "b=3"], "-a*b", ["a=2", "b=3"]),
        (["-a * b"], "-a * b", []),
        (["-1"], "-1", []),
        (["a*b", "a=-2"], "a*b", ["a=-2"]),
        (["a*b", "--grain", "contribution", "a=2", "b=3"], "a*b", ["a=2", "b=3"]),
        (["--grain", "adjoint", "--", "-a*b", "a=2"], "-a*b", ["a=2"]),
        (["--", "-h", "h=2"], "-h", ["h=2"]),
        (["--", "--h", "h=2"], "--h", ["h=2"]),
        (["a", "a=1", "--grad-output", "-1e-3"], "a", ["a=1"]),
    ],
    ids=" ".join,
)
def test_an_expression_may_begin_with_a_minus(
    words: list[str], source: str, assignments: list[str]
) -> None:
    parser = Parser(prog="graphstep step", usage="", description="")
    add_source(parser)
    add_grain(parser)
    args = parser.read(words)
    assert (args.source, args.assignments) == (source, assignments)
    assert args.grad_output == ("-1e-3" if "-1e-3" in words else None)


@pytest.mark.parametrize("command", ["table", "check", "why", "step", "compare", "descend"])
def test_the_precision_is_that_of_every_command(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = [command, "exp(a) - a", "a=1.0", "--dtype", "float64", "--precision"]
    assert main([*words, "11"]) == 0
    assert "1.71828182846" in capsys.readouterr().out
    assert main([*words, "2"]) == 0
    out = capsys.readouterr().out
    assert "1.72" in out
    assert "1.718" not in out
    assert main([*words, "0"]) == 2
    assert capsys.readouterr() == ("", "graphstep: no precision 0: it is 1 to 17 decimals\n")


@pytest.mark.parametrize("command", ["check", "why", "compare", "descend"])
def test_json_has_every_digit(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "exp(a) - a", "a=1.0", "--json", "--precision", "3"]) == 2
    assert capsys.readouterr() == (
        "",
        "graphstep: JSON has every digit of a number; leave out --precision\n",
    )


def test_what_prints_no_numbers_takes_no_precision(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["rules", "--precision", "3"]) == 2
    assert "--precision" in capsys.readouterr().err


def test_a_seed_without_a_tangent_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["table", "a*b", "a=1", "b=2", "--wrt", "b"]) == EXIT_INPUT
    error = capsys.readouterr().err
    assert error == "graphstep: --wrt names the input of --mode tangent; give both\n"
    assert main(["table", "a*b", "a=1", "b=2", "--wrt", "b", "--mode", "tangent"]) == EXIT_OK
    assert "v̇₁   = v̇₋₁·∂v₁/∂v₋₁ + v̇₀·∂v₁/∂v₀  = v̇₋₁·v₀ + v̇₀·v₋₁  = 0·2 + 1·1  = 1" in (
        capsys.readouterr().out
    )
