"""Functions and modules of the user's files, imported without leaving traces on failure."""

from __future__ import annotations

import ast
import importlib
import importlib.util
import inspect
import itertools
import sys
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from graphstep.errors import InputError
from graphstep.expression.suggest import near

NUMBERS = itertools.count(1)
LATEST: dict[Path, str] = {}
"""By file, the name of the module that it was last run as; those before it are let go."""


class AsWritten(SourceFileLoader):
    """Compile a file from its text, and leave no bytecode beside it.

    Python takes bytecode for that of a file saved within the same second at the same length.
    """

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        code: CodeType = self.source_to_code(self.get_data(path), path)
        return code


def from_file(path: Path, shown: str, name: str, seed: int) -> Callable[..., Any]:
    """Run a Python file as a module of its own and return its function or module `name`.

    `shown` is the path as the user typed it. Raises InputError for a file that is not there or
    does not import, and for a name that is not there or cannot be called.
    """
    if not path.is_file():
        raise InputError(f"no file '{shown}'")
    folder = path.resolve().parent
    unique = f"graphstep_source_{next(NUMBERS)}_{path.stem}"
    spec = importlib.util.spec_from_file_location(unique, path.resolve())
    if spec is None or spec.loader is None:
        raise InputError(f"could not import '{shown}': it is no Python file")
    if isinstance(spec.loader, SourceFileLoader):
        spec.loader = AsWritten(unique, str(path.resolve()))
    module = importlib.util.module_from_spec(spec)
    before = set(sys.modules)
    sys.modules[unique] = module
    try:
        with importable(folder), seeded(seed):
            spec.loader.exec_module(module)
            found = chosen(module, shown, name)
    except InputError:
        forget(before, folder)
        raise
    except (Exception, SystemExit) as error:
        forget(before, folder)
        raise InputError(f"could not import '{shown}': {told(error, path)}") from error
    sys.modules.pop(LATEST.get(path.resolve(), ""), None)
    LATEST[path.resolve()] = unique
    return found


def from_module(dotted: str, name: str, seed: int) -> tuple[Callable[..., Any], Path | None]:
    """Import a module and return its function or module `name`, and the file that holds it."""
    before = set(sys.modules)
    try:
        with importable(Path.cwd()), seeded(seed):
            module = importlib.import_module(dotted)
            target = chosen(module, dotted, name)
    except InputError:
        raise
    except (Exception, SystemExit) as error:
        forget(before, Path.cwd())
        absent = error.name if isinstance(error, ModuleNotFoundError) else None
        if absent and f"{dotted}.".startswith(f"{absent}."):
            raise InputError(f"no module named '{dotted}'") from None
        raise InputError(f"could not import '{dotted}': {told(error, None)}") from error
    owner = inspect.unwrap(target) if inspect.isroutine(target) else type(target)
    try:
        file = inspect.getsourcefile(owner)
    except TypeError:
        file = None
    return target, Path(file) if file and Path(file).is_file() else None


def chosen(module: ModuleType, shown: str, name: str) -> Callable[..., Any]:
    """Return what a module calls `name`, a class of torch modules as an instance.

    `trainer.loss` is a method of an object.
    """
    first, *inner = name.split(".")
    if not hasattr(module, first):
        names = public(module)
        has = f"it has: {', '.join(names)}" if names else "it has none"
        raise InputError(f"'{shown}' has no function '{first}' ({has}){near(first, names)}")
    found = getattr(module, first)
    for place, attribute in enumerate(inner, start=1):
        path = ".".join([first, *inner[: place - 1]])
        if inspect.isclass(found):
            found = instance(found, shown, path)
        if not hasattr(found, attribute):
            names = [one for one in dir(found) if not one.startswith("_")]
            problem = f"'{path}' in {shown} has no '{attribute}'{near(attribute, names)}"
            raise InputError(problem)
        found = getattr(found, attribute)
    if inspect.isclass(found):
        return instance(found, shown, name)
    if not callable(found):
        kind = type(found).__name__
        article = "an" if kind[0] in "aeiou" else "a"
        raise InputError(f"'{name}' in {shown} is not callable: it is {article} {kind}")
    function: Callable[..., Any] = found
    return function


def instance(found: type[Any], shown: str, name: str) -> Callable[..., Any]:
    """Return a torch module made from its class."""
    import torch

    if not issubclass(found, torch.nn.Module):
        raise InputError(f"'{name}' in {shown} is a class, and no torch.nn.Module")
    needed = [
        one.name
        for one in inspect.signature(found).parameters.values()
        if one.default is one.empty and one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
    ]
    if needed:
        problem = f"class '{name}' in {shown} needs arguments to be made: {', '.join(needed)}"
        raise InputError(f"{problem} (name an instance or a function instead)")
    made: torch.nn.Module = found()
    return made


def public(module: ModuleType) -> list[str]:
    """Return the names of the functions, classes and torch modules that a module defines."""
    return [
        name
        for name, value in vars(module).items()
        if not name.startswith("_")
        and callable(value)
        and getattr(value, "__module__", None) == module.__name__
    ]


def definitions(path: Path) -> list[str]:
    """Return the names of the functions and classes of a file, read without running it."""
    try:
        body = ast.parse(path.read_bytes()).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [one.name for one in body if isinstance(one, kinds) and not one.name.startswith("_")]


@contextmanager
def importable(folder: Path) -> Iterator[None]:
    """Put a folder first on sys.path for a while."""
    entry = str(folder)
    sys.path.insert(0, entry)
    try:
        yield
    finally:
        if entry in sys.path:
            sys.path.remove(entry)


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Start torch's generator at a seed, for the weights of modules, and put it back after."""
    import torch

    with torch.random.fork_rng(devices=[]):
        torch.default_generator.manual_seed(seed)
        yield


def forget(before: set[str], folder: Path) -> None:
    """Drop the modules of a folder that were imported since; installed packages stay.

    A second import of torch in one process would crash, and an environment may lie below
    the user's folder.
    """
    for name in set(sys.modules) - before:
        file = getattr(sys.modules[name], "__file__", None)
        installed = file and "site-packages" in Path(file).parts
        if file and not installed and Path(file).is_relative_to(folder):
            del sys.modules[name]


def told(error: BaseException, path: Path | None) -> str:
    """Return "NameError: name 'x' is not defined (x.py, line 3)" for what an import raised."""
    frames = [(one.filename, one.lineno) for one in traceback.extract_tb(error.__traceback__)]
    own = [one for one in frames if path and Path(one[0]) == path.resolve()]
    where = (own or frames or [("", None)])[-1]
    words = str(error)
    if isinstance(error, SyntaxError):
        words = error.msg or ""
        where = (error.filename or "", error.lineno) if error.lineno else where
    first = "".join(c if c.isprintable() else " " for c in words.strip().split("\n")[0])
    line = f" ({Path(where[0]).name}, line {where[1]})" if where[1] else ""
    return f"{type(error).__name__}{': ' if first else ''}{first}{line}"
