"""Programs of operations drawn at random: views, writes in place, indexing, detached parts."""

from __future__ import annotations

import random
from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional

Step = Callable[[Tensor, Tensor, float], Tensor]
LARGEST = 200


def _entry_written(a: Tensor, b: Tensor, number: float) -> Tensor:
    y = a.flatten().clone()
    y[0] = y[-1] * number
    return y


def _view_written(a: Tensor, b: Tensor, number: float) -> Tensor:
    y = a.clone(memory_format=torch.contiguous_format)
    y.view(-1)[:1].mul_(number)
    return y.reshape(a.shape)


def _added_in_place(a: Tensor, b: Tensor, number: float) -> Tensor:
    y = a.clone()
    return y.add_(b.mean(), alpha=number)


def _turned_in_place(a: Tensor, b: Tensor, number: float) -> Tensor:
    y = a.clone()
    return y.t_() if y.dim() == 2 else y


def _without_grad(a: Tensor, b: Tensor, number: float) -> Tensor:
    with torch.no_grad():
        weight = a.mean().exp()
    return weight * b


def _parts(a: Tensor, b: Tensor, number: float) -> Tensor:
    left, right = a.flatten().tensor_split(2)
    return left.sum() * right


def _matched(a: Tensor, b: Tensor, number: float) -> Tensor:
    fits = a.dim() == b.dim() == 2 and a.shape[-1] == b.shape[-1]
    return a @ b.T if fits else a - b.sum()


STEPS: tuple[Step, ...] = (
    lambda a, b, n: a + b.mean(),
    lambda a, b, n: a * b.sum(),
    lambda a, b, n: a.tanh() / (b.mean() + 3),
    lambda a, b, n: a.contiguous().view(-1),
    lambda a, b, n: a.reshape(-1)[::2],
    lambda a, b, n: a.clone().mul_(n),
    lambda a, b, n: torch.cat([a.flatten(), b.flatten()]),
    lambda a, b, n: torch.stack([a, a * n]),
    lambda a, b, n: a.sum(0, keepdim=True) if a.dim() else a,
    lambda a, b, n: a.softmax(-1) if a.dim() else a,
    lambda a, b, n: a.logsumexp(-1) if a.dim() else a,
    lambda a, b, n: a.max(-1).values if a.dim() else a,
    lambda a, b, n: torch.where(a > 0, a, a * n),
    lambda a, b, n: a.flip(0) if a.dim() else a,
    lambda a, b, n: a.unsqueeze(0).expand(3, *a.shape),
    lambda a, b, n: a.detach() * b.mean(),
    lambda a, b, n: a.clamp(-n, n),
    lambda a, b, n: a.flatten().cumsum(0),
    lambda a, b, n: a.pow(2).add(1).sqrt(),
    lambda a, b, n: a.flatten().gather(0, torch.tensor([0, 0])),
    lambda a, b, n: a.flatten().index_select(0, torch.tensor([0])),
    lambda a, b, n: torch.einsum("i,j->ij", a.flatten()[:4], b.flatten()[:4]),
    lambda a, b, n: functional.gelu(a),
    lambda a, b, n: functional.pad(a, (1, 1)) if a.dim() else a,
    lambda a, b, n: functional.layer_norm(a, a.shape[-1:]) if a.dim() and a.shape[-1] > 1 else a,
    lambda a, b, n: a.flatten().sort().values,
    _entry_written,
    _view_written,
    _added_in_place,
    _turned_in_place,
    _without_grad,
    _parts,
    _matched,
)


def random_program(seed: int) -> Callable[[Tensor, Tensor], Tensor]:
    """Return a function of two tensors that is the same at every call; it uses both."""

    def program(x: Tensor, w: Tensor) -> Tensor:
        draw = random.Random(seed)
        pool = [x, w]
        for _ in range(draw.randint(3, 14)):
            step, a, b = draw.choice(STEPS), draw.choice(pool), draw.choice(pool)
            made = step(a, b, draw.uniform(0.5, 2))
            if 0 < made.numel() < LARGEST:
                pool.append(made)
        used = [part.mean() * k for k, part in enumerate(pool, 1) if draw.random() < 0.7]
        return sum(used, x.sum() * 0.1 + w.mean())

    return program
