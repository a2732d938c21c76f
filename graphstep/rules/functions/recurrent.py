"""The functions of the rules for recurrent layers: an LSTM through time.

i, f, o = σ(aᵢ), σ(a_f), σ(aₒ), ĉ = tanh(a_c) with a = W xₜ + U hₜ₋₁ + b + b′,
cₜ = f·cₜ₋₁ + i·ĉ, hₜ = o·tanh(cₜ).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor


class _Moment(NamedTuple):
    """What one moment of the run came from and gave: gates i, f, ĉ, o, c before, c after."""

    i: Tensor
    f: Tensor
    fresh: Tensor
    o: Tensor
    before: Tensor
    after: Tensor


def _moments(
    x: Tensor, w: Tensor, u: Tensor, b: Tensor, b2: Tensor, h: Tensor, c: Tensor, reverse: bool
) -> tuple[list[_Moment], list[Tensor]]:
    """Run the layer, the last moment first where `reverse`: its moments and h before each."""
    moments, hidden = [], []
    for inputs in x.flip(0) if reverse else x:
        hidden.append(h)
        i, f, fresh, o = (inputs @ w.T + h @ u.T + b + b2).chunk(4, -1)
        i, f, fresh, o = i.sigmoid(), f.sigmoid(), fresh.tanh(), o.sigmoid()
        before, c = c, f * c + i * fresh
        h = o * c.tanh()
        moments.append(_Moment(i, f, fresh, o, before, c))
    return moments, hidden


def _back(
    gs: Sequence[Tensor], u: Tensor, moments: Sequence[_Moment], reverse: bool
) -> tuple[list[Tensor], Tensor, Tensor]:
    """Go back through time: āₜ of every moment in running order, then h̄₀ and c̄₀."""
    above = gs[0].flip(0) if reverse else gs[0]
    gh, gc = gs[1], gs[2]
    gates = []
    for moment, g in zip(reversed(moments), above.flip(0), strict=True):
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
        gh, gc = gates[-1] @ u, gc * f
    return gates[::-1], gh, gc


def lstm_gates(
    gs: Sequence[Tensor],
    x: Tensor,
    w: Tensor,
    u: Tensor,
    b: Tensor,
    b2: Tensor,
    h: Tensor,
    c: Tensor,
    reverse: bool,
) -> Tensor:
    """Return āₜ, the adjoints of the four gates before their bends, in the order of the input."""
    moments, _ = _moments(x, w, u, b, b2, h, c, reverse)
    gates, _, _ = _back(gs, u, moments, reverse)
    return torch.stack(gates[::-1] if reverse else gates)


def lstm_first_hidden(
    gs: Sequence[Tensor],
    x: Tensor,
    w: Tensor,
    u: Tensor,
    b: Tensor,
    b2: Tensor,
    h: Tensor,
    c: Tensor,
    reverse: bool,
) -> Tensor:
    """Return h̄₀."""
    moments, _ = _moments(x, w, u, b, b2, h, c, reverse)
    _, found, _ = _back(gs, u, moments, reverse)
    return found


def lstm_first_cell(
    gs: Sequence[Tensor],
    x: Tensor,
    w: Tensor,
    u: Tensor,
    b: Tensor,
    b2: Tensor,
    h: Tensor,
    c: Tensor,
    reverse: bool,
) -> Tensor:
    """Return c̄₀."""
    moments, _ = _moments(x, w, u, b, b2, h, c, reverse)
    *_, found = _back(gs, u, moments, reverse)
    return found


def lstm_hidden(
    x: Tensor, w: Tensor, u: Tensor, b: Tensor, b2: Tensor, h: Tensor, c: Tensor, reverse: bool
) -> Tensor:
    """Return hₜ₋₁, what each moment started from, in the order of the input."""
    _, hidden = _moments(x, w, u, b, b2, h, c, reverse)
    return torch.stack(hidden[::-1] if reverse else hidden)


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
    *given: Tensor,
    reverse: bool,
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the tangents of all hₜ and of the last h and c; `given` is what the layer was."""
    x, w, u, b, b2, h, c = given
    moments, hidden = _moments(x, w, u, b, b2, h, c, reverse)
    made = []
    order = (x.flip(0), dx.flip(0)) if reverse else (x, dx)
    for moment, h, inputs, change in zip(moments, hidden, *order, strict=True):
        i, f, fresh, o, before, after = moment
        a = change @ w.T + inputs @ dw.T + dh @ u.T + h @ du.T + db + db2
        ai, af, ac, ao = a.chunk(4, -1)
        dc = (
            dc * f
            + before * af * f * (1 - f)
            + fresh * ai * i * (1 - i)
            + i * ac * (1 - fresh * fresh)
        )
        bent = after.tanh()
        dh = bent * ao * o * (1 - o) + o * (1 - bent * bent) * dc
        made.append(dh)
    return torch.stack(made[::-1] if reverse else made), dh, dc


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "lstm_gates": lstm_gates,
    "lstm_first_hidden": lstm_first_hidden,
    "lstm_first_cell": lstm_first_cell,
    "lstm_hidden": lstm_hidden,
    "lstm_tangent": lstm_tangent,
    "over_time": over_time,
    "per_gate": per_gate,
}
