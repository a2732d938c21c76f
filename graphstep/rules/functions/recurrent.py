"""The functions of the rules for recurrent layers: one layer in one direction, through time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

from graphstep.rules.functions.cells import LSTM, Cell


class Way(NamedTuple):
    """What a layer was run with: `x` moment by moment, `weights` W, U and, if any, b and b′.

    `seen` tells for each moment which samples are there, as a column of booleans; the state of
    another stays as it is.
    """

    cell: Cell
    x: Tensor
    weights: Sequence[Tensor]
    h: Tensor
    c: Tensor
    reverse: bool
    seen: Tensor | None = None

    @property
    def order(self) -> list[int]:
        """The numbers of the moments in running order."""
        moments = list(range(len(self.x)))
        return moments[::-1] if self.reverse else moments

    def ordered(self, made: Sequence[Tensor]) -> Tensor:
        """Stack what was made moment after moment in the order of the input."""
        return torch.stack(list(made[::-1] if self.reverse else made))

    def where_seen(self, moment: int, there: Tensor, gone: Tensor) -> Tensor:
        """Take `there` for the samples that the moment has, `gone` for the others."""
        return there if self.seen is None else torch.where(self.seen[moment], there, gone)


class Moment(NamedTuple):
    """What a moment's gates were brought by input and state, and the states before it."""

    a: Tensor
    q: Tensor
    h: Tensor
    c: Tensor


class Past(NamedTuple):
    """Adjoints of a layer: of what its gates were brought at each moment, and of its first states.

    `hidden` has h before each moment.
    """

    a: Tensor
    q: Tensor
    h: Tensor
    c: Tensor
    hidden: Tensor


def run(way: Way) -> tuple[list[Moment], Tensor, Tensor, Tensor]:
    """Run a layer: its moments in running order, h at each in the order of the input, last h, c."""
    w, u, *biases = way.weights
    b, b2 = biases or (0.0, 0.0)
    moments, made = [], []
    h, c = way.h, way.c
    for t in way.order:
        moment = Moment(way.x[t] @ w.T + b, h @ u.T + b2, h, c)
        moments.append(moment)
        h, c = (
            way.where_seen(t, new, old)
            for new, old in zip(way.cell.step(*moment), (h, c), strict=True)
        )
        made.append(h)
    return moments, way.ordered(made), h, c


def back(way: Way, g: Tensor, gh: Tensor, gc: Tensor) -> Past:
    """Go back through time from the adjoints of h at each moment and of the last h and c."""
    moments = run(way)[0]
    u = way.weights[1]
    brought, state = [], []
    for t, moment in zip(reversed(way.order), reversed(moments), strict=True):
        gh = gh + g[t]
        ga, gq, before, gc_before = way.cell.back(*moment, gh, gc)
        ga, gq = (way.where_seen(t, gate, torch.zeros_like(gate)) for gate in (ga, gq))
        gh = way.where_seen(t, before + gq @ u, gh)
        gc = way.where_seen(t, gc_before, gc)
        brought.append(ga)
        state.append(gq)
    hidden = way.ordered([moment.h for moment in moments])
    return Past(way.ordered(brought[::-1]), way.ordered(state[::-1]), gh, gc, hidden)


def push(
    way: Way, dx: Tensor, changes: Sequence[Tensor], dh: Tensor, dc: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the tangents of h at each moment and of the last h and c."""
    w, u, *_ = way.weights
    dw, du, *biases = changes
    db, db2 = biases or (0.0, 0.0)
    made = []
    for t, moment in zip(way.order, run(way)[0], strict=True):
        da = dx[t] @ w.T + way.x[t] @ dw.T + db
        dq = dh @ u.T + moment.h @ du.T + db2
        new = way.cell.push(*moment, da, dq, dh, dc)
        dh, dc = (way.where_seen(t, n, old) for n, old in zip(new, (dh, dc), strict=True))
        made.append(dh)
    return way.ordered(made), dh, dc


def _lstm(given: Sequence[Any]) -> Way:
    """Return oneDNN's layer; without biases it is given matrices in their place."""
    x, w, u, b, b2, h, c, reverse, biases = given
    return Way(LSTM, x, (w, u, b, b2) if biases else (w, u), h, c, reverse)


def lstm_gates(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return āₜ, the adjoints of the four gates before their bends, in the order of the input."""
    return back(_lstm(given), *gs[:3]).a


def lstm_first_hidden(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return h̄₀."""
    return back(_lstm(given), *gs[:3]).h


def lstm_first_cell(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return c̄₀."""
    return back(_lstm(given), *gs[:3]).c


def lstm_hidden(*given: Any) -> Tensor:
    """Return hₜ₋₁, what each moment started from, in the order of the input."""
    way = _lstm(given)
    return way.ordered([moment.h for moment in run(way)[0]])


def lstm_tangent(
    dx: Tensor,
    dw: Tensor,
    du: Tensor,
    db: Tensor,
    db2: Tensor,
    dh: Tensor,
    dc: Tensor,
    *given: Any,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the tangents of all hₜ and of the last h and c; `given` is what the layer was."""
    way = _lstm(given)
    return push(way, dx, (dw, du, db, db2)[: len(way.weights)], dh, dc)


def over_time(g: Tensor, x: Tensor) -> Tensor:
    """Return Σₜ āₜᵀ xₜ over all moments and samples."""
    return g.flatten(0, -2).T @ x.flatten(0, -2)


def per_gate(g: Tensor) -> Tensor:
    """Sum over all moments and samples."""
    return g.flatten(0, -2).sum(0)


def packed(x: Tensor, sizes: Tensor, batch_first: bool) -> Tensor:
    """Lay moment after moment the samples that last so long; `sizes` counts them."""
    moment, sample = _places(sizes, x.device)
    return x[sample, moment] if batch_first else x[moment, sample]


def unpacked(g: Tensor, x: Tensor, sizes: Tensor, batch_first: bool) -> Tensor:
    """Put each row back at its moment and sample of zeros shaped like `x`."""
    return laid_apart(g, x.shape, sizes, batch_first)


def laid_apart(g: Tensor, shape: Sequence[int], sizes: Tensor, batch_first: bool) -> Tensor:
    """Put each row back at its moment and sample of zeros of a shape."""
    moment, sample = _places(sizes, g.device)
    found = torch.zeros(shape, dtype=g.dtype, device=g.device)
    found[(sample, moment) if batch_first else (moment, sample)] = g
    return found


def _places(sizes: Tensor, device: torch.device) -> tuple[Tensor, Tensor]:
    sizes = sizes.to(device)
    moment = torch.arange(len(sizes), device=device).repeat_interleave(sizes)
    before = sizes.cumsum(0) - sizes
    return moment, torch.arange(len(moment), device=device) - before[moment]


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "lstm_gates": lstm_gates,
    "lstm_first_hidden": lstm_first_hidden,
    "lstm_first_cell": lstm_first_cell,
    "lstm_hidden": lstm_hidden,
    "lstm_tangent": lstm_tangent,
    "over_time": over_time,
    "per_gate": per_gate,
    "packed": packed,
    "unpacked": unpacked,
}
