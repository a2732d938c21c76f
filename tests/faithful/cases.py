"""Torch programs of the kinds that people write, each a function of one tensor and its input."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils.checkpoint import checkpoint

Program = Callable[[Tensor], Any]

LINEAR = nn.Linear(3, 3)


class Twice(torch.autograd.Function):
    """Give two results and hand back None where nothing arrived."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, y: Tensor) -> tuple[Tensor, Tensor]:
        ctx.save_for_backward(x)
        ctx.set_materialize_grads(False)
        return x * 2, y * 3

    @staticmethod
    def backward(ctx: Any, g: Tensor | None, h: Tensor | None) -> tuple[Tensor | None, ...]:
        return (None if g is None else g * 2), (None if h is None else h * 3)


class Marked(torch.autograd.Function):
    """Set up the context apart, mark one result, and give no gradient for one operand."""

    @staticmethod
    def forward(x: Tensor, factor: float) -> tuple[Tensor, Tensor]:
        return x * factor, (x > 0).to(x.dtype)

    @staticmethod
    def setup_context(ctx: Any, inputs: tuple[Any, ...], output: tuple[Tensor, ...]) -> None:
        ctx.factor = inputs[1]
        ctx.mark_non_differentiable(output[1])

    @staticmethod
    def backward(ctx: Any, g: Tensor, _: Tensor) -> tuple[Tensor, None]:
        return g * ctx.factor, None


class Straight(torch.autograd.Function):
    """Pass the adjoint straight through a step: the backward is not the derivative."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        return x.sign()

    @staticmethod
    def backward(ctx: Any, g: Tensor) -> Tensor:
        return g


# Torch gives `apply` no types.
TWICE: Any = Twice.apply
MARKED: Any = Marked.apply
STRAIGHT: Any = Straight.apply


def in_place(x: Tensor) -> Tensor:
    c = x * 1
    c.mul_(2).add_(x)
    return (c * x).sum()


def in_place_view(x: Tensor) -> Tensor:
    c = x.clone()
    c[0].mul_(2)
    c[:, 1:] += x[:, 1:]
    return (c * c).sum()


def view_of_view(x: Tensor) -> Tensor:
    c = x.clone()
    c[0][1:].mul_(3)
    c.view(-1)[0] = x[1, 1] * 2
    return (c * x).sum()


def set_item(x: Tensor) -> Tensor:
    c = torch.zeros(2, 3, dtype=x.dtype)
    c[0] = x[1] * 2
    c[1, 1:] = x[0, :2].exp()
    return (c * x).sum()


def some_results(x: Tensor) -> Tensor:
    first, _, last = x.unbind(1)
    values, _ = x.max(dim=1)
    return (first * last).sum() + values.sum() + x.topk(2).values.prod()


def no_grad_part(x: Tensor) -> Tensor:
    with torch.no_grad():
        scale = (x * x).sum()
    return (x * scale).sum() + (x.detach() * x).sum() + (x.data * x).sum()


def inference_part(x: Tensor) -> Tensor:
    with torch.inference_mode():
        scale = float(torch.ones(3).sum())
    return (x * scale).sum()


def tensor_hook(x: Tensor) -> Tensor:
    z = x * 2
    z.register_hook(lambda g: g * 10)
    z.register_hook(lambda g: None)
    return (z * z).sum()


def hook_on_custom(x: Tensor) -> Tensor:
    z: Tensor = STRAIGHT(x * 2)
    z.register_hook(lambda g: g * 3)
    return (z * x).sum()


def retained(x: Tensor) -> Tensor:
    z = x * 2
    z.retain_grad()
    return z.exp().sum()


def control_flow(x: Tensor) -> Tensor:
    total = x.sum() * 0
    for row in x:
        total = total + (row.exp().sum() if row.sum() > 0 else (row * row).sum())
    return total


def autocast(x: Tensor) -> Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found: Tensor = LINEAR(x).float().sum()
        return found


def double_backward(x: Tensor) -> Tensor:
    y = (x**3).sum()
    g: Tensor
    (g,) = torch.autograd.grad(y, x, create_graph=True)
    return (g * g).sum() + (g * x).exp().sum()


def in_thread(x: Tensor) -> Tensor:
    made: list[Tensor] = []

    def work() -> None:
        made.append((x * torch.ones(4, 2, 3)).sin().sum())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return made[0] * 2 + x.sum()


CASES: dict[str, Program] = {
    "in place": in_place,
    "in place on a view": in_place_view,
    "view of a view": view_of_view,
    "item assignment": set_item,
    "several results, some unused": some_results,
    "custom function, both results": lambda x: sum(r.sum() for r in TWICE(x, x * x)),
    "custom function, one result": lambda x: TWICE(x, x * x)[1].sum(),
    "custom function, marked": lambda x: (MARKED(x, 3.0)[0] * x).sum(),
    "straight through": lambda x: (STRAIGHT(x) * x).sum(),
    "checkpoint": lambda x: checkpoint(
        lambda z: torch.tanh(LINEAR(z)).exp(), x, use_reentrant=False
    ).sum(),
    "checkpoint, reentrant": lambda x: checkpoint(
        lambda z: torch.tanh(LINEAR(z)).exp(), x * 1, use_reentrant=True
    ).sum(),
    "no_grad, detach, data": no_grad_part,
    "inference mode": inference_part,
    "hooks": tensor_hook,
    "hook on a custom function": hook_on_custom,
    "retain_grad": retained,
    "shared parameters": lambda x: LINEAR(LINEAR(x)).sum(),
    "same tensor twice": lambda x: (x * x).sum() + (x @ x.T).sum(),
    "control flow": control_flow,
    "half": lambda x: (x.half() * 2).sum(),
    "bfloat16": lambda x: torch.softmax(x.bfloat16() * 2, 1)[0].exp().sum(),
    "autocast": autocast,
    "mixed dtypes": lambda x: (x.double() * x).sum(),
    "complex": lambda x: torch.view_as_real(torch.fft.fft(x) * (1 + 2j)).pow(2).sum(),
    "complex of conj": lambda x: (torch.complex(x, x * 2).conj() * (1j * x)).abs().sum(),
    "zero size": lambda x: x[:0].sum() + (x[:, :0] @ x[:, :0].T).sum() + x.sum(),
    "0-d": lambda x: x[0, 0] * x[1, 1] + x[0, 0],
    "nan and inf": lambda x: torch.log(x - 5).sum() + (x / 0).sum(),
    "double backward": double_backward,
    "vmap": lambda x: torch.func.vmap(lambda row: (row * row).sum())(x).sum(),
    "func.grad": lambda x: torch.func.grad(lambda r: (r**3).sum())(x).sum(),
    "sparse gradient": lambda x: nn.functional.embedding(
        torch.tensor([1, 0, 1]), x, sparse=True
    ).sum(),
    "threads": in_thread,
    "identity": lambda x: x,
    "no-ops": lambda x: x.contiguous().to(x.dtype).view_as(x).sum(),
    "random": lambda x: nn.functional.dropout(x, 0.5).sum() + (torch.rand_like(x) * x).sum(),
}
