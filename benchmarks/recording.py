"""Measure what a trace costs, as ratios against torch's plain forward and backward.

One process, one run: each program takes its turns with plain torch, with graphstep, and with every
peer that is installed, turn by turn, and the best turn of each counts. Ratios of one run can be
compared; milliseconds of two machines cannot. On one thread it is the processor's time that counts,
without what other programs take of it. Nothing here asserts a time.

    python benchmarks/recording.py [--quick] [--rounds N] [--threads N] [--only TEXT]
"""

from __future__ import annotations

import argparse
import importlib
import math
import platform
import sys
import time
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version

import torch
from torch import Tensor, nn
from workloads import WORKLOADS, Workload

import graphstep as gs

PATIENCE = 20.0
"""Seconds that one turn may be expected to take; longer ones are left out, and said to be."""

Turn = Callable[[nn.Module, tuple[Tensor, ...]], object]


@dataclass(frozen=True)
class Contender:
    """Name one way to run a program, and the package that it needs."""

    name: str
    turn: Turn
    package: str = ""

    @property
    def installed(self) -> bool:
        if not self.package:
            return True
        try:
            importlib.import_module(self.package)
        except ImportError:
            return False
        return True


def _plain(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    for tensor in (*module.parameters(), *args):
        tensor.grad = None
    module(*args).backward()
    return None


def _graph(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    trace = gs.trace(module, *args)
    return trace, trace.graph


def _engine(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    trace = gs.trace(module, *args)
    return trace, trace.graph, trace.engine


def _sweep(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    trace = gs.trace(module, *args)
    return trace, trace.graph, trace.sweep


def _check(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    return gs.trace(module, *args).check()


def _torchviz(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    peer = importlib.import_module("torchviz")
    return peer.make_dot(module(*args), params=dict(module.named_parameters()))


def _torchview(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    peer = importlib.import_module("torchview")
    return peer.draw_graph(module, input_data=args, expand_nested=True, save_graph=False)


def _torchlens(module: nn.Module, args: tuple[Tensor, ...]) -> object:
    peer = importlib.import_module("torchlens")
    return peer.trace(module, args)


PLAIN = Contender("torch forward + backward", _plain)
CONTENDERS = (
    Contender("graphstep: graph and values", _graph),
    Contender("graphstep: + torch's adjoints", _engine),
    Contender("graphstep: + our own sweep", _sweep),
    Contender("graphstep: + check", _check),
    Contender("torchviz: bare graph", _torchviz, "torchviz"),
    Contender("torchview: bare graph", _torchview, "torchview"),
    Contender("torchlens: graph and values", _torchlens, "torchlens"),
)


def measure(
    workload: Workload, contenders: Sequence[Contender], rounds: int, costs: Mapping[str, float]
) -> tuple[int, dict[str, float | str]]:
    """Return the number of v_i computed, and the best seconds of each contender or why not.

    `costs` holds the seconds a node of each contender so far, to leave out what would take
    longer than PATIENCE.
    """
    torch.manual_seed(0)
    module, args = workload.build()
    count = sum(1 for i in gs.trace(module, *args).values if i > 0)
    best: dict[str, float | str] = {}
    running = [PLAIN]
    for contender in contenders:
        expected = costs.get(contender.name, 0.0) * count
        if not contender.installed:
            best[contender.name] = "not installed"
        elif expected > PATIENCE:
            best[contender.name] = f"left out: would take over {PATIENCE:.0f} s"
        else:
            running.append(contender)
    clock = time.process_time if torch.get_num_threads() == 1 else time.perf_counter
    spent = dict.fromkeys((one.name for one in running), 0.0)
    for _ in range(rounds):
        for contender in running:
            if isinstance(best.get(contender.name), str) or spent[contender.name] > PATIENCE / 5:
                continue
            start = clock()
            try:
                kept = contender.turn(module, args)
            except Exception as error:  # a peer may not know an operation, and says so its own way
                best[contender.name] = f"raised {type(error).__name__}"
                continue
            took = clock() - start
            del kept
            spent[contender.name] += took
            before = best.get(contender.name, math.inf)
            best[contender.name] = min(took, before) if isinstance(before, float) else before
    return count, best


def table(workload: Workload, count: int, best: Mapping[str, float | str]) -> str:
    """Return the lines of one program: ms, ratio to plain torch, µs a node beyond it."""
    plain = best[PLAIN.name]
    assert isinstance(plain, float)
    lines = [f"{workload.name}: {count:,} values"]
    for name in (one.name for one in (PLAIN, *CONTENDERS)):
        found = best[name]
        if isinstance(found, str):
            lines.append(f"  {name:30} {found}")
            continue
        beyond = "" if name == PLAIN.name else f"{(found - plain) / count * 1e6:11.1f}"
        lines.append(f"  {name:30} {found * 1e3:11.3f} {found / plain:9.2f} {beyond}".rstrip())
    return "\n".join(lines)


def versions() -> str:
    """Return what ran, and on how many threads."""
    found = [f"python {platform.python_version()}"]
    for package in ("torch", "graphstep", "networkx", "torchviz", "torchview", "torchlens"):
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            continue
    threads = torch.get_num_threads()
    return f"{', '.join(found)}; {threads} thread{'s' if threads > 1 else ''}"


def main(words: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--quick", action="store_true", help="leave out the long programs")
    parser.add_argument("--rounds", type=int, help="turns of each (default: 20, quick: 5)")
    parser.add_argument("--threads", type=int, default=1, help="threads of torch (default: 1)")
    parser.add_argument("--only", default="", metavar="TEXT", help="programs with TEXT in the name")
    args = parser.parse_args(words)
    torch.set_num_threads(args.threads)
    warnings.simplefilter("ignore")
    print(versions())
    print(f"{'':32} {'best ms':>11} {'÷ plain':>9} {'µs/node +':>11}")
    costs: dict[str, float] = {}
    for workload in WORKLOADS:
        if (args.quick and not workload.in_quick) or args.only not in workload.name:
            continue
        rounds = args.rounds or (5 if args.quick else 20)
        count, best = measure(workload, CONTENDERS, rounds, costs)
        costs = {n: s / count for n, s in best.items() if isinstance(s, float)}
        print(table(workload, count, best), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
