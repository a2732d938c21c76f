"""Models and their training as people write them, each made anew: a function and its arguments."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Made = tuple[Callable[..., Tensor], tuple[Tensor, ...]]


def numbers(*shape: int) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(len(shape)))


def adversaries() -> Made:
    maker, judge = (
        nn.Linear(2, 3),
        nn.Sequential(nn.Linear(3, 4), nn.LeakyReLU(0.2), nn.Linear(4, 1)),
    )

    def step(z: Tensor) -> Tensor:
        fake = maker(z)
        found = F.binary_cross_entropy_with_logits(judge(fake.detach()), torch.zeros(5, 1))
        return found + F.binary_cross_entropy_with_logits(judge(fake), torch.ones(5, 1))

    return step, (numbers(5, 2),)


def meta_learning() -> Made:
    slow = numbers(3, 1).requires_grad_()

    def loss(x: Tensor) -> Tensor:
        fast = slow
        for _ in range(2):
            inner = (x @ fast - 1).square().mean()
            (gradient,) = torch.autograd.grad(inner, fast, create_graph=True)
            fast = fast - 0.1 * gradient
        return (x @ fast).square().sum()

    return loss, (numbers(4, 3),)


def gradient_penalty() -> Made:
    judge = nn.Sequential(nn.Linear(3, 4), nn.Tanh(), nn.Linear(4, 1))

    def penalty(x: Tensor) -> Tensor:
        there = x.detach().requires_grad_()
        (gradient,) = torch.autograd.grad(judge(there).sum(), there, create_graph=True)
        found: Tensor = (gradient.norm(2, dim=1) - 1).square().mean() + judge(x).sum()
        return found

    return penalty, (numbers(4, 3),)


def moving_average() -> Made:
    online, target = nn.Linear(3, 2), nn.Linear(3, 2)

    def loss(x: Tensor) -> Tensor:
        with torch.no_grad():
            for slow, quick in zip(target.parameters(), online.parameters(), strict=True):
                slow.mul_(0.9).add_(quick, alpha=0.1)
        return F.mse_loss(online(x), target(x).detach())

    return loss, (numbers(4, 3),)


def tied_weights() -> Made:
    embedding, head = nn.Embedding(7, 4), nn.Linear(4, 7, bias=False)
    head.weight = embedding.weight

    def loss(x: Tensor) -> Tensor:
        found: Tensor = head(embedding(torch.tensor([1, 2, 3])) * x).logsumexp(-1).sum()
        return found

    return loss, (numbers(4),)


def parametrised(wrap: Callable[[nn.Module], nn.Module]) -> Made:
    layer = wrap(nn.Linear(3, 3))

    def loss(x: Tensor) -> Tensor:
        found: Tensor = layer(x).pow(3).sum()
        return found

    return loss, (numbers(2, 3),)


def called_with_weights() -> Made:
    layer = nn.Linear(3, 2)

    def loss(x: Tensor, w: Tensor) -> Tensor:
        found: Tensor = torch.func.functional_call(layer, {"weight": w}, (x,)).sin().sum()
        return found

    return loss, (numbers(4, 3), numbers(2, 3))


def clipped_by_hooks() -> Made:
    layer = nn.Linear(3, 2)
    for parameter in layer.parameters():
        parameter.register_hook(lambda gradient: gradient.clamp(-0.1, 0.1))

    def loss(x: Tensor) -> Tensor:
        found: Tensor = layer(x).square().sum()
        return found

    return loss, (numbers(4, 3),)


class Reversible(torch.autograd.Function):
    """Keep no input: the backward recovers it from the result (Gomez et al. 2017)."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, f: nn.Module, g: nn.Module) -> Tensor:
        left, right = x.chunk(2, -1)
        above = left + f(right)
        below = right + g(above)
        ctx.f, ctx.g = f, g
        ctx.save_for_backward(above, below)
        return torch.cat([above, below], -1)

    @staticmethod
    def backward(ctx: Any, adjoint: Tensor) -> tuple[Tensor, None, None]:
        above, below = ctx.saved_tensors
        first, second = adjoint.chunk(2, -1)
        with torch.enable_grad():
            above = above.detach().requires_grad_()
            gone = ctx.g(above)
            first = first + torch.autograd.grad(gone, above, second)[0]
            right = (below - gone).detach().requires_grad_()
            second = second + torch.autograd.grad(ctx.f(right), right, first)[0]
        return torch.cat([first, second], -1), None, None


def reversible() -> Made:
    f, g = nn.Linear(2, 2), nn.Linear(2, 2)
    run: Any = Reversible.apply

    def loss(x: Tensor) -> Tensor:
        found: Tensor = run(run(x, f, g), g, f).sin().sum()
        return found

    return loss, (numbers(3, 4),)


def experts() -> Made:
    gate, parts = nn.Linear(4, 3), nn.ModuleList(nn.Linear(4, 4) for _ in range(3))

    def loss(x: Tensor) -> Tensor:
        weights, chosen = gate(x).softmax(-1).topk(2, -1)
        out = torch.zeros_like(x)
        for number, expert in enumerate(parts):
            rows, places = torch.where(chosen == number)
            out.index_add_(0, rows, expert(x[rows]) * weights[rows, places, None])
        return out.square().sum()

    return loss, (numbers(5, 4),)


def decoding_with_a_cache() -> Made:
    query, key, value = (nn.Linear(4, 4) for _ in range(3))

    def loss(x: Tensor) -> Tensor:
        keys, values = torch.zeros(5, 4), torch.zeros(5, 4)
        outputs = []
        for t in range(3):
            keys[t], values[t] = key(x[t]), value(x[t])
            weights = (query(x[t]) @ keys[: t + 1].clone().T / 2).softmax(-1)
            outputs.append(weights @ values[: t + 1].clone())
        return torch.stack(outputs).sum()

    return loss, (numbers(3, 4),)


def packed_sequences() -> Made:
    layer = nn.LSTM(3, 4, batch_first=True)

    def loss(x: Tensor) -> Tensor:
        packed = nn.utils.rnn.pack_padded_sequence(x, torch.tensor([4, 2]), batch_first=True)
        output, _ = nn.utils.rnn.pad_packed_sequence(layer(packed)[0], batch_first=True)
        return output.square().sum()

    return loss, (numbers(2, 4, 3),)


def scaled_bfloat16() -> Made:
    net = nn.Sequential(nn.Linear(3, 4), nn.ReLU(), nn.Linear(4, 1))
    scaler = torch.amp.GradScaler("cpu")

    def loss(x: Tensor) -> Tensor:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            found: Tensor = scaler.scale(net(x).float().square().mean())
        return found

    return loss, (numbers(4, 3),)
