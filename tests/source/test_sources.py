"""Sources: which kind a text is, what it runs with, and the words for what cannot be."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch

from graphstep.errors import InputError
from graphstep.source.sources import FunctionSource, Parameter, Source, resolve

A, B = torch.tensor(10.0), torch.tensor(20.0)

NET = """
import torch
import near_by

def g(a, b=2.0, *rest, c=1.0):
    return near_by.twice(a) * b * c

def only(a, /, b):
    import near_by
    return a - b

def placed(a, b=100.0, c=2.0, /):
    return a + b * c

def anything(**values):
    return sum(values.values())

def fails(a):
    raise KeyError("mine")

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = torch.nn.Linear(2, 1)
    def forward(self, x):
        return self.layer(x)

class Wide(torch.nn.Module):
    def __init__(self, width):
        super().__init__()

class Plain:
    pass

net = Net()
number = 3
"""


@pytest.fixture
def net(tmp_path: Path) -> Iterator[str]:
    (tmp_path / "net.py").write_text(NET)
    (tmp_path / "near_by.py").write_text("def twice(x):\n    return 2*x\n")
    path, modules = list(sys.path), set(sys.modules)
    yield str(tmp_path / "net.py")
    assert sys.path == path
    for name in set(sys.modules) - modules:
        if name == "near_by" or name.startswith("graphstep_source_"):
            del sys.modules[name]


def names(source: Source) -> list[str]:
    return [one.name for one in source.parameters]


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        resolve(text)
    return str(caught.value)


def test_function_of_a_file(net: str) -> None:
    source = resolve(f"{net}:g")
    assert isinstance(source, FunctionSource)
    assert source.program is None
    assert source.parameters == (Parameter("a"), Parameter("b", True), Parameter("c", True))
    assert source.language == NET
    assert source.call({"a": A, "c": 3.0}).item() == 120.0


def test_positional_only_and_any_keywords(net: str) -> None:
    assert resolve(f"{net}:only").call({"b": B, "a": A}).item() == -10.0
    assert resolve(f"{net}:placed").call({"c": 1.0, "a": A}).item() == 110.0
    assert resolve(f"{net}:anything").call({"p": A, "q": B}).item() == 30.0


def test_modules_of_a_file(net: str) -> None:
    before = torch.random.get_rng_state()
    first, second = resolve(f"{net}:Net"), resolve(f"{net}:Net")
    assert torch.equal(before, torch.random.get_rng_state())
    assert names(first) == ["x"]
    x = torch.ones(2)
    assert torch.equal(first.call({"x": x}), second.call({"x": x}))
    assert resolve(f"{net}:net").call({"x": x}).shape == (1,)


def test_what_user_code_raises_passes_through(net: str) -> None:
    with pytest.raises(KeyError, match="mine"):
        resolve(f"{net}:fails").call({"a": A})


def test_function_arguments_must_fit(net: str) -> None:
    source = resolve(f"{net}:only")
    with pytest.raises(InputError) as caught:
        source.call({"a": A})
    assert str(caught.value) == "function 'only' needs values for: b (give b=…)"
    with pytest.raises(InputError) as caught:
        source.call({})
    assert str(caught.value) == "function 'only' needs values for: a, b (give a=… b=…)"
    with pytest.raises(InputError) as caught:
        source.call({"a": A, "b": B, "c": B})
    assert str(caught.value) == "function 'only' takes no argument 'c' (it takes: a, b)"


def test_refused_files(net: str) -> None:
    has = "g, only, placed, anything, fails, Net, Wide, Plain"
    assert refusal(f"{net}:f") == f"'{net}' has no function 'f' (it has: {has}, net)"
    assert refusal(f"{net}:onyl").endswith("; did you mean 'only'?")
    assert refusal(net) == f"which function of '{net}'? write {net}:g (it has: {has})"
    assert refusal(f"{net}:") == refusal(net)
    assert refusal(f"{net}:number") == f"'number' in {net} is not callable: it is an int"
    assert refusal(f"{net}:Plain") == f"'Plain' in {net} is a class, and no torch.nn.Module"
    assert refusal(f"{net}:Wide") == (
        f"class 'Wide' in {net} needs arguments to be made: width "
        "(name an instance or a function instead)"
    )


def test_refused_paths() -> None:
    assert refusal("nowhere.py") == "no file 'nowhere.py'"
    assert refusal("nowhere.py:f") == "no file 'nowhere.py'"
    assert refusal(r"C:\folder\x.py:f") == r"no file 'C:\folder\x.py'"


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import torch\n\nboom\n", "NameError: name 'boom' is not defined (x.py, line 3)"),
        ("def f(:\n", "SyntaxError: invalid syntax (x.py, line 1)"),
        (
            "import no_such_thing_here\n",
            "ModuleNotFoundError: No module named 'no_such_thing_here' (x.py, line 1)",
        ),
        ("import sys\nsys.exit(3)\n", "SystemExit: 3 (x.py, line 2)"),
        ("raise ValueError('a\\nb')\n", "ValueError: a (x.py, line 1)"),
        ("raise SyntaxError\n", "SyntaxError (x.py, line 1)"),
    ],
)
def test_files_that_do_not_import_leave_no_trace(tmp_path: Path, code: str, told: str) -> None:
    file = tmp_path / "x.py"
    (tmp_path / "beside_x.py").write_text("")
    file.write_text("import beside_x; " + code if code.startswith("import torch") else code)
    path, modules = list(sys.path), set(sys.modules)
    assert refusal(f"{file}:f") == f"could not import '{file}': {told}"
    assert sys.path == path
    assert set(sys.modules) == modules


def test_a_file_is_run_as_it_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    file = tmp_path / "mine.py"
    for factor in (3, 4):
        file.write_text(f"def f(a):\n    return {factor} * a\n")
        # As two saves within one second.
        os.utime(file, (10**9, 10**9))
        assert resolve(f"{file}:f").call({"a": 2}) == 2 * factor
    assert list(tmp_path.iterdir()) == [file]


def test_a_file_that_is_run_again_leaves_one_module(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    before = set(sys.modules)
    for factor in (3, 4):
        file.write_text(f"def f(a):\n    return {factor} * a\n")
        source = resolve(f"{file}:f")
    made = [name for name in sys.modules if name not in before and name.endswith("_mine")]
    assert len(made) == 1
    assert isinstance(source, FunctionSource)
    assert source.target.__module__ == made[0]


def test_a_method_of_an_object_in_a_file(tmp_path: Path) -> None:
    file = tmp_path / "train.py"
    file.write_text(
        "import torch\n"
        "class Trainer:\n    scale = 3\n    def loss(self, a):\n        return self.scale * a\n"
        "class Net(torch.nn.Module):\n    def loss(self, a):\n        return 2 * a\n"
        "trainer = Trainer()\n"
    )
    source = resolve(f"{file}:trainer.loss")
    assert names(source) == ["a"]
    assert source.call({"a": A}).item() == 30.0
    assert resolve(f"{file}:Net.loss").call({"a": A}).item() == 20.0
    assert resolve("torch.nn:functional.mse_loss").call({"input": A, "target": B}).item() == 100.0
    assert (
        refusal(f"{file}:trainer.los") == f"'trainer' in {file} has no 'los'; did you mean 'loss'?"
    )
    assert (
        refusal(f"{file}:trainer.scale")
        == f"'trainer.scale' in {file} is not callable: it is an int"
    )
    assert refusal(f"{file}:trianer.loss") == (
        f"'{file}' has no function 'trianer' (it has: Trainer, Net); did you mean 'Trainer'?"
    )
    assert refusal(f"{file}:Trainer.loss") == (
        f"'Trainer' in {file} is a class, and no torch.nn.Module"
    )


def test_function_of_a_package() -> None:
    source = resolve("torch.nn.functional:mse_loss")
    assert isinstance(source, FunctionSource)
    assert names(source)[:2] == ["input", "target"]
    assert "def mse_loss" in source.language
    assert source.call({"input": A, "target": B}).item() == 100.0


def test_refused_packages() -> None:
    assert refusal("foo.bar:f") == "no module named 'foo.bar'"
    assert refusal("json.bar:f") == "no module named 'json.bar'"
    assert refusal("json:dmups").startswith("'json' has no function 'dmups' (it has: ")
    assert refusal("math:pi") == "'pi' in math is not callable: it is a float"


def test_python_words_are_no_modules() -> None:
    assert refusal("lambda:a").startswith("lambda is not part of the expression language")
