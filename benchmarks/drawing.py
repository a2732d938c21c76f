"""Measure what a drawing costs: the layout alone, an export, each further step, and the peers'.

Everything is laid out by the same Graphviz, in the same child process, and nothing is folded, so
that all draw every value. `layout` is Graphviz alone on our DOT text; `export` all of the first
`Trace.svg` of a trace that is swept; `further` one more `Trace.svg(step)` of it, and `worst` the
dearest of them. `model to SVG` starts at the module: one run, its graph, and the drawing; a peer
draws its own graph of the same run, without values. Turn by turn, and the best turn of each counts;
`further` is a median. Ratios of one run can be compared; milliseconds of two machines cannot.
Nothing here asserts a time.

    python benchmarks/drawing.py [--rounds N] [--only TEXT]
"""

from __future__ import annotations

import argparse
import importlib
import platform
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from importlib.metadata import PackageNotFoundError, version

import torch
from torch import Tensor, nn
from workloads import WORKLOADS, Workload
from workloads.models import Chain

import graphstep as gs
from graphstep.output.boxes import drawn
from graphstep.output.dot import dot_text, engine_for
from graphstep.output.layout import render
from graphstep.output.options import PictureOptions
from graphstep.output.scene import Scene
from graphstep.output.themes import LIGHT

WHOLE = PictureOptions(collapse="none")
DRAWN = (
    "3a + ab",
    "chain of 100",
    "3-layer MLP, 32 rows",
    "ResNet-18-like, 2 × 64²",
    "GPT-2-like, 4 × 256",
)
LONG = Workload("chain of 300", lambda: (Chain(300), (torch.linspace(0, 1, 4).requires_grad_(),)))
PEERS = ("torchviz", "torchview")

Args = tuple[Tensor, ...]


def _graphstep(module: nn.Module, args: Args) -> None:
    gs.trace(module, *args).svg(collapse="none")


def _torchviz(module: nn.Module, args: Args) -> None:
    peer = importlib.import_module("torchviz")
    render(peer.make_dot(module(*args), params=dict(module.named_parameters())).source, "svg")


def _torchview(module: nn.Module, args: Args) -> None:
    peer = importlib.import_module("torchview")
    found = peer.draw_graph(module, input_data=args, expand_nested=True, depth=99)
    render(found.visual_graph.source, "svg")


TURNS: dict[str, Callable[[nn.Module, Args], None]] = {
    "graphstep": _graphstep,
    "torchviz": _torchviz,
    "torchview": _torchview,
}


def installed(package: str) -> bool:
    """Tell whether a peer can be imported."""
    try:
        importlib.import_module(package)
    except ImportError:
        return False
    return True


def timed(turn: Callable[[], object]) -> float:
    """Return the milliseconds that a turn takes."""
    start = time.perf_counter()
    turn()
    return 1000 * (time.perf_counter() - start)


def swept(module: nn.Module, args: Args) -> gs.Trace:
    """Return a trace that has its adjoints and its check, and no drawing yet."""
    trace = gs.trace(module, *args)
    _ = trace.verdicts
    return trace


def further(trace: gs.Trace) -> Iterator[float]:
    """Give what each step of a trace takes to draw, once it is laid out."""
    trace.svg(collapse="none")
    for at in range(len(trace.steps)):
        yield timed(lambda at=at: trace.svg(at, collapse="none"))


def measure(workload: Workload, rounds: int) -> str:
    """Return the row of a program."""
    module, args = workload.build()
    trace = swept(module, args)
    scene = Scene(trace.timeline(), LIGHT, WHOLE)
    text, engine = dot_text(scene.picture), engine_for(scene.picture)
    layouts, exports, models = (
        [],
        [],
        {name: [] for name in TURNS if name == "graphstep" or installed(name)},
    )
    for _ in range(rounds):
        layouts.append(timed(lambda: render(text, "svg", engine)))
        trace = swept(module, args)
        exports.append(timed(lambda trace=trace: trace.svg(collapse="none")))
        for name, times in models.items():
            times.append(timed(lambda name=name: TURNS[name](module, args)))
    steps = list(further(trace))
    layout, export = min(layouts), min(exports)
    cells = [f"{min(models[name]):11.0f}" if name in models else f"{'–':>11}" for name in TURNS]
    return (
        f"{workload.name:24} {len(drawn(scene.picture)[0]):6,} {layout:9.1f} {export:9.1f}"
        f" {export / layout:6.2f}× {statistics.median(steps):8.2f} {max(steps):8.2f}"
        f" {' '.join(cells)}"
    )


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "of no version"


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--rounds", type=int, default=7, help="turns of each (default: 7)")
    parser.add_argument("--only", default="", help="only the programs whose names have this text")
    args = parser.parse_args(words)
    torch.set_num_threads(1)
    torch.manual_seed(0)
    packages = ["graphstep", "torch", "graphviz", "pygraphviz", *filter(installed, PEERS)]
    print(
        f"python {platform.python_version()}, " + ", ".join(f"{p} {_version(p)}" for p in packages)
    )
    for package in PEERS:
        if not installed(package):
            print(f"{package}: not installed (pip install {package}), so its column is empty")
    render("digraph {}", "svg")
    print(f"{'ms':31} {'':9} {'':9} {'':7} {'a step more':>17}  {'model to SVG':>23}")
    print(
        f"{'program':24} {'boxes':>6} {'layout':>9} {'export':>9} {'ratio':>7} {'further':>8}"
        f" {'worst':>8} " + " ".join(f"{name:>11}" for name in TURNS)
    )
    chosen = [*(w for w in WORKLOADS if w.name in DRAWN), LONG]
    for workload in chosen:
        if args.only in workload.name:
            print(measure(workload, args.rounds), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
