"""Functions as people write them, each made anew: a function and its arguments."""

from __future__ import annotations

import threading
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from tests.faithful.real_models import Made, numbers


def quantile() -> Made:
    return lambda x: torch.max(0.9 * (1 - x), -0.1 * (1 - x)).mean(), (numbers(5),)


def hard_choice() -> Made:
    return lambda x: (F.gumbel_softmax(x, hard=True) * x).sum(), (numbers(3, 4),)


def spectrum() -> Made:
    def loss(x: Tensor) -> Tensor:
        kept = torch.fft.rfft(x) * torch.linspace(0, 1, 5)
        image: Tensor = torch.fft.fftshift(torch.fft.fft2(x.view(2, 4))).abs().sum()
        signal: Tensor = torch.fft.irfft(kept, n=8).square().sum()
        return signal + image

    return loss, (numbers(8),)


def transforms() -> Made:
    def cubes(x: Tensor) -> Tensor:
        return (x**3).sum()

    def loss(x: Tensor) -> Tensor:
        f = torch.func
        found: Tensor = f.grad(cubes)(x).sum() + f.vmap(lambda row: row.exp().sum())(x[None]).sum()
        found = found + f.jvp(cubes, (x,), (torch.ones_like(x),))[1] + f.hessian(cubes)(x).sum()
        found = found + f.jacrev(torch.sin)(x).diagonal().sum()
        return found

    return loss, (numbers(3),)


def two_threads() -> Made:
    layer = nn.Linear(3, 3)

    def loss(x: Tensor) -> Tensor:
        made: dict[int, Tensor] = {}
        threads = [
            threading.Thread(target=lambda k=k: made.update({k: layer(x[k])})) for k in range(2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return torch.stack([made[0], made[1]]).sum()

    return loss, (numbers(2, 3),)


def sparse_product() -> Made:
    places = torch.tensor([[0, 1, 1], [1, 0, 2]])

    def loss(x: Tensor) -> Tensor:
        matrix = torch.sparse_coo_tensor(places, x, (2, 3), check_invariants=False)
        chances: Tensor = torch.sparse.softmax(matrix, 1)
        found: Tensor = torch.sparse.mm(chances, torch.arange(6.0).view(3, 2)).square().sum()
        return found

    return loss, (numbers(3),)


def compiled() -> Made:
    inner = torch.compile(lambda x: x.sin() * x, backend="eager")
    return lambda x: inner(x).sum(), (numbers(3),)


def scripted() -> Made:
    made: Any = torch.jit.trace(lambda x: (x.sin() * x + x.exp()).sum(), torch.ones(3))
    return made, (numbers(3),)
