"""Measure how long a command takes from a cold start, against `python -c "import torch"`.

Each command runs in a process of its own, turn by turn, and the best turn of each counts. The
seconds are those of the processor, which other programs disturb least. Nothing here asserts a time.

    python benchmarks/commands.py [--rounds N]
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import time
from collections.abc import Sequence

SOURCE = ("10/(1+exp(3*a+a*b))", "a=1", "b=2")
GRAPHSTEP = (sys.executable, "-m", "graphstep")
COMMANDS = {
    "import torch": (sys.executable, "-c", "import torch"),
    "graphstep --help": (*GRAPHSTEP, "--help"),
    "graphstep table": (*GRAPHSTEP, "table", *SOURCE),
    "graphstep check": (*GRAPHSTEP, "check", *SOURCE),
}


def seconds(command: Sequence[str]) -> tuple[float, float]:
    """Return what one run of a command takes of the processor, and on the clock."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    clock, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, clock


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=10, help="runs of each (default: 10)")
    rounds = parser.parse_args(words).rounds
    runs = [[seconds(command) for command in COMMANDS.values()] for _ in range(rounds)]
    best = [tuple(map(min, zip(*turns, strict=True))) for turns in zip(*runs, strict=True)]
    print(f"{'':18} {'cpu ms':>8} {'÷ torch':>8} {'clock ms':>9} {'÷ torch':>8}")
    for name, (cpu, clock) in zip(COMMANDS, best, strict=True):
        ratios = (cpu / best[0][0], clock / best[0][1])
        print(f"{name:18} {cpu * 1e3:8.0f} {ratios[0]:8.2f} {clock * 1e3:9.0f} {ratios[1]:8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
