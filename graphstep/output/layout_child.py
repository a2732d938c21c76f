"""The child process that runs Graphviz: it may hang or crash, and its messages stay its own.

A request is a 4-byte big-endian length and JSON {"dot", "format", "engine"}; the reply is a
4-byte length, JSON {"status": "ok" | "error" | "missing", "problem", "size"}, then `size` bytes.
"""

from __future__ import annotations

import json
import os
import signal
import struct
import sys
from collections.abc import Mapping
from typing import IO

LENGTH = struct.Struct(">I")


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
    """Lay out and render `dot` once; a second use of the same graph can crash Graphviz."""
    import pygraphviz

    graph = pygraphviz.AGraph(string=dot)
    return bytes(graph.draw(format=format, prog=engine))


def answer(stream: IO[bytes], request: dict[str, str | int]) -> None:
    """Draw what `request` asks for and write the reply, errors included."""
    try:
        body = drawing(str(request["dot"]), str(request["format"]), str(request["engine"]))
    except ImportError as error:
        send(stream, {"status": "missing", "problem": str(error), "size": 0})
    except Exception as error:
        problem = str(error) or type(error).__name__
        send(stream, {"status": "error", "problem": problem, "size": 0})
    else:
        send(stream, {"status": "ok", "problem": "", "size": len(body)}, body)


def main() -> None:
    """Answer requests until the parent closes the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    replies = os.fdopen(os.dup(1), "wb")
    # Whatever a C library prints must not end up among the replies.
    os.dup2(2, 1)
    while True:
        try:
            request = receive(sys.stdin.buffer)
        except EOFError:
            return
        answer(replies, request)


if __name__ == "__main__":
    main()
