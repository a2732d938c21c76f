"""Graphviz run in one child process: it cannot freeze, crash or write over the caller."""

from __future__ import annotations

import atexit
import os
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import TracebackType
from typing import IO, Literal

from graphstep.errors import InputError
from graphstep.output.dot_command import by_command, limit
from graphstep.output.layout_child import read_exactly, receive, send
from graphstep.output.layout_failures import LayoutError, death, failure

FORMATS = ("svg", "png", "pdf", "gif", "dot", "json0", "plain")
Engine = Literal["dot", "nop2"]
SECONDS = 30.0
MEMORY = 4 * 2**30
"""A child may take so many bytes, where the system lets one say so."""
KEPT = 512 * 2**20
"""A child that has kept more bytes than this of what it drew makes room for another."""


class Layouter:
    """Lay out DOT text in a child process that is started when first needed.

    `seconds` limits each request; beyond it the child is killed. `memory` limits the child, and
    after one request too many, when it has `kept` so much, another takes its place. Use it as a
    context manager, or call `close`. Threads may share one; their requests take turns.
    """

    def __init__(self, seconds: float = SECONDS, memory: int = MEMORY, kept: int = KEPT) -> None:
        self.seconds = seconds
        self.memory = memory
        self.kept = kept
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None
        self._messages: IO[bytes] | None = None
        self._without_pygraphviz = False
        self._owner = os.getpid()
        self._stopped: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> Layouter:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def pid(self) -> int | None:
        """Return the child's process id, or None while none runs."""
        return self._child.pid if self._child else None

    def render(self, dot: str, format: str, engine: Engine = "dot") -> bytes:
        """Return `dot` laid out and rendered as `format`.

        `engine` is "dot", or "nop2" for text that already has every position. Raise
        InputError for an unknown format, LayoutError with Graphviz's own words where it
        fails, MissingError where there is neither pygraphviz nor a `dot` command.
        """
        check_format(format)
        with self._lock:
            if not self._without_pygraphviz:
                picture = self._ask_child(dot, format, engine)
                if picture is not None:
                    return picture
                self._without_pygraphviz = True
                self._discard()
        return by_command(dot, format, engine, self.seconds, self.memory)

    def close(self) -> None:
        """End the child process, if one runs; a later `render` starts another."""
        with self._lock:
            self._discard()

    def stop(self) -> None:
        """Kill the child at once, from any thread; a request under way raises LayoutError."""
        child = self._child
        if child is not None and self._owner == os.getpid():
            # It may seem to live for a moment more, and the next request wants one that does.
            self._stopped = child
            child.kill()

    def _ask_child(self, dot: str, format: str, engine: Engine) -> bytes | None:
        child = self._living_child()
        expired = threading.Event()

        def expire() -> None:
            expired.set()
            child.kill()

        timer = threading.Timer(self.seconds, expire)
        timer.daemon = True
        timer.start()
        try:
            assert child.stdin is not None
            assert child.stdout is not None
            send(child.stdin, {"dot": dot, "format": format, "engine": engine})
            reply = receive(child.stdout)
            picture = read_exactly(child.stdout, int(reply["size"]))
        except (OSError, EOFError):
            code = child.wait()
            said = self._said()
            self._discard()
            raise LayoutError(death(code, said, self.seconds, expired.is_set())) from None
        except BaseException:
            # The reply is still to come: a child that is out of step is of no use.
            self._discard()
            raise
        finally:
            timer.cancel()
        said = self._said()
        if expired.is_set() or int(reply["kept"]) > self.kept:
            self._discard()
        if reply["status"] == "missing":
            return None
        if reply["status"] != "ok" or not picture:
            raise LayoutError(failure(str(reply["problem"]), said))
        return picture

    def _living_child(self) -> subprocess.Popen[bytes]:
        ended = self._child and (self._child is self._stopped or self._child.poll() is not None)
        if self._owner != os.getpid() or ended:
            self._discard()
        self._owner = os.getpid()
        if self._child is None or self._messages is None:
            # It lives as long as the child does; `_discard` closes it.
            self._messages = tempfile.TemporaryFile()  # noqa: SIM115  # outlives this call
            self._child = _start(self._messages)
            limit(self._child.pid, self.memory)
        self._messages.seek(0)
        self._messages.truncate()
        return self._child

    def _said(self) -> list[str]:
        if self._messages is None:
            return []
        self._messages.seek(0)
        lines = self._messages.read().decode("utf-8", "replace").splitlines()
        return [line.strip() for line in lines if line.strip() and "Fontconfig" not in line]

    def _discard(self) -> None:
        child, self._child = self._child, None
        messages, self._messages = self._messages, None
        # A forked copy of this process must leave the child to the one that started it.
        if child is not None and self._owner == os.getpid():
            child.kill()
            child.communicate()
        if messages is not None:
            messages.close()


_default = Layouter()
atexit.register(_default.close)


def render(dot: str, format: str, engine: Engine = "dot") -> bytes:
    """Return `dot` laid out and rendered by the process's own Layouter; see Layouter.render."""
    return _default.render(dot, format, engine)


def stop() -> None:
    """Give up what the process's own Layouter is laying out; see Layouter.stop."""
    _default.stop()


def check_format(format: str) -> None:
    """Raise InputError unless Graphviz is asked for a `format` that it has everywhere."""
    if format not in FORMATS:
        raise InputError(f"unknown format {format!r} (must be one of {', '.join(FORMATS)})")


def _start(messages: IO[bytes]) -> subprocess.Popen[bytes]:
    # -P keeps the user's folder, where a json.py may lie, out of the child's imports.
    command = [sys.executable, "-P", "-m", "graphstep.output.layout_child"]
    paths = [str(Path(__file__).resolve().parents[2]), os.environ.get("PYTHONPATH", "")]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths))}
    return subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=messages,
        env=environment,
    )
