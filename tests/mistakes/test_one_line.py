"""What a user can get wrong: one clear line each, word for word, exit code 2 or 3, no traceback."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from graphstep.cli.main import main
from tests.mistakes.program import CHECK, EXPORT, NAMES, Case, check_lines

CASES: list[Case] = [
    # the expression
    ("unknown name", ["check", "3*a + c", "a=1"], 2,
     ["no value for 'c': give c=…", "  3*a + c", "        ^"]),
    ("near name", ["check", "alpha*2", "alpah=1"], 2,
     ["unknown name 'alpha' (values given: alpah); did you mean 'alpah'?", "  alpha*2", "  ^"]),
    ("unknown function", ["check", "3*a + foo(a)", "a=1"], 2,
     ["unknown function 'foo'; did you mean 'floor'?", "  3*a + foo(a)", "        ^"]),
    ("shape mismatch", ["check", "2*(a @ b)", "a=ones(2,3)", "b=ones(4,5)"], 2,
     ["mat1 and mat2 shapes cannot be multiplied (2x3 and 4x5)"
      " (operands: f32[2,3], f32[4,5])", "  2*(a @ b)", "     ^"]),
    ("index", ["check", "a[7]", "a=ones(3)"], 2,
     ["index 7 is out of bounds for dimension 0 with size 3 (operands: f32[3])", "  a[7]",
      "  ^"]),
    ("attribute", ["check", "a.__class__", "a=1"], 2,
     ["attribute access '.__class__' is not part of the expression language", "  a.__class__",
      "    ^"]),
    ("too deep", ["check", f"{'(' * 300}a{')' * 300}", "a=1"], 2,
     ["more than 100 levels of nesting", f"  …{'(' * 72}…", f"  {' ' * 37}^"]),
    ("huge power", ["check", "10**10**10*a", "a=1"], 2,
     ["the exponent 10000000000 is beyond ±10000", "  10**10**10*a", "  ^"]),
    ("huge tensor", ["check", "ones(100000,100000)*a", "a=1"], 2,
     ["the result would have 10000000000 elements; at most 16777216 fit",
      "  ones(100000,100000)*a", "  ^"]),
    ("empty", ["check", "", "a=1"], 2, ["the expression is empty", "  ", "  ^"]),
    ("no derivative", ["check", "a//2", "a=5"], 2,
     ["a//2 raised RuntimeError: derivative for aten::floor_divide is not implemented"]),
    # what cannot carry a gradient
    ("integers", ["check", "a*2", "a=[1,2]:int64"], 2,
     ["the output is int64, which carries no gradient"
      " (a is int64: a gradient needs a floating dtype)"]),
    ("no input", ["check", "3*ones(2)"], 2,
     ["the output depends on no input that requires a gradient"]),
    ("input not used", ["check", "3*ones(2)", "a=1"], 2,
     ["'a' is not used in the expression (it has no names)"]),
    # the values
    ("missing value", ["check", "a*b", "a=1"], 2,
     ["no value for 'b': give b=…", "  a*b", "    ^"]),
    ("extra value", ["check", "a*b", "a=1", "b=2", "c=3"], 2,
     ["'c' is not used in the expression (names: a, b)"]),
    ("value twice", ["check", "a", "a=1", "a=2"], 2, ["'a' is given twice: 1 and 2"]),
    ("bad dtype", ["check", "a", "a=1:int7"], 2,
     ["a: unknown dtype 'int7' (must be one of bfloat16, complex128, complex64, float16, float32,"
      " float64, bool, int16, int32, int64, int8, uint8)", "  a=1:int7", "      ^"]),
    ("bad dtype option", ["check", "a", "a=1", "--dtype", "int32"], 2,
     ["argument --dtype: 'int32' is none of float16, bfloat16, float32, float64", CHECK]),
    ("bad constructor", ["check", "a", "a=__import__('os')"], 2,
     ["a: unknown constructor '__import__' (must be one of arange, eye, full, linspace, ones,"
      " rand, randint, randn, zeros)", "  a=__import__('os')", "    ^"]),
    ("ragged list", ["check", "a", "a=[1,[2]]"], 2,
     ["a: the rows of the list differ in length", "  a=[1,[2]]", "    ^"]),
    ("seed shape", ["check", "exp(a)", "a=[1,2]", "--grad-output", "[1,2,3]"], 2,
     ["the seed has shape [3], the output v_1 has [2]"]),
    ("seed value", ["check", "exp(a)", "a=[1,2]", "--grad-output", "foo"], 2,
     ["unknown name 'foo' in a value", "  foo", "  ^"]),
    ("one seed for two", ["check", "user.py:pair", "a=1", "--grad-output", "1"], 2,
     ["2 outputs need 2 seeds, 1 given"]),
    # the file
    ("missing file", ["check", "nofile.py:f", "a=1"], 2, ["no file 'nofile.py'"]),
    ("no function", ["check", "user.py:nofun", "a=1"], 2,
     [f"'user.py' has no function 'nofun' (it has: {NAMES})"]),
    ("which function", ["check", "user.py", "a=1"], 2,
     [f"which function of 'user.py'? write user.py:boom (it has: {NAMES})"]),
    ("no callable", ["check", "user.py:NUMBER", "a=1"], 2,
     ["'NUMBER' in user.py is not callable: it is an int"]),
    ("import fails", ["check", "broken.py:f"], 2,
     ["could not import 'broken.py': ModuleNotFoundError: No module named 'nothing_like_this'"
      " (broken.py, line 1)"]),
    ("no Python", ["check", "syntax.py:f"], 2,
     ["could not import 'syntax.py': SyntaxError: invalid syntax (syntax.py, line 1)"]),
    ("no module", ["check", "no.such.module:f"], 2, ["no module named 'no.such.module'"]),
    ("argument missing", ["check", "user.py:two", "a=1"], 2,
     ["function 'two' needs values for: b (give b=…)"]),
    ("argument extra", ["check", "user.py:two", "a=1", "b=2", "c=3"], 2,
     ["function 'two' takes no argument 'c' (it takes: a, b)"]),
    # the user's code
    ("raises", ["check", "user.py:boom", "a=1"], 2,
     ["user.py:boom raised ValueError: the �[31mweights�[0m are gone"
      " (the run stopped after 1 operation)"]),
    ("quits", ["check", "user.py:quits", "a=1"], 2,
     ["user.py:quits raised SystemExit: bye (the run stopped after 0 operations)"]),
    ("recurses", ["check", "user.py:forever", "a=1"], 2,
     ["user.py:forever recursed without end"]),
    ("returns nothing", ["check", "user.py:nothing", "a=1"], 2,
     ["the result is None, not a tensor"]),
    ("returns text", ["check", "user.py:text", "a=1"], 2,
     ["the result is a str, not a tensor"]),
    ("returns integers", ["check", "user.py:whole", "a=[1,2]"], 2,
     ["the output is int64, which carries no gradient"]),
    ("returns a constant", ["check", "user.py:fixed", "a=1"], 2,
     ["the output depends on no input that requires a gradient (a: unused)"]),
    ("floats for classes", ["check", "user.py:classes", "a=ones(2,3)", "target=[0, 2]"], 2,
     ["user.py:classes raised RuntimeError: expected target dtype to be Long or Byte, but got Float"
      " (failed in nll_loss_forward(f32[2,3], f32[2]) at {folder}/user.py:28:12, after 2"
      " operations); for whole numbers write target=[0, 2]:int64"]),
    ("multiplies wrongly", ["check", "user.py:mismatch", "a=ones(2)"], 2,
     ["user.py:mismatch raised RuntimeError: size mismatch, got input (2), mat (2x3), vec (2)"
      " (failed in mv(f32[2,3], f32[2]) at {folder}/user.py:24:12, after 2 operations)"]),
    # the command
    ("unknown command", ["chekc", "a"], 2,
     ["no command 'chekc'; near: check",
      "usage: graphstep COMMAND … (graphstep --help lists the commands)"]),
    ("unknown option", ["check", "a", "a=1", "--devcie", "cpu"], 2,
     ["'--devcie' is no option of graphstep check; near: --device", CHECK]),
    ("no source", ["check"], 2, ["the following arguments are required: SOURCE", CHECK]),
    ("no output", ["export", "a*2", "a=1"], 2,
     ["the following arguments are required: -o/--output", EXPORT]),
    ("no such step", ["export", "a*2", "a=1", "-o", "x.svg", "--step", "99"], 2,
     ["no step 99: this trace has steps 0 to 3"]),
    ("unknown device", ["check", "a", "a=1", "--device", "gpu"], 2,
     ["unknown device 'gpu': say cpu, cuda or cuda:1"]),
    ("no tangent", ["table", "user.py:copied", "a=1", "--mode", "tangent"], 2,
     ["no tangent for v_1: no forward formula for _lazy_clone"]),
    ("no folder", ["export", "a*2", "a=1", "-o", "missing/x.svg"], 2,
     ["no folder 'missing' to write 'x.svg' to"]),
]  # fmt: skip


@pytest.mark.parametrize("case", CASES, ids=lambda case: case[0])
def test_one_clear_line(case: Case, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    check_lines(case, folder, capsys)


def test_a_value_changed_in_place_is_torchs_own_message(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "user.py:changed", "a=1"]) == 2
    seen = capsys.readouterr()
    assert seen.out == ""
    assert seen.err.startswith(
        "graphstep: user.py:changed raised RuntimeError: one of the variables needed for gradient"
        " computation has been modified by an inplace operation: [torch.FloatTensor []], which is"
        " output 0 of Exp, is at version 1; expected version 0 instead."
    )
    assert seen.err.count("\n") == 1


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a cuda device")
@pytest.mark.parametrize("command", ["check", "table", "step"])
def test_an_absent_device_has_its_own_exit_code(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([command, "a*2", "a=1", "--device", "cuda"]) == 3
    assert capsys.readouterr().err == (
        "graphstep: cuda was asked for, but torch sees no cuda device here\n"
    )


def test_what_the_users_code_prints_is_no_data(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", "user.py:talks", "a=1", "--json"]) == 0
    seen = capsys.readouterr()
    assert seen.err == "thinking\n"
    assert seen.out.startswith("{\n")


def test_a_process_ends_with_the_same_line_and_code(folder: Path) -> None:
    words = [sys.executable, "-m", "graphstep", "step", "user.py:boom", "a=1"]
    done = subprocess.run(words, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == (
        "graphstep: user.py:boom raised ValueError: the �[31mweights�[0m are gone"
        " (the run stopped after 1 operation)\n"
    )
