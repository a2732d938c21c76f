"""Where each value was asked for, and what the user calls it."""

from __future__ import annotations

import _thread
import linecache
from collections.abc import Callable
from pathlib import Path
from queue import Queue

import pytest
import torch
from torch import Tensor, nn

import graphstep as gs
from graphstep.recording.location import user_frame
from graphstep.recording.operation import RawPlace
from graphstep.recording.place import Place
from tests.recording import programs


def said(trace: gs.Trace) -> list[str]:
    """Return the text that each computed value's place spans."""
    found = []
    for value in trace.values.values():
        place = value.source
        if value.i > 0 and place is not None:
            lines = [
                linecache.getline(place.file, k) for k in range(place.line, place.end_line + 1)
            ]
            lines[-1] = lines[-1][: place.end_column]
            lines[0] = lines[0][place.column :]
            found.append(" ".join("".join(lines).split()))
    return found


def labels(trace: gs.Trace) -> list[str | None]:
    return [value.label for value in trace.values.values() if value.i > 0]


def test_a_thread_of_torchs_engine_has_no_line_of_the_users() -> None:
    found: Queue[RawPlace] = Queue()

    def recorder() -> None:
        found.put(user_frame())

    _thread.start_new_thread(recorder, ())
    assert found.get(timeout=60) is None


SCALAR = torch.tensor(0.5)
VECTOR = torch.tensor([1.0, -2.0, 3.0, 0.5])


@pytest.mark.parametrize(
    ("function", "inputs", "texts", "names"),
    [
        (
            programs.straight,
            (SCALAR, SCALAR),
            ["a * b", "torch.sin(product)", "3 * a", "torch.sin(product) + 3 * a"],
            ["product", None, None, None],
        ),
        (
            programs.one_line,
            (SCALAR,),
            ["a * 2", "(a * 2).exp()", "a - 1", "(a - 1).tanh()",
             "(a * 2).exp() + (a - 1).tanh()"],
            [None] * 5,
        ),
        (programs.across_lines, (SCALAR, SCALAR), ["a * 2", "a * 2 + b"], [None, "total"]),
        (programs.greek, (SCALAR, SCALAR), ["α * β", "π[1] + α"], [None, None]),
        (
            programs.loop,
            (SCALAR,),
            ["x * 2", "x * 2 + 1"] * 3,
            [None, "x"] * 3,
        ),
        (
            programs.augmented,
            (SCALAR,),
            ["x * 1", "y += x", "y *= 2"],
            ["y", "y", "y"],
        ),
        (
            programs.unpacked,
            (VECTOR,),
            ["x.split(2)", "x.split(2)", "second.max(0)", "first.sum()", "first.sum() * biggest"],
            ["first", "second", "biggest", None, "result"],
        ),
        (programs.swapped, (SCALAR, SCALAR), ["a * 2", "b * 3", "c + d"], ["c", "d", None]),
        (programs.walrus, (SCALAR,), ["a * a", "(square := a * a) + square"], ["square", None]),
        (programs.annotated, (SCALAR,), ["a.exp()", "y * 1"], ["y", None]),
        (
            programs.linear,
            (VECTOR.reshape(2, 2), VECTOR.reshape(2, 2)),
            ["torch.nn.functional.linear(x, w)"] * 2 + ["hidden.sum()"],
            [None, "hidden", None],
        ),
        (programs.called_twice, (SCALAR,), ["z * z", "z * z", "p + q"], ["inner", "inner", None]),
        (programs.chained, (SCALAR,), ["a * 2", "p + q"], ["q", None]),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)  # fmt: skip
def test_places_and_names(
    function: Callable[..., Tensor],
    inputs: tuple[Tensor, ...],
    texts: list[str],
    names: list[str | None],
) -> None:
    trace = gs.trace(function, *inputs)
    assert sorted(said(trace)) == sorted(texts)
    assert labels(trace) == names
    assert trace.check().ok


def test_each_turn_of_a_comprehension_has_its_place() -> None:
    found = said(gs.trace(programs.comprehension, VECTOR[:2]))
    assert found.count("torch.sin(row)") == 2


def test_columns_are_exact() -> None:
    source = gs.trace(programs.straight, SCALAR, SCALAR).values[1].source
    line = programs.straight.__code__.co_firstlineno + 1
    assert source == Place(programs.__file__, line, 14, line, 19)
    assert str(source) == f"{programs.__file__}:{line}:15"


def test_columns_count_characters_not_bytes() -> None:
    source = gs.trace(programs.greek, SCALAR, SCALAR).values[1].source
    assert source is not None
    assert linecache.getline(source.file, source.line)[source.column : source.end_column] == "α * β"


def test_an_expression_knows_its_own_columns() -> None:
    text = "z = a*b; 3*a + z"
    trace = gs.trace(text, a=2.0, b=5.0)
    assert labels(trace) == ["z", None, None]
    places = [trace.values[i].source for i in (1, 2, 3)]
    assert [text[p.column : p.end_column] for p in places if p is not None] == [
        "a*b", "3*a", "3*a + z",
    ]  # fmt: skip
    assert {p.file for p in places if p is not None} == {"<expression>"}


def test_a_file_that_was_saved_anew_is_read_anew(tmp_path: Path) -> None:
    file = tmp_path / "net.py"
    for text, name, said_first in [
        ("def f(a):\n    z = a*a\n    return z\n", "z", "a*a"),
        ("def f(a):\n    square = a*a\n    return square\n", "square", "a*a"),
        ("def f(a):\n    square =  a  *  a\n    return square\n", "square", "a * a"),
        ("def f(a):\n    ä = a  *  a; ü = ä\n    return ü\n", "ä", "a * a"),
    ]:
        file.write_text(text, "utf-8")
        trace = gs.trace(f"{file}:f", a=2.0)
        assert (labels(trace), said(trace)) == ([name], [said_first])


def test_the_same_function_in_two_files_has_two_places(tmp_path: Path) -> None:
    files = [tmp_path / "one.py", tmp_path / "other.py"]
    for file in files:
        file.write_text("def f(a):\n    return a * a\n")
        source = gs.trace(f"{file}:f", a=2.0).values[1].source
        assert source is not None
        assert source.file == str(file)


def test_code_without_a_file_has_no_names() -> None:
    scope: dict[str, Callable[..., Tensor]] = {}
    exec(compile("def f(a):\n    y = a * 2\n    return y", "<made up>", "exec"), scope)
    trace = gs.trace(scope["f"], a=1.0)
    assert labels(trace) == [None]
    assert trace.check().ok


def test_module_paths() -> None:
    class Block(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.inner = nn.Linear(2, 2)

        def forward(self, x: Tensor) -> Tensor:
            return x + torch.tanh(self.inner(x))

    class Net(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layers = nn.ModuleList([Block(), Block()])
            self.head = nn.Linear(2, 1)

        def forward(self, x: Tensor) -> Tensor:
            for layer in self.layers:
                x = layer(x)
            out: Tensor = self.head(x)
            return out

    trace = gs.trace(Net(), torch.ones(1, 2), loss=lambda out: out.sum())
    assert [(v.op, v.module) for v in trace.values.values() if v.i > 0] == [
        ("t", "layers.0.inner"), ("addmm", "layers.0.inner"), ("tanh", "layers.0"),
        ("add", "layers.0"),
        ("t", "layers.1.inner"), ("addmm", "layers.1.inner"), ("tanh", "layers.1"),
        ("add", "layers.1"),
        ("t", "head"), ("addmm", "head"), ("sum", ""),
    ]  # fmt: skip
    assert [trace.values[i].label for i in trace.recorded.inputs] == [
        "layers.0.inner.weight", "layers.0.inner.bias", "layers.1.inner.weight",
        "layers.1.inner.bias", "head.weight", "head.bias",
    ]  # fmt: skip


def test_module_paths_in_a_function() -> None:
    net = nn.Sequential(nn.Linear(2, 2), nn.ReLU())
    trace = gs.trace(lambda x: net(x).sum(), torch.ones(1, 2))
    assert [v.module for v in trace.values.values() if v.i > 0] == ["0", "0", "1", ""]
    assert [trace.values[i].label for i in trace.recorded.inputs] == ["x", "0.weight", "0.bias"]


def test_two_modules_do_not_share_a_name() -> None:
    one, other = nn.Linear(2, 2), nn.Linear(2, 2)
    trace = gs.trace(lambda x: other(one(x)).sum(), torch.ones(1, 2))
    names = [trace.values[i].label for i in trace.recorded.inputs]
    assert names == ["x", "one.weight", "one.bias", "other.weight", "other.bias"]
    modules = [value.module for value in trace.values.values() if value.module]
    assert modules == ["one", "one", "other", "other"]
    with gs.record() as recording:
        y = other(one(torch.ones(1, 2))).sum()
    names = [v.label for v in recording.trace(y).values.values() if v.is_input]
    assert names == ["weight", "bias", "Linear1.weight", "Linear1.bias"]


def test_a_function_of_torchs_own_has_no_place_and_takes_no_name() -> None:
    result = gs.trace(torch.sin, torch.tensor(1.0))
    assert result.values[1].source is None
    assert result.values[1].label is None
