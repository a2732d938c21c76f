"""What a reader asks for: a source, its values and its numbers, checked without running it."""

from __future__ import annotations

import re
import shlex
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from graphstep.errors import ExpressionError, InputError
from graphstep.expression import Program, parse
from graphstep.expression.suggest import near
from graphstep.source.sources import parts, without_function
from graphstep.source.values import parse_assignments

SAVED = ".graphstep"
"""The ending of a file that holds a trace."""
_NAME = re.compile(r"[^\W\d]\w*\s*=(?!=)")


@dataclass(frozen=True, slots=True)
class Request:
    """Describe a run as the command line does: every field is what its option would be given."""

    source: str
    assignments: tuple[str, ...] = ()
    dtype: str = "float32"
    seed: int = 0
    device: str = "cpu"
    order: str = "evaluation"
    grad_output: str | None = None
    grain: str = "adjoint"
    engine_order: bool = False

    @property
    def words(self) -> str:
        """The words after `graphstep step` that ask for the same, as a shell takes them."""
        plain = asdict(Request(self.source, self.assignments))
        options: list[str] = []
        for name, value in asdict(self).items():
            if value != plain[name]:
                options.append(f"--{name.replace('_', '-')}")
                options += [str(value)] if value is not True else []
        # After two minus signs nothing is an option.
        odd = ["--"] if self.source.startswith("--") else []
        return shlex.join([*options, *odd, self.source, *self.assignments])

    @property
    def python(self) -> str:
        """The lines of Python that make the same trace."""
        plain = asdict(Request(self.source, self.assignments, grain=self.grain))
        given = [repr(self.source), repr(list(self.assignments))]
        given += [f"{k}={v!r}" for k, v in asdict(self).items() if v != plain[k]]
        call = f"trace = open_source({', '.join(given)})"
        return f"from graphstep.api import open_source\n\n{call}\n"

    @property
    def file(self) -> Path | None:
        """The file that holds the source; None for an expression or a module."""
        owner, _, _ = self.source.strip().rpartition(":")
        return Path(owner) if owner.endswith(".py") else None

    @property
    def code(self) -> str:
        """The code to show before anything runs: the expression, or the file's text."""
        if self.file is None:
            return self.source
        try:
            return self.file.read_text("utf-8", "replace")
        except OSError:
            return ""

    @property
    def program(self) -> Program | None:
        """The parsed expression; None for a function.

        Raises ExpressionError where the expression is wrong, InputError for a file that is not
        there or is named without a function.
        """
        if self.source.strip().endswith(SAVED):
            return None
        found = parts(self.source)
        if found.kind == "file" and not Path(found.owner).is_file():
            raise InputError(without_function(found.owner))
        return parse(self.source) if found.kind == "expression" else None

    def missing(self) -> tuple[str, ...]:
        """Return the names of an expression that have no value yet. Raises as `check` does."""
        program = self.program
        given = parse_assignments(self.assignments)
        if program is None:
            return ()
        for name in given:
            known = {*program.first_use, *program.constants, *program.calls}
            if name not in known:
                names = ", ".join(program.names) or "none"
                problem = f"'{name}' is not used in the expression (names: {names})"
                raise InputError(f"{problem}{near(name, known)}")
        return tuple(name for name in program.names if name not in given)

    def check(self) -> None:
        """Raise InputError or ExpressionError for what is wrong before anything has run."""
        missing = self.missing()
        if missing:
            program = self.program
            assert program is not None
            column = program.first_use[missing[0]]
            problem = f"no value for '{missing[0]}': give {missing[0]}=…"
            raise ExpressionError(problem, self.source, column)


def request_from(data: object) -> Request | None:
    """Return the request that `asdict` gave, read back from a file; None where it is none."""
    if not isinstance(data, Mapping) or not isinstance(data.get("source"), str):
        return None
    kinds: dict[str, type | tuple[type, ...]] = {
        "dtype": str, "seed": int, "device": str, "order": str, "grain": str,
        "grad_output": (str, type(None)), "engine_order": bool,
    }  # fmt: skip
    known: dict[str, Any] = {
        name: data[name]
        for name, kind in kinds.items()
        if name in data and isinstance(data[name], kind)
    }
    assignments = data.get("assignments", ())
    if not isinstance(assignments, list) or not all(isinstance(a, str) for a in assignments):
        assignments = []
    return Request(data["source"], tuple(assignments), **known)


def split_assignments(line: str) -> tuple[str, ...]:
    """Return the `NAME=VALUE` texts of a line; spaces inside a value are its own.

    Raises InputError for a line that does not begin with a name.
    """
    starts = []
    depth = 0
    for at, character in enumerate(line):
        depth += (character in "[(") - (character in "])")
        first = at == 0 or line[at - 1].isspace() or line[at - 1] in ",;"
        if depth == 0 and first and _NAME.match(line, at):
            starts.append(at)
    head = line[: starts[0]] if starts else line
    if head.strip(" ,;"):
        raise InputError(f"{head.strip()!r} is not of the form NAME=VALUE")
    return tuple(line[a:b].strip(" ,;") for a, b in pairwise([*starts, len(line)]))
