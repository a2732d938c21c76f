"""Functions whose places and names the tests look for; their layout matters."""

from __future__ import annotations

import torch
from torch import Tensor


def straight(a: Tensor, b: Tensor) -> Tensor:
    product = a * b
    return torch.sin(product) + 3 * a


def one_line(a: Tensor) -> Tensor:
    return (a * 2).exp() + (a - 1).tanh()


def across_lines(a: Tensor, b: Tensor) -> Tensor:
    total = (
        a * 2
        + b
    )  # fmt: skip
    return total


def greek(α: Tensor, β: Tensor) -> Tensor:
    π = α.neg(), α * β
    return π[1] + α


def loop(x: Tensor) -> Tensor:
    for _ in range(3):
        x = x * 2 + 1
    return x


def augmented(x: Tensor) -> Tensor:
    y = x * 1
    y += x
    y *= 2
    return y


def unpacked(x: Tensor) -> Tensor:
    first, second = x.split(2)
    biggest, _ = second.max(0)
    result: Tensor = first.sum() * biggest
    return result


def swapped(a: Tensor, b: Tensor) -> Tensor:
    c, d = a * 2, b * 3
    return c + d


def walrus(a: Tensor) -> Tensor:
    return (square := a * a) + square


def annotated(a: Tensor) -> Tensor:
    y: Tensor = a.exp()
    return y * 1


def linear(x: Tensor, w: Tensor) -> Tensor:
    hidden = torch.nn.functional.linear(x, w)
    return hidden.sum()


def helper(z: Tensor) -> Tensor:
    inner = z * z
    return inner


def called_twice(a: Tensor) -> Tensor:
    p = helper(a)
    q = helper(p)
    return p + q


def comprehension(x: Tensor) -> Tensor:
    parts = [torch.sin(row) for row in x]
    return torch.stack(parts).sum()


def chained(a: Tensor) -> Tensor:
    p = q = a * 2
    return p + q
