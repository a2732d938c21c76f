"""The door of the command line: exit codes, help, pipes."""

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
