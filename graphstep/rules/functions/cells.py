"""One moment of a recurrent layer: what its gates make of the state, and back.

`a` is what the input brings to the gates (W x + b), `q` what the state does (U h + b′). A kind
without a second state c hands on the one that it is given.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import torch
from torch import Tensor

State = tuple[Tensor, Tensor]


class Cell(NamedTuple):
    """One kind of recurrence.

    `step(a, q, h, c)` is the next h and c; `back(a, q, h, c, h̄, c̄)` gives ā, q̄, h̄ and c̄ before,
    h̄ without what goes through U; `push(a, q, h, c, ȧ, q̇, ḣ, ċ)` is the next ḣ and ċ.
    """

    step: Callable[[Tensor, Tensor, Tensor, Tensor], State]
    back: Callable[..., tuple[Tensor, Tensor, Tensor, Tensor]]
    push: Callable[..., State]


def _lstm_gates(a: Tensor, q: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return i, f, o = σ(aᵢ), σ(a_f), σ(aₒ) and ĉ = tanh(a_c), as i, f, ĉ, o."""
    i, f, fresh, o = (a + q).chunk(4, -1)
    return i.sigmoid(), f.sigmoid(), fresh.tanh(), o.sigmoid()


def _lstm_step(a: Tensor, q: Tensor, h: Tensor, c: Tensor) -> State:
    """Return h = o·tanh(c) and c = f·cₜ₋₁ + i·ĉ."""
    i, f, fresh, o = _lstm_gates(a, q)
    after = f * c + i * fresh
    return o * after.tanh(), after


def _lstm_back(
    a: Tensor, q: Tensor, h: Tensor, c: Tensor, gh: Tensor, gc: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    i, f, fresh, o = _lstm_gates(a, q)
    bent = (f * c + i * fresh).tanh()
    gc = gc + gh * o * (1 - bent * bent)
    parts = (
        gc * fresh * i * (1 - i),
        gc * c * f * (1 - f),
        gc * i * (1 - fresh * fresh),
        gh * bent * o * (1 - o),
    )
    gates = torch.cat(parts, -1)
    return gates, gates, torch.zeros_like(gh), gc * f


def _lstm_push(
    a: Tensor, q: Tensor, h: Tensor, c: Tensor, da: Tensor, dq: Tensor, dh: Tensor, dc: Tensor
) -> State:
    i, f, fresh, o = _lstm_gates(a, q)
    ai, af, ac, ao = (da + dq).chunk(4, -1)
    bent = (f * c + i * fresh).tanh()
    dc = dc * f + c * af * f * (1 - f) + fresh * ai * i * (1 - i) + i * ac * (1 - fresh * fresh)
    return bent * ao * o * (1 - o) + o * (1 - bent * bent) * dc, dc


def _gru_gates(a: Tensor, q: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Return r, z = σ(a + q), n = tanh(aₙ + r·qₙ), and qₙ."""
    (ar, az, an), (qr, qz, qn) = a.chunk(3, -1), q.chunk(3, -1)
    r, z = (ar + qr).sigmoid(), (az + qz).sigmoid()
    return r, z, (an + r * qn).tanh(), qn


def _gru_step(a: Tensor, q: Tensor, h: Tensor, c: Tensor) -> State:
    """Return h = (1 - z)·n + z·hₜ₋₁."""
    _, z, n, _ = _gru_gates(a, q)
    return n + z * (h - n), c


def _gru_back(
    a: Tensor, q: Tensor, h: Tensor, c: Tensor, gh: Tensor, gc: Tensor
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    r, z, n, qn = _gru_gates(a, q)
    gn = gh * (1 - z) * (1 - n * n)
    gr, gz = gn * qn * r * (1 - r), gh * (h - n) * z * (1 - z)
    return torch.cat((gr, gz, gn), -1), torch.cat((gr, gz, gn * r), -1), gh * z, gc


def _gru_push(
    a: Tensor, q: Tensor, h: Tensor, c: Tensor, da: Tensor, dq: Tensor, dh: Tensor, dc: Tensor
) -> State:
    r, z, n, qn = _gru_gates(a, q)
    (ar, az, an), (br, bz, bn) = da.chunk(3, -1), dq.chunk(3, -1)
    dr, dz = r * (1 - r) * (ar + br), z * (1 - z) * (az + bz)
    dn = (1 - n * n) * (an + dr * qn + r * bn)
    return (1 - z) * dn + (h - n) * dz + z * dh, dc


def _plain(bend: Callable[[Tensor], Tensor], slope: Callable[[Tensor], Tensor]) -> Cell:
    """Return h = bend(a + q), whose derivative is `slope` of h."""

    def back(
        a: Tensor, q: Tensor, h: Tensor, c: Tensor, gh: Tensor, gc: Tensor
    ) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        gate = gh * slope(bend(a + q))
        return gate, gate, torch.zeros_like(gh), gc

    def push(
        a: Tensor, q: Tensor, h: Tensor, c: Tensor, da: Tensor, dq: Tensor, dh: Tensor, dc: Tensor
    ) -> State:
        return slope(bend(a + q)) * (da + dq), dc

    return Cell(lambda a, q, h, c: (bend(a + q), c), back, push)


LSTM = Cell(_lstm_step, _lstm_back, _lstm_push)
GRU = Cell(_gru_step, _gru_back, _gru_push)
RELU = _plain(torch.relu, lambda h: (h > 0).to(h.dtype))
TANH = _plain(torch.tanh, lambda h: 1 - h * h)
_FUSED = {"lstm": LSTM, "gru": GRU}


def _brought(x: Tensor, bias: Tensor | None) -> Tensor:
    return x if bias is None else x + bias


def _fused_back(kind: str, gs: Sequence[Tensor], given: Sequence[Any]) -> Sequence[Tensor]:
    x, y, state, b, b2 = given
    return _FUSED[kind].back(_brought(x, b), _brought(y, b2), state, state, gs[0], gs[1])


def cell_input(kind: str, gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return ā, the adjoint of what the input brought to the gates of one cell."""
    return _fused_back(kind, gs, given)[0]


def cell_hidden(kind: str, gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return q̄, the adjoint of what the state brought to the gates of one cell."""
    return _fused_back(kind, gs, given)[1]


def cell_before(kind: str, gs: Sequence[Tensor], *given: Any) -> Tensor:
    """Return the adjoint of the state before: c of an LSTM, h of a GRU."""
    return _fused_back(kind, gs, given)[3 if kind == "lstm" else 2]


def cell_tangent(kind: str, da: Tensor, dq: Tensor, dstate: Tensor, *given: Any) -> Any:
    """Return the tangents of h and, of an LSTM, c after one cell."""
    x, y, state, b, b2 = given
    a, q = _brought(x, b), _brought(y, b2)
    dh, dc = _FUSED[kind].push(a, q, state, state, da, dq, dstate, dstate)
    return (dh, dc) if kind == "lstm" else dh


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "cell_input": cell_input,
    "cell_hidden": cell_hidden,
    "cell_before": cell_before,
    "cell_tangent": cell_tangent,
}
