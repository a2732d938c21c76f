"""Measure how long `graphstep step` takes from enter to its first frame, and to its first step.

The command runs in a terminal of its own (a pty). `first frame` is the source and the keys on the
screen, `steps` the moment at which → would step. Beside them stand an empty Textual app's first
frame and a bare `import torch`, below which neither can be. Each is the least of some runs.
Nothing here asserts a time.

    python benchmarks/start.py [--runs N]
"""

from __future__ import annotations

import argparse
import os
import platform
import pty
import select
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version

GRAPHSTEP = [sys.executable, "-m", "graphstep"]
LECTURE = ["step", "3*a + a*b", "a=10", "b=20"]
EMPTY = "from textual.app import App\nApp().run()"
KEYS = b"quit"
"""What the key bar of every first frame ends with."""
STEPS = b"of 10"


def reach(command: Sequence[str], signs: Sequence[bytes]) -> list[float]:
    """Return the seconds until each of `signs` came out of a command's terminal."""
    leader, follower = pty.openpty()
    size = {"COLUMNS": "80", "LINES": "24", "TERM": "xterm-256color"}
    start = time.perf_counter()
    child = subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env={**os.environ, **size}
    )
    os.close(follower)
    seen, found = b"", []
    try:
        while len(found) < len(signs):
            if not select.select([leader], [], [], 60)[0]:
                raise TimeoutError(f"no {signs[len(found)]!r} within a minute")
            seen += os.read(leader, 65536)
            while len(found) < len(signs) and signs[len(found)] in seen:
                found.append(time.perf_counter() - start)
    finally:
        child.kill()
        child.wait()
        os.close(leader)
    return found


def bare(code: str) -> float:
    """Return the seconds that Python takes to run a line."""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    return time.perf_counter() - start


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--runs", type=int, default=5, help="runs of each (default: 5)")
    runs = range(parser.parse_args(words).runs)
    print(f"python {platform.python_version()}, torch {version('torch')}, "
          f"textual {version('textual')}, graphstep {version('graphstep')}")  # fmt: skip
    app = [reach([*GRAPHSTEP, *LECTURE], [KEYS, STEPS]) for _ in runs]
    page = min(reach(GRAPHSTEP, [KEYS])[0] for _ in runs)
    first, steps = (min(column) for column in zip(*app, strict=True))
    empty = min(reach([sys.executable, "-c", EMPTY], [b"\x1b[?1049h"])[0] for _ in runs)
    torch = min(bare("import torch") for _ in runs)
    for name, seconds in (
        ("graphstep step: first frame", first), ("graphstep step: steps", steps),
        ("graphstep: start page", page), ("an empty Textual app", empty), ("import torch", torch),
    ):  # fmt: skip
        print(f"{name:<30}{seconds:6.2f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
