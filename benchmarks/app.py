"""Measure how long the app takes from a key to the frame that shows it.

Each trace is stepped with → from its beginning, and again in its reverse half. `first` is the time
until the first frame after a key, `all` that until the last one, with every pane repainted. No
terminal is written to, and a layout of the graph that takes longer than the panes is not waited
for. Nothing here asserts a time.

    python benchmarks/app.py [--keys N] [--size WIDTHxHEIGHT]
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import platform
import statistics
import sys
import time
from collections.abc import Sequence
from importlib.metadata import version

import torch
from workloads.models import Chain

import graphstep as gs
from graphstep.tui import make_app

NODES = (100, 1_000, 10_000)

Frames = tuple[float, float]
"""The milliseconds from a key to the first and to the last frame that it led to."""


async def measure(count: int, keys: int, size: tuple[int, int]) -> dict[str, list[Frames]]:
    """Return what each key took, by the half that it was pressed in."""
    trace = gs.trace(Chain(count), torch.linspace(0, 1, 4).requires_grad_(), loss=torch.sum)
    found: dict[str, list[Frames]] = {}
    frames: list[float] = []
    app = make_app(trace)
    app.post_display_hook = lambda: frames.append(time.perf_counter())
    # As the command does before its first key.
    gc.collect()
    gc.freeze()
    async with app.run_test(size=size) as pilot:
        for half, key in (("forward", "f"), ("reverse", "r")):
            await pilot.press(key)
            # The layout of the first picture would be measured with the first keys.
            await pilot.pause(1)
            found[half] = []
            for _ in range(keys):
                frames.clear()
                start = time.perf_counter()
                await pilot.press("right")
                if frames:
                    first, last = frames[0] - start, frames[-1] - start
                    found[half].append((1000 * first, 1000 * last))
    return found


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--keys", type=int, default=30, help="keys in each half (default: 30)")
    parser.add_argument("--size", default="120x40", help="cells of the screen (default: 120x40)")
    args = parser.parse_args(words)
    width, height = map(int, args.size.split("x"))
    print(
        f"python {platform.python_version()}, torch {version('torch')}, "
        f"textual {version('textual')}, graphstep {version('graphstep')}; {width}x{height} cells"
    )
    print(f"{'nodes':>8} {'half':8} {'first ms':>10} {'all ms':>10} {'worst all':>10}")
    for count in NODES:
        for half, times in asyncio.run(measure(count, args.keys, (width, height))).items():
            first, last = (statistics.median(column) for column in zip(*times, strict=True))
            worst = max(end for _, end in times)
            print(f"{count:8,} {half:8} {first:10.1f} {last:10.1f} {worst:10.1f}", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
