"""The functions of the rule for recurrent networks as cuDNN runs them: layers on layers, both ways.

The flat list of weights has W, U and, if any, b and b′ of each layer and direction in turn; the
states of all layers and directions are stacked in the same order. Samples of several lengths lie
packed, moment after moment; here they are laid apart again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from typing import Any, NamedTuple

import torch
from torch import Tensor

from graphstep.rules.functions.cells import GRU, LSTM, RELU, TANH
from graphstep.rules.functions.recurrent import (
    Way,
    back,
    laid_apart,
    over_time,
    packed,
    per_gate,
    push,
    run,
)

_CELLS = (RELU, TANH, LSTM, GRU)
"""By cuDNN's number of a mode."""


class _Stack(NamedTuple):
    """What a network was run with, its arguments in the order of the rule."""

    input: Tensor
    weight: Sequence[Tensor]
    weight_stride0: int
    hx: Tensor
    cx: Tensor | None
    mode: int
    batch_first: bool
    bidirectional: bool
    batch_sizes: Sequence[int]

    @property
    def sizes(self) -> Tensor:
        return torch.tensor(self.batch_sizes)

    def apart(self, x: Tensor) -> Tensor:
        """Return what lies as the input does as moments × samples × features."""
        if self.batch_sizes:
            shape = (len(self.batch_sizes), self.batch_sizes[0], x.shape[-1])
            return laid_apart(x, shape, self.sizes, False)
        return x.transpose(0, 1) if self.batch_first else x

    def together(self, x: Tensor) -> Tensor:
        """Lay moments × samples × features as the input lies."""
        if self.batch_sizes:
            return packed(x, self.sizes, False)
        return x.transpose(0, 1) if self.batch_first else x

    def grouped(self, weights: Sequence[Tensor]) -> list[tuple[Tensor, ...]]:
        """Return the weights of each layer and direction."""
        size = self.weight_stride0
        return [tuple(weights[k : k + size]) for k in range(0, len(weights), size)]

    def layers(self) -> list[list[Way]]:
        """Run the network: its ways by layer, each with the input that it had."""
        x, seen = self.apart(self.input), None
        if self.batch_sizes:
            samples = torch.arange(x.shape[1])
            seen = (samples < self.sizes[:, None]).unsqueeze(-1).to(x.device)
        cells = self.hx if self.cx is None else self.cx
        found = []
        started = list(zip(self.grouped(self.weight), self.hx, cells, strict=True))
        directions = 1 + self.bidirectional
        for k in range(0, len(started), directions):
            ways = [
                Way(_CELLS[self.mode], x, weights, h, c, bool(reverse), seen)
                for reverse, (weights, h, c) in enumerate(started[k : k + directions])
            ]
            x = torch.cat([run(way)[1] for way in ways], -1)
            found.append(ways)
        return found


class _Adjoints(NamedTuple):
    input: Tensor
    weights: list[Tensor]
    h: Tensor
    c: Tensor


def _back(gs: Sequence[Tensor], given: Sequence[Any]) -> _Adjoints:
    stack = _Stack(*given)
    layers = stack.layers()
    g = stack.apart(gs[0])
    last_c = gs[1] if stack.cx is None else gs[2]
    number = len(stack.hx)
    weights: list[list[Tensor]] = []
    first: list[tuple[Tensor, Tensor]] = []
    for ways in reversed(layers):
        below = torch.zeros_like(ways[0].x)
        parts = g.chunk(len(ways), -1)
        for way, part in zip(reversed(ways), reversed(parts), strict=True):
            number -= 1
            past = back(way, part, gs[1][number], last_c[number])
            below = below + past.a @ way.weights[0]
            found = [over_time(past.a, way.x), over_time(past.q, past.hidden)]
            if len(way.weights) > 2:
                found += [per_gate(past.a), per_gate(past.q)]
            weights.append(found)
            first.append((past.h, past.c))
        g = below
    h, c = (torch.stack(one) for one in zip(*reversed(first), strict=True))
    return _Adjoints(stack.together(g), list(chain(*reversed(weights))), h, c)


def stack_input(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return the input's adjoint, Σ Wᵀāₜ over the directions of the first layer."""
    return _back(gs, given).input


def stack_weight(gs: Sequence[Tensor], k: int, *given: Any) -> Tensor:
    """Return the adjoint of weight number `k`: Σ āₜ xₜᵀ, Σ q̄ₜ hₜ₋₁ᵀ, Σ āₜ or Σ q̄ₜ of its layer."""
    return _back(gs, given).weights[k]


def stack_hidden(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return h̄₀ of every layer and direction."""
    return _back(gs, given).h


def stack_cell(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return c̄₀ of every layer and direction."""
    return _back(gs, given).c


def stack_tangent(
    dx: Tensor, changes: Sequence[Tensor], dh: Tensor, dc: Tensor | float, *given: Any
) -> tuple[Tensor, ...]:
    """Return the tangents of the output, of the last h and, of an LSTM, of the last c."""
    stack = _Stack(*given)
    dx = stack.apart(dx)
    starts = iter(
        zip(stack.grouped(changes), dh, dc if isinstance(dc, Tensor) else dh, strict=True)
    )
    last: list[tuple[Tensor, Tensor]] = []
    for ways in stack.layers():
        made = [push(way, dx, *next(starts)) for way in ways]
        dx = torch.cat([outputs for outputs, _, _ in made], -1)
        last += [(h, c) for _, h, c in made]
    h, c = (torch.stack(one) for one in zip(*last, strict=True))
    return (stack.together(dx), h, c) if stack.cx is not None else (stack.together(dx), h)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "stack_input": stack_input,
    "stack_weight": stack_weight,
    "stack_hidden": stack_hidden,
    "stack_cell": stack_cell,
    "stack_tangent": stack_tangent,
}
