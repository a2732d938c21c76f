"""The four ways to choose the rate of a descent, and the step that follows from it."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, get_args

import torch
from torch import Tensor

from graphstep.errors import InputError

Schedule = Literal["constant", "adaptive", "step", "cosine"]
SCHEDULES: tuple[Schedule, ...] = get_args(Schedule)
Check = Literal["before", "after"]
CHECKS: tuple[Check, ...] = get_args(Check)
GROWTH, SHRINKAGE = 1.2, 0.5
"""Riedmiller and Braun (1993): the rate of one number while its slope keeps its sign, and not."""
STEP_EVERY, STEP_FACTOR = 10, 0.5


@dataclass(frozen=True, slots=True)
class Method:
    """Say how a descent moves.

    `lr` is the first rate, `momentum` the part of the last change that is kept, `nesterov`
    looks ahead along it (Sutskever et al. 2013). `schedule` changes the rate: `adaptive` for
    each number by itself, `step` halves it every 10 iterations, `cosine` lets it fall to 0 at
    `steps`. `check` says when ‖∇f‖ is held against `tol`: before the move that it would make, or
    after it, one move later (the lecture's two loops differ in this).
    Raises InputError for numbers that cannot be meant.
    """

    lr: float = 0.1
    steps: int = 100
    tol: float = 1e-3
    momentum: float = 0.0
    nesterov: bool = False
    schedule: Schedule = "constant"
    check: Check = "before"

    def __post_init__(self) -> None:
        if not (self.lr > 0 and math.isfinite(self.lr)):
            raise InputError(f"the rate must be above 0, not {self.lr:g}")
        if not 0 <= self.momentum < 1:
            raise InputError(f"momentum must be from 0 to below 1, not {self.momentum:g}")
        if self.nesterov and not self.momentum:
            raise InputError("nesterov looks ahead along the momentum; give --momentum too")
        if not self.tol >= 0:
            raise InputError(f"the tolerance must be 0 or more, not {self.tol:g}")
        if self.steps < 1:
            raise InputError(f"steps must be 1 or more, not {self.steps}")
        if self.schedule not in SCHEDULES:
            known = ", ".join(SCHEDULES)
            raise InputError(f"unknown schedule {self.schedule!r} (must be one of {known})")
        if self.check not in CHECKS:
            raise InputError(f"unknown check {self.check!r} (must be one of {', '.join(CHECKS)})")

    @property
    def is_plain(self) -> bool:
        """Tell whether nothing is added to plain descent."""
        return self.schedule == "constant" and not self.momentum

    def __str__(self) -> str:
        if self.is_plain:
            return f"plain, lr {self.lr:g}"
        parts = [] if self.schedule == "constant" else [f"{self.schedule} rate"]
        if self.momentum:
            parts.append(f"{'nesterov' if self.nesterov else 'momentum'} {self.momentum:g}")
        return f"{', '.join(parts)}, lr {self.lr:g}"


def mover(method: Method) -> Callable[[int, Tensor], tuple[Tensor, float]]:
    """Return a function from iteration and gradient to the change of one tensor, and its rate.

    It remembers the changes before, as torch's SGD does: b ← μ·b + g, θ ← θ − α·b, and with
    nesterov θ ← θ − α·(g + μ·b). Where the rates differ between numbers, the rate told is their
    mean.
    """
    buffer: Tensor | None = None
    last: Tensor | None = None
    rates: Tensor | None = None

    def move(k: int, gradient: Tensor) -> tuple[Tensor, float]:
        nonlocal buffer, last, rates
        direction = gradient
        if method.momentum:
            buffer = gradient.clone() if buffer is None else method.momentum * buffer + gradient
            direction = gradient + method.momentum * buffer if method.nesterov else buffer
        if method.schedule != "adaptive":
            rate = scheduled(method, k)
            return -rate * direction, rate
        if rates is None or last is None:
            rates = torch.full_like(gradient, method.lr)
        else:
            sign = torch.sign(gradient * last)
            rates = rates * torch.where(sign > 0, GROWTH, torch.where(sign < 0, SHRINKAGE, 1.0))
        last = gradient
        return -rates * direction, float(rates.mean())

    return move


def scheduled(method: Method, k: int) -> float:
    """Return the rate of iteration `k`, from 0, of a schedule that does not look at gradients."""
    if method.schedule == "step":
        return method.lr * STEP_FACTOR ** (k // STEP_EVERY)
    if method.schedule == "cosine":
        return method.lr * (1 + math.cos(math.pi * k / method.steps)) / 2
    return method.lr
