"""Notebooks: a cell traced by `%%graphstep`, the player below it, and a real notebook that runs."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import nbformat
import pytest
import torch
from IPython.core.error import UsageError
from nbclient import NotebookClient

import graphstep as gs
from graphstep.errors import InputError
from graphstep.notebook import Player, load_ipython_extension, trace_cell


class Shell:
    """Stand in for IPython's shell, which takes seconds to start."""

    def __init__(self, **names: Any) -> None:
        self.user_ns: dict[str, Any] = names
        self.magics: dict[tuple[str, str], Any] = {}

    def transform_cell(self, raw_cell: str) -> str:
        return raw_cell

    def register_magic_function(self, func: Any, magic_kind: str, magic_name: str) -> None:
        self.magics[magic_kind, magic_name] = func


def leaf(value: float) -> torch.Tensor:
    return torch.tensor(value, requires_grad=True)


def test_a_cell_is_traced_as_it_runs() -> None:
    a, b, k = leaf(10.0), leaf(20.0), torch.tensor(3.0)
    namespace: dict[str, Any] = {"b": b, "a": a, "k": k, "unused": leaf(1.0)}
    found = trace_cell("z = k*a\n# ä comment\nz + a*b\n", namespace)
    assert [found.values[i].label for i in found.recorded.inputs] == ["a", "b"]
    assert (found.value("z").item(), found.value("v_3").item()) == (30, 230)
    adjoint = found.adjoint("a")
    assert adjoint is not None
    assert adjoint.item() == 23
    assert namespace["z"].item() == 30
    assert found.origin.text == "z + a*b"
    place = found.values[2].source
    assert place is not None
    assert (place.line, place.column, place.end_column) == (3, 4, 7)
    assert found.check().ok
    assert a.grad is None


def test_two_cells_do_not_mix() -> None:
    namespace: dict[str, Any] = {"a": leaf(2.0)}
    first = trace_cell("y = a*a\ny", namespace)
    second = trace_cell("w = a + a\nw", namespace)
    assert [t.values[1].label for t in (first, second)] == ["y", "w"]
    assert trace_cell("w*3, a", namespace).value("v_2").item() == 12


@pytest.mark.parametrize(
    ("cell", "line"),
    [
        ("y = a*a", "the last line of the cell must be an expression: it is the output"),
        ("", "the last line of the cell must be an expression: it is the output"),
        ("3 + 4", "the result is a list, not a tensor"),
        ("a.detach()", "the output depends on no input that requires a gradient (a: detached)"),
    ],
)
def test_a_cell_without_an_output_is_refused(cell: str, line: str) -> None:
    with pytest.raises(InputError) as error:
        trace_cell(cell, {"a": leaf(2.0)})
    assert str(error.value) == line


def test_what_a_cell_raises_passes_through() -> None:
    with pytest.raises(ZeroDivisionError):
        trace_cell("a*a\n1/0", {"a": leaf(2.0)})


def test_the_magic_shows_keeps_and_plays() -> None:
    shell = Shell(a=leaf(2.0))
    load_ipython_extension(shell)
    magic = shell.magics["cell", "graphstep"]
    shown = magic("kept --grain contribution", "a*a")
    assert isinstance(shown, gs.Trace)
    assert shell.user_ns["kept"] is shown
    player = magic("--player --theme dark --grain contribution", "a*a + a")
    assert isinstance(player, Player)
    assert 'data-opened="dark"' in player.page
    assert "by term" in player.page


@pytest.mark.parametrize(
    ("words", "cell", "line"),
    [
        ("3x", "a*a", "%%graphstep: '3x' is no name for a trace"),
        ("'", "a*a", "%%graphstep: no closing quotation"),
        ("--colour red", "a*a", "%%graphstep: unrecognized arguments: --colour"),
        ("", "y = a*a", "the last line of the cell must be an expression: it is the output"),
    ],
)
def test_what_is_wrong_with_a_cell_is_one_line(words: str, cell: str, line: str) -> None:
    shell = Shell(a=leaf(2.0))
    load_ipython_extension(shell)
    with pytest.raises(UsageError) as error:
        shell.magics["cell", "graphstep"](words, cell)
    assert str(error.value) == line


def test_a_player_is_one_frame_that_holds_the_deck() -> None:
    found = gs.trace("3*a + a*b", a=10.0, b=20.0)
    player = found.player(3, height=500)
    shown = player._repr_mimebundle_()
    assert shown["text/plain"] == "<Player of '3*a + a*b'>"
    assert shown["text/html"].startswith('<iframe title="3*a + a*b" srcdoc="&lt;!DOCTYPE html&gt;')
    assert 'sandbox="allow-scripts"' in shown["text/html"]
    assert 'height="500"' in shown["text/html"]
    assert shown["text/html"].count('"') == 14
    with pytest.raises(InputError, match=r"^no step 10: this trace has steps 0 to 9$"):
        found.player(10)


def test_the_extension_is_found_where_ipython_looks() -> None:
    assert gs.load_ipython_extension is load_ipython_extension


def test_importing_graphstep_brings_in_no_ipython() -> None:
    code = "import sys, graphstep.notebook; print('IPython' in sys.modules, 'torch' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.split() == ["False", "False"]


@pytest.mark.full
@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_a_notebook_runs() -> None:
    cells = [
        "%load_ext graphstep\nimport torch\n"
        "a, b = (torch.tensor(x, requires_grad=True) for x in (10., 20.))",
        "%%graphstep kept\nz = 3*a\nz + a*b",
        "kept.player()",
        "%%graphstep --player\na*b",
        "float(kept.adjoint('a'))",
    ]
    code: dict[str, Any] = {
        "cell_type": "code",
        "metadata": {},
        "outputs": [],
        "execution_count": None,
    }
    written = [{**code, "id": f"cell-{k}", "source": text} for k, text in enumerate(cells)]
    text = json.dumps({"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})
    book = nbformat.reads(text, as_version=4)
    NotebookClient(book, timeout=120, kernel_name="python3").execute()
    outputs = [[out.get("data", out) for out in cell.outputs] for cell in book.cells]
    assert outputs[0] == []
    assert outputs[1][0]["image/svg+xml"].startswith("<?xml")
    assert outputs[1][0]["text/plain"] == "<Trace of 'z + a*b': 2 inputs, 3 values>"
    assert outputs[2][0]["text/html"].startswith("<iframe")
    assert outputs[3][0]["text/html"].startswith("<iframe")
    assert outputs[4][0]["text/plain"] == "23.0"
