"""Stand-ins on the cpu for the recurrent kernels of cuda: torch's own cells and networks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from tests.rules.stand_ins import NOTHING, adjoints, forward, listed, stand_in


def _lstm_cell(a: Tensor, c: Tensor) -> tuple[Tensor, Tensor]:
    """Run torch's own cell with the gates' sums as its input, through a unit matrix."""
    unit = torch.eye(a.shape[-1], dtype=a.dtype)
    return torch.lstm_cell(a, (c * 0, c), unit, a.new_zeros(a.shape[-1], c.shape[-1]))


def _lstm_forward(a: Tensor, q: Tensor, c: Tensor, b: Any = None, b2: Any = None) -> Any:
    gates = a + q if b is None else a + q + b + b2
    return *forward(_lstm_cell, gates, c), gates


def _lstm_backward(gh: Any, gc: Any, c: Tensor, _: Tensor, gates: Tensor, has_bias: bool) -> Any:
    g, before = adjoints(_lstm_cell, (gates, c), (gh, gc))
    return g, before, g.sum(0) if has_bias else NOTHING


def _gru_cell(a: Tensor, q: Tensor, h: Tensor) -> Tensor:
    """Run torch's own cell on one sample after another: `q` is its bias, and U is 0."""
    unit, none = torch.eye(a.shape[-1], dtype=a.dtype), a.new_zeros(a.shape[-1], h.shape[-1])
    nothing = a.new_zeros(a.shape[-1])
    rows = zip(a.split(1), q, h.split(1), strict=True)
    return torch.cat([torch.gru_cell(ga, state, unit, none, nothing, gq) for ga, gq, state in rows])


def _gru_forward(a: Tensor, q: Tensor, h: Tensor, b: Any = None, b2: Any = None) -> Any:
    a, q = (a, q) if b is None else (a + b, q + b2)
    return *forward(_gru_cell, a, q, h), torch.cat([a, q, h], -1)


def _gru_backward(g: Tensor, workspace: Tensor, has_bias: bool) -> Any:
    size = g.shape[-1]
    a, q, h = adjoints(_gru_cell, workspace.split([3 * size, 3 * size, size], -1), (g,))
    return a, q, h, *((a.sum(0), q.sum(0)) if has_bias else (NOTHING, NOTHING))


def _network(mode: int, given: Sequence[Any]) -> Callable[..., Any]:
    """Return torch's own recurrent network of the input, h, c and weights."""
    stride, layers, first, ways, sizes = given
    run: Callable[..., Any] = (torch.rnn_relu, torch.rnn_tanh, torch.lstm, torch.gru)[mode]
    shape = (stride > 2, layers, 0.0, False, bool(ways))

    def network(x: Tensor, h: Tensor, c: Any, *weights: Tensor) -> Any:
        state = h if c is None else (h, c)
        if sizes:
            return run(x, torch.tensor(sizes), state, weights, *shape)
        return run(x, state, weights, *shape, first)

    return network


def _rnn(
    x: Tensor, weight: list[Tensor], stride: int, buffer: Any, h: Tensor, c: Any, mode: int,
    _h: int, _p: int, layers: int, first: bool, _d: float, _t: bool, ways: bool, sizes: list[int],
    _s: Any,
) -> tuple[Tensor, ...]:  # fmt: skip
    if buffer is not None:
        parts = buffer.split([w.numel() for w in weight])
        weight = [part.view_as(w) for part, w in zip(parts, weight, strict=True)]
    found = forward(_network(mode, (stride, layers, first, ways, sizes)), x, h, c, *weight)
    last = () if c is not None else (NOTHING,)
    return *found, *last, NOTHING, NOTHING


def _rnn_backward(
    x: Tensor, weight: list[Tensor], stride: int, _: Any, h: Tensor, c: Any, _o: Tensor, g: Any,
    gh: Any, gc: Any, mode: int, _h: int, _p: int, layers: int, first: bool, _d: float, _t: bool,
    ways: bool, sizes: list[int], _s: Any, _r: Tensor, _m: list[bool],
) -> tuple[Any, ...]:  # fmt: skip
    network = _network(mode, (stride, layers, first, ways, sizes))
    operands = (x, h, c, *weight)
    found = listed(adjoints(network, operands, (g, gh, gc)[: 2 if c is None else 3]), operands)
    return *found[:3], found[3:]


stand_in(
    _thnn_fused_lstm_cell=_lstm_forward,
    _thnn_fused_lstm_cell_backward_impl=_lstm_backward,
    _thnn_fused_gru_cell=_gru_forward,
    _thnn_fused_gru_cell_backward=_gru_backward,
    _cudnn_rnn=_rnn,
    _cudnn_rnn_backward=_rnn_backward,
)
