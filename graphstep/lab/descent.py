"""Gradient descent on any source: every iteration kept, and each one a trace to step through."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import pairwise
from typing import Any, Literal

import torch
from torch import Tensor

from graphstep.errors import InputError
from graphstep.format.numbers import number
from graphstep.lab.objective import Objective, Position, objective
from graphstep.lab.rates import Check, Method, Schedule, mover
from graphstep.traced.trace import Trace

Outcome = Literal["converged", "stopped", "diverged"]
MOST_KEPT = 10**8
"""So many numbers may be kept of a whole descent: every position and gradient."""
RISES = 10
"""A value and a gradient that both rise so many times in a row, above the start, diverge."""


@dataclass(frozen=True, slots=True, eq=False)
class Iterate:
    """Hold one iteration: where it is, f and ∇f there, and the rate of the move that follows.

    `held` is what `.grad` holds before this iteration's backward: zeros, or everything so far
    where nobody zeroes it. `rate` is None at the last one, from which nothing moves.
    """

    index: int
    position: Position
    value: float
    gradient: Mapping[str, Tensor]
    norm: float
    held: Mapping[str, Tensor | None]
    rate: float | None = None


@dataclass(frozen=True, eq=False)
class Descent:
    """Hold one whole descent and answer for it."""

    objective: Objective = field(repr=False)
    method: Method
    iterates: tuple[Iterate, ...] = field(repr=False)
    outcome: Outcome
    message: str

    @property
    def iterations(self) -> int:
        """How often the position moved."""
        return self.iterates[-1].index

    @property
    def last(self) -> Iterate:
        """The iteration that it ended with."""
        return self.iterates[-1]

    def trace(self, index: int) -> Trace:
        """Return iteration `index` recorded anew, for the stepper or a picture.

        Its leaves hold in `.grad` what they held then, so that a further backward shows what
        was added. Raises InputError where there is no such iteration.
        """
        if not 0 <= index < len(self.iterates):
            raise InputError(f"no iteration {index}: this descent has 0 to {self.iterations}")
        one = self.iterates[index]
        return self.objective.record(one.position, one.held)

    def __str__(self) -> str:
        return f"{self.method}: {self.message}"


def descent(
    what: str | Callable[..., Any],
    *,
    lr: float = 0.1,
    steps: int = 100,
    tol: float = 1e-3,
    momentum: float = 0.0,
    nesterov: bool = False,
    schedule: Schedule = "constant",
    check: Check = "before",
    moving: Sequence[str] = (),
    zero_grad: bool = True,
    seed: int = 0,
    **inputs: Any,
) -> Descent:
    """Descend from `inputs` until ‖∇f‖ ≤ `tol` or `steps` moves are made.

    `what` is an expression, `file.py:function`, a function or a module, and gives one number.
    `moving` names the inputs that move (default: all floating ones; of a module its
    parameters). Without `zero_grad` every backward adds to the `.grad` of those before, and the
    sum is what moves, as in a training loop that forgets `zero_grad()`. `check="after"` compares
    with `tol` only once the move is made.

    Raises InputError for what cannot be descended.
    """
    method = Method(lr, steps, tol, momentum, nesterov, schedule, check)
    return run(objective(what, inputs, moving, seed), method, zero_grad=zero_grad)


def run(
    objective: Objective,
    method: Method,
    *,
    start: Position | None = None,
    zero_grad: bool = True,
    derivative: Callable[[Position], Mapping[str, Tensor]] | None = None,
) -> Descent:
    """Descend by torch's autograd, or with the gradient that `derivative` computes by hand."""
    position = {n: t.detach().clone() for n, t in (start or objective.start).items()}
    moving = sum(t.numel() for t in position.values())
    if 2 * moving * (method.steps + 1) > MOST_KEPT:
        raise InputError(
            f"every iteration is kept: {moving:,} times {method.steps:,} steps are too many "
            "numbers; lower --steps, or let fewer numbers move"
        )
    movers = {name: mover(method) for name in position}
    held: dict[str, Tensor | None] = dict.fromkeys(position)
    if zero_grad:
        held = {name: torch.zeros_like(t) for name, t in position.items()}
    found: list[Iterate] = []
    end = partial(Descent, objective, method)
    for k in range(method.steps + 1):
        leaves = objective.leaves(position)
        for name, leaf in leaves.items():
            before = held[name]
            leaf.grad = None if before is None else before.clone()
        output = objective.number(leaves)
        if derivative is None:
            output.backward()
            gradient = {n: _gradient(leaf) for n, leaf in leaves.items()}
        else:
            gradient = dict(derivative(position))
        norm = math.sqrt(sum(float((g.double() ** 2).sum()) for g in gradient.values()))
        one = Iterate(k, position, float(output.detach()), gradient, norm, held)
        found.append(one)
        problem = _divergence(found, method)
        if problem:
            return end(tuple(found), "diverged", problem)
        looked = norm if method.check == "before" else found[-2].norm if k else math.inf
        if looked <= method.tol:
            said = f"converged: ‖∇f‖ = {number(looked)} ≤ {method.tol:g} after {times(k)}"
            return end(tuple(found), "converged", said)
        if k == method.steps:
            break
        moves = {name: movers[name](k, gradient[name]) for name in position}
        rate = sum(rate for _, rate in moves.values()) / len(moves)
        found[-1] = replace(one, rate=rate)
        position = {n: t + moves[n][0].to(t.dtype) for n, t in position.items()}
        if not zero_grad:
            held = {name: gradient[name].clone() for name in position}
    said = f"stopped: ‖∇f‖ = {number(looked)} > {method.tol:g} after all {times(method.steps)}"
    return end(tuple(found), "stopped", said)


def times(count: int) -> str:
    """Return a number of iterations in words."""
    return f"{count} iteration{'' if count == 1 else 's'}"


def _gradient(leaf: Tensor) -> Tensor:
    return torch.zeros_like(leaf) if leaf.grad is None else leaf.grad.detach().clone()


def _divergence(found: Sequence[Iterate], method: Method) -> str:
    """Say why a descent is hopeless; empty where it is not."""
    last = found[-1]
    where = f"diverged at iteration {last.index}"
    advice = f"the rate {method.lr:g} is too high from here; try a smaller --lr"
    if not (math.isfinite(last.value) and math.isfinite(last.norm)):
        what = f"f is {last.value}" if not math.isfinite(last.value) else f"‖∇f‖ is {last.norm}"
        if last.index == 0:
            return f"{where}: {what} at the start itself"
        return f"{where}: {what}; {advice}"
    recent = found[-RISES - 1 :]
    rising = len(recent) > RISES and all(
        b.value > a.value and b.norm > a.norm for a, b in pairwise(recent)
    )
    if rising and last.value > found[0].value:
        rise = f"f rose {RISES} times in a row, to {number(last.value)}"
        return f"{where}: {rise}; {advice}"
    return ""
