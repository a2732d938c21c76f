"""What the user gave to differentiate: an expression, `file.py:function` or `package:function`."""

from __future__ import annotations

import inspect
import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol

from graphstep.errors import ExpressionError, InputError
from graphstep.expression import Program, parse, run
from graphstep.expression.suggest import as_product, near
from graphstep.source.loading import definitions, from_file, from_module, importable

if TYPE_CHECKING:
    from graphstep.recording.place import Place

OnPlace = Callable[["Place | None"], None]
MODULE = re.compile(r"[^\W\d]\w*(\.[^\W\d]\w*)*")


@dataclass(frozen=True, slots=True)
class Parameter:
    """Name one input of a source and say whether it may be left out."""

    name: str
    has_default: bool = False


class Source(Protocol):
    """Something to run with named inputs.

    `text` is what the user gave, `language` the code to show, and `program` the checked
    expression, None for a function.
    """

    @property
    def text(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def parameters(self) -> tuple[Parameter, ...]: ...
    @property
    def program(self) -> Program | None: ...

    def call(self, values: Mapping[str, Any], on_place: OnPlace = ...) -> Any:
        """Run the source once; `on_place` hears where an expression stands."""


def nowhere(place: Place | None) -> None:
    """Ignore a place."""


@dataclass(frozen=True)
class ExpressionSource:
    """Run a checked expression."""

    text: str
    program: Program = field(repr=False)

    @property
    def language(self) -> str:
        """The expression as typed."""
        return self.text

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The free names in order of first use."""
        return tuple(Parameter(name) for name in self.program.names)

    def call(self, values: Mapping[str, Any], on_place: OnPlace = nowhere) -> Any:
        """Return the output. Raises InputError or ExpressionError for values that do not fit."""
        program = self.program
        unused = [name for name in values if not self.uses(name)]
        for name, column in program.first_use.items():
            if name not in values:
                hint = as_product(name, values) or near(name, unused)
                given = ", ".join(values)
                problem = f"no value for '{name}': give {name}=…"
                if hint:
                    problem = f"unknown name '{name}' (values given: {given}){hint}"
                raise ExpressionError(problem, self.text, column)
        if unused:
            names = f"names: {', '.join(program.names)}" if program.names else "it has no names"
            raise InputError(f"'{unused[0]}' is not used in the expression ({names})")
        return run(program, values, on_place)

    def uses(self, name: str) -> bool:
        """Return whether a value of this name means something to the expression."""
        program = self.program
        return name in program.first_use or name in program.constants or name in program.calls


@dataclass(frozen=True)
class FunctionSource:
    """Run a function, or a module's forward, of a file or of an importable package.

    `folder` is on sys.path while it runs, `file` holds its code (None where there is none).
    """

    text: str
    name: str
    target: Callable[..., Any] = field(repr=False)
    folder: Path
    file: Path | None = None
    program: None = None

    @cached_property
    def signature(self) -> inspect.Signature:
        """What the target takes; a module's is that of its forward."""
        target = self.target
        try:
            return inspect.signature(getattr(target, "forward", target))
        except (TypeError, ValueError):
            problem = f"'{self.name}' does not say which arguments it takes"
            raise InputError(f"{problem}; call it in a function of yours") from None

    @cached_property
    def language(self) -> str:
        """The text of the file that holds the function; empty where it has none."""
        return self.file.read_text("utf-8", "replace") if self.file else ""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """The arguments in order, without *args and **kwargs."""
        return tuple(
            Parameter(one.name, one.default is not one.empty)
            for one in self.signature.parameters.values()
            if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)
        )

    def call(self, values: Mapping[str, Any], on_place: OnPlace = nowhere) -> Any:
        """Return the function's result. Raises InputError for arguments that do not fit.

        What the function itself raises passes through.
        """
        self.check(values)
        kinds = self.signature.parameters
        by_position = [one for one in kinds.values() if one.kind is one.POSITIONAL_ONLY]
        while by_position and by_position[-1].name not in values:
            by_position.pop()
        # What is left out before one that is given has to be handed over too.
        positional = [values.get(one.name, one.default) for one in by_position]
        named = {
            name: value
            for name, value in values.items()
            if name not in kinds or kinds[name].kind is not inspect.Parameter.POSITIONAL_ONLY
        }
        with importable(self.folder):
            return self.target(*positional, **named)

    def check(self, values: Mapping[str, Any]) -> None:
        """Refuse missing and unexpected arguments."""
        needed = [one.name for one in self.parameters if not one.has_default]
        missing = [name for name in needed if name not in values]
        if missing:
            give = " ".join(f"{name}=…" for name in missing)
            problem = f"function '{self.name}' needs values for: {', '.join(missing)}"
            raise InputError(f"{problem} (give {give})")
        kinds = {one.kind for one in self.signature.parameters.values()}
        taken = [one.name for one in self.parameters]
        for name in values:
            if name not in taken and inspect.Parameter.VAR_KEYWORD not in kinds:
                problem = f"function '{self.name}' takes no argument '{name}'"
                raise InputError(f"{problem} (it takes: {', '.join(taken) or 'none'})")


def resolve(text: str, seed: int = 0) -> Source:
    """Return what a SOURCE stands for.

    `path.py:name` and `package.module:name` are loaded, which runs that code, with torch's
    generator at `seed` and put back after; a module class is instantiated. Everything else is
    an expression. Raises InputError or ExpressionError.
    """
    found = parts(text)
    match found.kind:
        case "file":
            path = Path(found.owner)
            target = from_file(path, found.owner, found.name, seed)
            return FunctionSource(text, found.name, target, path.resolve().parent, path)
        case "module":
            target, file = from_module(found.owner, found.name, seed)
            return FunctionSource(text, found.name, target, Path.cwd(), file)
    return ExpressionSource(text, parse(text))


class Parts(NamedTuple):
    """Cut a SOURCE into the file or module that it names and the function there.

    Both are empty for an expression.
    """

    kind: Literal["expression", "file", "module"]
    owner: str = ""
    name: str = ""


def parts(text: str) -> Parts:
    """Return which kind of SOURCE a text is, without loading or parsing it.

    Raises InputError for a file that is named without a function.
    """
    owner, colon, name = text.strip().rpartition(":")
    if not colon and name.endswith(".py"):
        raise InputError(without_function(name))
    if owner.endswith(".py"):
        if not name:
            raise InputError(without_function(owner))
        return Parts("file", owner, name)
    if colon and MODULE.fullmatch(owner) and MODULE.fullmatch(name) and not reserved(owner, name):
        return Parts("module", owner, name)
    return Parts("expression")


def reserved(owner: str, name: str) -> bool:
    """Return whether a word of a module path is Python's own."""
    return any(keyword.iskeyword(word) for word in f"{owner}.{name}".split("."))


def without_function(shown: str) -> str:
    """Return the one line for a file that is named without a function."""
    path = Path(shown)
    if not path.is_file():
        return f"no file '{shown}'"
    names = definitions(path)
    return f"which function of '{shown}'? write {shown}:{listed(names)}"


def listed(names: Iterable[str]) -> str:
    """Return the first name and, in brackets, all of them."""
    found = list(names)
    return f"{found[0]} (it has: {', '.join(found)})" if found else "NAME (it has none)"
