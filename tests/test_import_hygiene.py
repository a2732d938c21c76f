"""The light commands load none of the heavy modules, seen in a process of their own."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from graphstep.cli.command import ENTRIES

HEAVY = {"graphviz", "networkx", "numpy", "pygraphviz", "rich", "sympy", "textual", "torch"}

_REPORT = """
import json, runpy, sys
words = json.loads(sys.argv[1])
sys.argv = ["graphstep", *words]
code = 0
try:
    {action}
except SystemExit as stop:
    code = stop.code
print("\\n" + json.dumps([code or 0, sorted(name.partition(".")[0] for name in sys.modules)]))
"""
_COMMAND_LINE = "runpy.run_module('graphstep', run_name='__main__')"


def heavy_modules(action: str, *words: str) -> tuple[int, set[str]]:
    """Run a Python statement in a child; return its exit code and the heavy modules it loaded."""
    program = _REPORT.format(action=action)
    child = subprocess.run(
        [sys.executable, "-c", program, json.dumps(words)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    code, names = json.loads(child.stdout.splitlines()[-1])
    return code, set(names) & HEAVY


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ([], 0),
        (["--help"], 0),
        (["--version"], 0),
        (["demo", "--list"], 0),
        *[([entry.name, "--help"], 0) for entry in ENTRIES],
        (["stpe"], 2),
        (["--hlep"], 2),
        (["step"], 2),
        (["step", "a*b", "--dtpye", "float64"], 2),
        (["step", "a*b", "a"], 2),
        (["table", "a*b", "--format", "pdf"], 2),
        (["export", "a*b", "a=1", "b=2"], 2),
        (["demo", "none-of-these"], 2),
    ],
    ids=lambda value: (" ".join(value) or "alone") if isinstance(value, list) else str(value),
)
def test_a_light_command_loads_nothing_heavy(words: list[str], code: int) -> None:
    assert heavy_modules(_COMMAND_LINE, *words) == (code, set())


@pytest.mark.parametrize("module", ["graphstep", "graphstep.errors", "graphstep.cli.main"])
def test_a_light_module_loads_nothing_heavy(module: str) -> None:
    assert heavy_modules(f"import {module}") == (0, set())


def test_a_listed_but_unused_name_loads_nothing_heavy() -> None:
    assert heavy_modules("import graphstep; dir(graphstep); graphstep.InputError") == (0, set())


@pytest.mark.parametrize("module", ["networkx", "rich"])
def test_the_checker_sees_a_heavy_module(module: str) -> None:
    code, found = heavy_modules(f"import {module}")
    assert code == 0
    assert module in found
