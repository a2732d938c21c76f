"""The child process that runs Graphviz: it may hang or crash, and its messages stay its own.

A request is a 4-byte big-endian length and JSON {"dot", "format", "engine"}; the reply is a 4-byte
length, JSON {"status": "ok" | "error" | "missing", "problem", "size", "kept"}, then `size` bytes.
`kept` is the memory, in bytes, that the process has taken since it began.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import IO

LENGTH = struct.Struct(">I")

_kept: list[object] = []
"""What was laid out, which is never given back; see `drawing`."""


def send(stream: IO[bytes], header: Mapping[str, object], body: bytes = b"") -> None:
    """Write one length-prefixed JSON header and its body."""
    text = json.dumps(header).encode("ascii")
    stream.write(LENGTH.pack(len(text)) + text + body)
    stream.flush()


def receive(stream: IO[bytes]) -> dict[str, str | int]:
    """Read one length-prefixed JSON header; raise EOFError where the stream has ended."""
    (length,) = LENGTH.unpack(read_exactly(stream, LENGTH.size))
    header: dict[str, str | int] = json.loads(read_exactly(stream, length))
    return header


def read_exactly(stream: IO[bytes], size: int) -> bytes:
    """Read `size` bytes; raise EOFError where the stream ends first."""
    data = stream.read(size)
    if len(data) < size:
        raise EOFError
    return data


def drawing(dot: str, format: str, engine: str) -> bytes:
    """Lay out and render `dot` once.

    What was laid out is never given back: gvFreeLayout crashes on some small graphs, and so does
    a second use of the same graph.
    """
    import pygraphviz
    from pygraphviz import graphviz as library

    graph = pygraphviz.AGraph(string=dot)
    context = library.gvContextWithBuiltins()
    _kept.append((graph, context))
    if library.gvLayout(context, graph.handle, engine.encode()):
        raise ValueError(f"no layout by {engine}")
    error, picture = library.gvRenderData(context, graph.handle, format.encode())
    if error:
        raise ValueError(f"no picture as {format}")
    return bytes(picture)


def taken() -> int:
    """Return how many bytes of memory this process has, or had at most; 0 where none can tell."""
    try:
        # What the system calls the most is, for a child, what its parent had.
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        try:
            import resource
        except ImportError:
            return 0
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most if sys.platform == "darwin" else 1024 * most
    return pages * os.sysconf("SC_PAGE_SIZE")


def answer(stream: IO[bytes], request: dict[str, str | int], before: int) -> None:
    """Draw what `request` asks for and write the reply, errors included."""
    body, problem, status = b"", "", "ok"
    try:
        body = drawing(str(request["dot"]), str(request["format"]), str(request["engine"]))
    except ImportError as error:
        status, problem = "missing", str(error)
    except Exception as error:  # the parent is told, whatever Graphviz's binding raised
        status, problem = "error", str(error) or type(error).__name__
    reply = {"status": status, "problem": problem, "size": len(body), "kept": taken() - before}
    send(stream, reply, body)


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "wb")
    # Whatever a C library prints must not end up among the replies.
    os.dup2(2, 1)
    before = taken()
    while True:
        try:
            request = receive(sys.stdin.buffer)
        except EOFError:
            # Without the end of an interpreter, which would give back what was laid out.
            os._exit(0)
        answer(replies, request, before)


if __name__ == "__main__":
    main()
