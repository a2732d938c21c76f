"""Graphviz as its own command, where pygraphviz is missing; and the memory that either may take."""

from __future__ import annotations

import contextlib
import shutil
import subprocess

from graphstep.errors import MissingError
from graphstep.output.layout_failures import LayoutError, death, failure


def limit(pid: int, memory: int) -> None:
    """Keep a child from taking all memory there is: what fails then is its own request."""
    with contextlib.suppress(ImportError, AttributeError, OSError, ValueError):
        import resource

        resource.prlimit(pid, resource.RLIMIT_AS, (memory, memory))


def by_command(dot: str, format: str, engine: str, seconds: float, memory: int) -> bytes:
    """Return what the `dot` on the PATH draws; see `Layouter.render`."""
    command = shutil.which("dot")
    if command is None:
        raise MissingError(
            "cannot draw: neither pygraphviz nor Graphviz's dot command is there;"
            " run: pip install 'pygraphviz>=2.0.4'"
        )
    words = [command, f"-K{engine}", f"-T{format}"]
    pipe = subprocess.PIPE
    with subprocess.Popen(words, stdin=pipe, stdout=pipe, stderr=pipe) as child:
        limit(child.pid, memory)
        try:
            drawn, messages = child.communicate(dot.encode(), timeout=seconds)
        except BaseException as error:  # an interrupt too leaves no process behind
            child.kill()
            if isinstance(error, subprocess.TimeoutExpired):
                raise LayoutError(death(0, [], seconds, expired=True)) from None
            raise
    said = messages.decode("utf-8", "replace").splitlines()
    if child.returncode < 0:
        raise LayoutError(death(child.returncode, said, seconds, expired=False))
    if child.returncode or not drawn:
        raise LayoutError(failure(f"dot ended with status {child.returncode}", said))
    return drawn
