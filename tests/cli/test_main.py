"""The door of the command line: usage errors word for word, exit codes, help."""

from __future__ import annotations

import gc
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import NoReturn

import pytest

from graphstep.cli import command
from graphstep.cli.main import help_text, main
from graphstep.cli.options import add_grain, add_source
from graphstep.cli.parser import Parser
from graphstep.errors import (
    EXIT_DISAGREED,
    EXIT_INPUT,
    EXIT_MISSING,
    EXIT_OK,
    ExpressionError,
    InputError,
    MissingError,
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


class _Failing(ModuleType):
    """Stand in for a command whose run fails."""

    failure: BaseException

    def add_arguments(self, parser: Parser) -> None:
        parser.add_argument("words", nargs="*")

    def run(self, _args: object) -> NoReturn:
        raise self.failure


@pytest.mark.parametrize(
    ("failure", "code", "text"),
    [
        (InputError("a is not given"), 2, "graphstep: a is not given\n"),
        (MissingError("no cuda here"), 3, "graphstep: no cuda here\n"),
        (
            ExpressionError("unknown name 'c'", "3*a + c", 6),
            2,
            "graphstep: unknown name 'c'\n  3*a + c\n        ^\n",
        ),
        (InputError("no file '\x1b[2J'"), 2, "graphstep: no file '\N{REPLACEMENT CHARACTER}[2J'\n"),
        (KeyboardInterrupt(), 130, ""),
    ],
    ids=["input", "missing", "expression", "escaped", "interrupt"],
)
def test_an_error_becomes_its_exit_code(
    failure: BaseException,
    code: int,
    text: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    module = _Failing("graphstep.cli.step")
    module.failure = failure
    monkeypatch.setitem(sys.modules, "graphstep.cli.step", module)
    assert main(["step"]) == code
    assert capsys.readouterr().err == text


def test_one_step_or_all_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["export", "a", "-o", "a.svg", "--step", "1", "--all-steps"]) == 2
    assert capsys.readouterr().err == (
        "graphstep: --step writes one step and --all-steps every one; give one of the two\n"
    )


@pytest.mark.skipif(sys.platform == "win32", reason="pipes break differently there")
def test_a_reader_that_leaves_ends_it_quietly() -> None:
    program = (
        "import sys; from graphstep.cli import main as door;"
        "door.help_text = lambda: 'x' * 10**6; sys.exit(door.main(['--help']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as child:
        assert child.stdout is not None
        assert child.stderr is not None
        assert child.stdout.read(1) == "x"
        child.stdout.close()
        assert child.stderr.read() == ""
    assert child.returncode == 141


def test_help_lists_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    text = capsys.readouterr().out
    for entry in command.ENTRIES:
        assert f"  {entry.name}" in text
        assert entry.help in text


@pytest.mark.parametrize(
    ("words", "options"),
    [(["help"], ["--help"]), (["help", "table"], ["table", "--help"]), (["version"], ["-V"])],
    ids=["help", "help table", "version"],
)
def test_help_and_version_need_no_minus(
    words: list[str], options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(options) == 0
    told = capsys.readouterr().out
    assert main(words) == 0
    assert capsys.readouterr().out == told
    assert "graphstep" in told


@pytest.mark.parametrize("entry", command.ENTRIES, ids=lambda entry: entry.name)
def test_every_command_has_help(
    entry: command.Entry, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    assert main([entry.name, "--help"]) == 0
    text = capsys.readouterr().out
    assert text.startswith(f"usage: graphstep {entry.name} {entry.usage}\n\n{entry.help}\n")
    assert max(map(len, text.splitlines())) <= 80


def test_a_picture_is_folded_from_the_command_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "a.dot"
    source = "sin(cos(sin(cos(sin(cos(a))))))"
    words = ["export", source, "a=1", "-o", str(path), "--collapse"]
    assert main([*words, "0", "--font", "Courier", "--font-size", "9", "--direction", "LR"]) == 0
    text = path.read_text()
    assert "3 × (cos, sin)" in text
    assert "fontname=Courier fontsize=9" in text
    assert "rankdir=LR" in text
    assert main([*words, "none", "--no-values", "--no-partials"]) == 0
    assert path.read_text().count("\\n") == 0
    capsys.readouterr()
    assert main([*words, "some"]) == 2
    assert "'some' is neither auto, none nor a level" in capsys.readouterr().err
    assert main([*words, "0", "--font-size", "big"]) == 2
    assert "'big' is no size in points" in capsys.readouterr().err


def test_help_names_every_exit_code_of_its_own() -> None:
    from graphstep.cli.live import EXIT_STOPPED

    text = help_text()
    for code in (EXIT_OK, EXIT_DISAGREED, EXIT_INPUT, EXIT_MISSING, EXIT_STOPPED):
        assert re.search(rf"\b{code} \w", text.partition("exit codes:")[2])


def test_only_a_process_of_its_own_collects_cycles_seldom(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = gc.get_threshold()
    assert main(["--version"]) == 0
    assert gc.get_threshold() == usual
    monkeypatch.setattr(sys, "argv", ["graphstep", "--version"])
    try:
        assert main() == 0
        assert gc.get_threshold() > usual
        assert gc.isenabled()
    finally:
        gc.set_threshold(*usual)


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
