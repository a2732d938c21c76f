"""Traces in several threads at once: each sees its own run, and no module of the others."""

from __future__ import annotations

import gc
import threading

import torch
from torch import Tensor, nn

import graphstep as gs


def test_each_thread_has_its_own_trace() -> None:
    seen: dict[int, list[tuple[int, bool, set[str]]]] = {k: [] for k in range(4)}

    def work(k: int) -> None:
        net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))

        def loss(x: Tensor) -> Tensor:
            y = net(x)
            z = y * 1
            z[0] *= 2
            found: Tensor = (z * y).sum()
            return found

        for _ in range(3):
            trace = gs.trace(loss, torch.linspace(-1, 1, 6).view(2, 3))
            report = trace.check()
            agree = report.ok and report.by_torch == ()
            seen[k].append((len(trace.values), agree, set(report.oracles().values())))

    collects = gc.isenabled()
    threads = [threading.Thread(target=work, args=(k,)) for k in seen]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert seen == {k: [(18, True, {"ok"})] * 3 for k in seen}
    assert gc.isenabled() == collects
