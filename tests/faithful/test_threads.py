"""Traces in several threads at once: each sees its own run, and no module of the others."""

from __future__ import annotations

import gc
import threading

import torch
from torch import Tensor, nn

import graphstep as gs


def test_each_thread_has_its_own_trace() -> None:
    found: dict[int, list[tuple[int, bool, set[str]]]] = {k: [] for k in range(4)}

    def work(k: int) -> None:
        net = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))

        def loss(x: Tensor) -> Tensor:
            y = net(x)
            z = y * 1
            z[0] *= 2
            return (z * y).sum()

        for _ in range(3):
            trace = gs.trace(loss, torch.linspace(-1, 1, 6).view(2, 3))
            report = trace.check()
            agree = report.ok and report.by_torch == ()
            found[k].append((len(trace.values), agree, set(report.oracles().values())))

    collects = gc.isenabled()
    threads = [threading.Thread(target=work, args=(k,)) for k in found]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {k: [(18, True, {"ok"})] * 3 for k in found}
    assert gc.isenabled() == collects
