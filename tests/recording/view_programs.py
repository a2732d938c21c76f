"""Random programs that write through chains of views, one from each number."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import torch
from torch import Tensor

SHAPES = ((2, 3), (4,), (2, 3, 2), (3, 3), (1, 4), (2, 1, 3))

Draw = random.Random


def _select(v: Tensor, draw: Draw) -> Tensor:
    dim = draw.randrange(v.dim())
    return v.select(dim, draw.randrange(-v.shape[dim], v.shape[dim])) if v.shape[dim] else v


def _slice(v: Tensor, draw: Draw) -> Tensor:
    dim = draw.randrange(v.dim())
    start, step = draw.randrange(max(1, v.shape[dim])), draw.choice((1, 1, 2))
    stop = draw.choice((None, v.shape[dim], max(start + 1, v.shape[dim] - 1)))
    return v[(slice(None),) * dim + (slice(start, stop, step),)]


def _flat(v: Tensor, draw: Draw) -> Tensor:
    return v.view(-1) if v.is_contiguous() else v


def _permuted(v: Tensor, draw: Draw) -> Tensor:
    return v.permute(draw.sample(range(v.dim()), v.dim()))


def _diagonal(v: Tensor, draw: Draw) -> Tensor:
    return v.diagonal(draw.choice((0, 1)), -1, 0)


ANY: tuple[Callable[[Tensor, Draw], Tensor], ...] = (
    lambda v, draw: v.unsqueeze(draw.randint(-v.dim() - 1, v.dim())),
    lambda v, draw: v.squeeze(),
    lambda v, draw: v[...],
)
VECTOR = (_select, _slice, _slice, _flat, lambda v, draw: v.squeeze(draw.randrange(v.dim())))
MATRIX = (_permuted, _diagonal, lambda v, draw: v.transpose(0, -1))


def view(v: Tensor, draw: Draw) -> Tensor:
    """Take a view of a view, one to four deep."""
    for _ in range(draw.randint(1, 4)):
        fit = ANY + (VECTOR if v.dim() else ()) + (MATRIX if v.dim() > 1 else ())
        v = draw.choice(fit)(v, draw)
    return v


def operand(v: Tensor, x: Tensor, draw: Draw) -> Tensor:
    """Return a tensor made of `x` that broadcasts to `v`."""
    shape = [1 if draw.random() < 0.3 else size for size in v.shape]
    shape = shape[draw.random() < 0.3 :]
    count = math.prod(shape)
    return x.flatten().sin().repeat(count // x.numel() + 1)[:count].reshape(shape)


def _indexed(v: Tensor, x: Tensor, draw: Draw) -> None:
    if v.dim() and v.shape[0]:
        v[torch.tensor([0])] = operand(v[:1], x, draw)


WRITES: tuple[Callable[[Tensor, Tensor, Draw], object], ...] = (
    lambda v, x, draw: v.copy_(operand(v, x, draw)),
    lambda v, x, draw: v.copy_(operand(v, x, draw).float()),
    lambda v, x, draw: v.copy_(v.clone() * 2),
    lambda v, x, draw: v.fill_(2.5),
    lambda v, x, draw: v.fill_(x.sum()),
    lambda v, x, draw: v.zero_(),
    lambda v, x, draw: v.mul_(operand(v, x, draw)),
    lambda v, x, draw: v.add_(operand(v, x, draw), alpha=2),
    lambda v, x, draw: v.sub_(0.5).mul_(1.5),
    lambda v, x, draw: v.mul_(0.3).sin_().exp_(),
    lambda v, x, draw: v.addcmul_(operand(v, x, draw), operand(v, x, draw), value=0.5),
    lambda v, x, draw: v.masked_fill_(torch.arange(v.numel()).reshape(v.shape) % 2 == 0, x.mean()),
    lambda v, x, draw: v.div_(2 + operand(v, x, draw) ** 2),
    lambda v, x, draw: v.pow_(2),
    lambda v, x, draw: v.clamp_(-0.73, 0.71),
    lambda v, x, draw: v.lerp_(operand(v, x, draw).expand(v.shape), 0.3),
    _indexed,
)


def start(seed: int) -> Tensor:
    """Return the input of a program."""
    shape = SHAPES[seed % len(SHAPES)]
    count = math.prod(shape)
    return torch.linspace(-1, 1.3, count, dtype=torch.float64).reshape(shape).requires_grad_()


def program(seed: int) -> Callable[[Tensor], Tensor]:
    """Return a program that writes one to three times through views of one tensor."""

    def run(x: Tensor) -> Tensor:
        draw = random.Random(seed)
        y = x * 1.5 if draw.random() < 0.7 else torch.zeros_like(x.detach())
        kept: list[Tensor] = []
        total = x.sum()
        for _ in range(draw.randint(1, 3)):
            v = view(y if not kept or draw.random() < 0.6 else draw.choice(kept), draw)
            if draw.random() < 0.5:
                kept.append(v)
            if draw.random() < 0.3:
                total = total + y.sum() * 0.7
            draw.choice(WRITES)(v, x, draw)
            if draw.random() < 0.2:
                y.mul_(1.2)
        for v in kept:
            total = total + (v * 1.1).sum()
        weights = torch.linspace(0.5, 2, y.numel(), dtype=y.dtype).reshape(y.shape)
        return total + (y * weights).sum()

    return run
