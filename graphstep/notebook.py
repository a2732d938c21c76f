"""graphstep in a notebook: the step deck below a cell, and `%%graphstep`, which traces a cell."""

from __future__ import annotations

import argparse
import ast
import linecache
import shlex
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from html import escape
from itertools import count
from types import CodeType
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from graphstep.errors import GraphstepError, InputError

if TYPE_CHECKING:
    from graphstep.api import Trace

HEIGHT = 640
GRAINS = ("adjoint", "contribution")
THEMES = ("light", "dark", "print")
_numbers = count(1)


class Shell(Protocol):
    """What is used here of IPython's shell."""

    user_ns: dict[str, Any]

    def transform_cell(self, raw_cell: str) -> str:
        """Return a cell as plain Python."""

    def register_magic_function(
        self, func: Callable[[str, str], object], magic_kind: str, magic_name: str
    ) -> None:
        """Make a function a magic."""


@dataclass(frozen=True, slots=True)
class Player:
    """Show a step deck below a cell, in a frame that may run the deck's script and no more."""

    page: str
    height: int = HEIGHT
    title: str = ""

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/html": self._frame(), "text/plain": repr(self)}

    def _frame(self) -> str:
        return (
            f'<iframe title="{escape(self.title)}" srcdoc="{escape(self.page)}" '
            f'sandbox="allow-scripts" width="100%" height="{self.height}" '
            'style="border: 0; min-width: 20rem" loading="lazy"></iframe>'
        )

    def __repr__(self) -> str:
        return f"<Player of {self.title!r}>"


class _Options(argparse.ArgumentParser):
    """Read the words after `%%graphstep`; what is wrong with them is an InputError."""

    def error(self, message: str) -> NoReturn:
        raise InputError(f"%%graphstep: {message}")


def _read(line: str) -> argparse.Namespace:
    options = _Options(prog="%%graphstep", add_help=False)
    options.add_argument("name", nargs="?")
    options.add_argument("--player", action="store_true")
    options.add_argument("--grain", choices=GRAINS, default="adjoint")
    options.add_argument("--theme", choices=THEMES, default="light")
    try:
        words = shlex.split(line)
    except ValueError as error:
        raise InputError(f"%%graphstep: {str(error).lower()}") from None
    found = options.parse_args(words)
    if found.name is not None and not found.name.isidentifier():
        raise InputError(f"%%graphstep: {found.name!r} is no name for a trace")
    return found


def load_ipython_extension(shell: Shell) -> None:
    """Teach a shell the magic `%%graphstep`, as `%load_ext graphstep` asks for."""
    from IPython.core.error import UsageError

    def graphstep(line: str, cell: str) -> Trace | Player:
        """Trace the cell: its last expression is the output.

        `%%graphstep [NAME] [--player] [--grain adjoint|contribution] [--theme light|dark|print]`

        Tensors of the notebook that the cell uses and that require a gradient are the inputs.
        The trace is shown, or with --player the deck to step through, and kept as NAME.
        """
        try:
            options = _read(line)
            found = trace_cell(shell.transform_cell(cell), shell.user_ns)
            if options.name is not None:
                shell.user_ns[options.name] = found
            if options.player:
                return found.player(grain=options.grain, theme=options.theme)
        except GraphstepError as error:
            # Without a traceback: it is the user's to mend, and the line says how.
            raise UsageError(str(error)) from None
        return found

    shell.register_magic_function(graphstep, magic_kind="cell", magic_name="graphstep")


def trace_cell(text: str, namespace: dict[str, Any]) -> Trace:
    """Run a cell in a namespace, as a notebook does, and return the Trace of its last expression.

    Raises InputError where the cell does not end in an expression, or where no gradient leads
    back from it; what the cell raises passes through.
    """
    from graphstep.blocks import Recording

    file = f"<cell {next(_numbers)}>"
    # Tracebacks and the names of values are read from here.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    body, output, title = _compiled(text, file)
    with Recording(_tensors(text, namespace)) as recording:
        exec(body, namespace)
        result = eval(output, namespace)
    outputs = result if isinstance(result, (tuple, list)) else (result,)
    found = recording.trace(*outputs)
    found.origin = replace(found.origin, text=title, language=text, file=file)
    return found


def _compiled(text: str, file: str) -> tuple[CodeType, CodeType, str]:
    """Return the code of all but the last line, that of the last, and the last as text."""
    tree = ast.parse(text, file)
    if not tree.body or not isinstance(last := tree.body[-1], ast.Expr):
        raise InputError("the last line of the cell must be an expression: it is the output")
    title = ast.get_source_segment(text, last) or ""
    body = ast.Module(tree.body[:-1], type_ignores=tree.type_ignores)
    return (
        compile(body, file, "exec", dont_inherit=True),
        compile(ast.Expression(last.value), file, "eval", dont_inherit=True),
        title,
    )


def _tensors(text: str, namespace: Mapping[str, Any]) -> dict[str, Any]:
    """Return the tensors of a namespace that a cell names, in the order in which it does."""
    from torch import Tensor

    names = [node for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)]
    names.sort(key=lambda node: (node.lineno, node.col_offset))
    used = dict.fromkeys(node.id for node in names)
    found = {name: namespace[name] for name in used if isinstance(namespace.get(name), Tensor)}
    return {name: t for name, t in found.items() if t.is_leaf or not t.requires_grad}
