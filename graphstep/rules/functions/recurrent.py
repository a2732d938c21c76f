"""The functions of the rules for recurrent layers: an LSTM through time.

i, f, o = σ(aᵢ), σ(a_f), σ(aₒ), ĉ = tanh(a_c) with a = W xₜ + U hₜ₋₁ + b + b′,
cₜ = f·cₜ₋₁ + i·ĉ, hₜ = o·tanh(cₜ).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor


class _Layer(NamedTuple):
    """What a layer was run with; without `biases` b and b′ are matrices that count for nothing."""

    x: Tensor
    w: Tensor
    u: Tensor
    b: Tensor
    b2: Tensor
    h: Tensor
    c: Tensor
    reverse: bool
    biases: bool

    def ordered(self, moments: Sequence[Tensor]) -> Tensor:
        """Stack what was made moment after moment in the order of the input."""
        return torch.stack(list(moments[::-1] if self.reverse else moments))

    def running(self, x: Tensor) -> Tensor:
        """Return the moments of `x` in running order: the last one first where `reverse`."""
        return x.flip(0) if self.reverse else x


class _Moment(NamedTuple):
    """What one moment of the run came from and gave: gates i, f, ĉ, o, c before, c after."""

    i: Tensor
    f: Tensor
    fresh: Tensor
    o: Tensor
    before: Tensor
    after: Tensor


def _moments(layer: _Layer) -> tuple[list[_Moment], list[Tensor]]:
    """Run the layer: its moments in running order and h before each."""
    moments, hidden = [], []
    h, c = layer.h, layer.c
    for inputs in layer.running(layer.x):
        hidden.append(h)
        a = inputs @ layer.w.T + h @ layer.u.T
        i, f, fresh, o = (a + layer.b + layer.b2 if layer.biases else a).chunk(4, -1)
        i, f, fresh, o = i.sigmoid(), f.sigmoid(), fresh.tanh(), o.sigmoid()
        before, c = c, f * c + i * fresh
        h = o * c.tanh()
        moments.append(_Moment(i, f, fresh, o, before, c))
    return moments, hidden


def _back(gs: Sequence[Tensor], given: Sequence[Any]) -> tuple[Tensor, Tensor, Tensor]:
    """Go back through time: āₜ of every moment in the order of the input, then h̄₀ and c̄₀."""
    layer = _Layer(*given)
    moments, _ = _moments(layer)
    gh, gc = gs[1], gs[2]
    gates = []
    for moment, g in zip(reversed(moments), layer.running(gs[0]).flip(0), strict=True):
        i, f, fresh, o, before, after = moment
        gh, bent = gh + g, after.tanh()
        gc = gc + gh * o * (1 - bent * bent)
        parts = (
            gc * fresh * i * (1 - i),
            gc * before * f * (1 - f),
            gc * i * (1 - fresh * fresh),
            gh * bent * o * (1 - o),
        )
        gates.append(torch.cat(parts, -1))
        gh, gc = gates[-1] @ layer.u, gc * f
    return layer.ordered(gates[::-1]), gh, gc


def lstm_gates(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return āₜ, the adjoints of the four gates before their bends, in the order of the input."""
    return _back(gs, given)[0]


def lstm_first_hidden(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return h̄₀."""
    return _back(gs, given)[1]


def lstm_first_cell(gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return c̄₀."""
    return _back(gs, given)[2]


def lstm_hidden(*given: Any) -> Tensor:
    """Return hₜ₋₁, what each moment started from, in the order of the input."""
    layer = _Layer(*given)
    return layer.ordered(_moments(layer)[1])


def over_time(g: Tensor, x: Tensor) -> Tensor:
    """Return Σₜ āₜᵀ xₜ over all moments and samples."""
    return g.flatten(0, -2).T @ x.flatten(0, -2)


def per_gate(g: Tensor) -> Tensor:
    """Sum over all moments and samples."""
    return g.flatten(0, -2).sum(0)


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
    layer = _Layer(*given)
    moments, hidden = _moments(layer)
    made = []
    order = (layer.running(layer.x), layer.running(dx))
    for moment, h, inputs, change in zip(moments, hidden, *order, strict=True):
        i, f, fresh, o, before, after = moment
        a = change @ layer.w.T + inputs @ dw.T + dh @ layer.u.T + h @ du.T
        ai, af, ac, ao = (a + db + db2 if layer.biases else a).chunk(4, -1)
        dc = (
            dc * f
            + before * af * f * (1 - f)
            + fresh * ai * i * (1 - i)
            + i * ac * (1 - fresh * fresh)
        )
        bent = after.tanh()
        dh = bent * ao * o * (1 - o) + o * (1 - bent * bent) * dc
        made.append(dh)
    return layer.ordered(made), dh, dc


def packed(x: Tensor, sizes: Tensor, batch_first: bool) -> Tensor:
    """Lay moment after moment the samples that last so long; `sizes` counts them."""
    moment, sample = _places(sizes, x.device)
    return x[sample, moment] if batch_first else x[moment, sample]


def unpacked(g: Tensor, x: Tensor, sizes: Tensor, batch_first: bool) -> Tensor:
    """Put each row back at its moment and sample of zeros shaped like `x`."""
    moment, sample = _places(sizes, g.device)
    found = torch.zeros(x.shape, dtype=g.dtype, device=g.device)
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
