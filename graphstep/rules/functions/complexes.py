"""The functions of the rules for complex numbers and Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Number = complex | Tensor


def conj(x: Number) -> Number:
    """Return the conjugate; a real one is its own."""
    return x.conj().resolve_conj() if isinstance(x, Tensor) else x.conjugate()


def real(x: Number) -> Number:
    """Return the real part."""
    return (x.real if x.is_complex() else x) if isinstance(x, Tensor) else x.real


def imag(x: Number) -> Number:
    """Return the imaginary part, 0 of a real number."""
    if isinstance(x, Tensor):
        return x.imag if x.is_complex() else torch.zeros_like(x)
    return x.imag


def from_parts(x: Tensor) -> Tensor:
    """Return x[…, 0] + i·x[…, 1]."""
    return torch.complex(x[..., 0], x[..., 1])


def in_parts(x: Tensor) -> Tensor:
    """Return real and imaginary part along a new last axis."""
    return torch.view_as_real(x.resolve_conj())


def direction_change(d: Tensor, x: Tensor, v: Tensor) -> Tensor:
    """Return (d - v·Re(conj(v)·d))/|x|: what turns a complex v = x/|x|; 0 of a real one, or at 0.

    The map is its own adjoint.
    """
    if not x.is_complex():
        return torch.zeros_like(d)
    across = (d - v * (v.conj() * d).real) / x.abs()
    return torch.where(x == 0, 0, across)


def turning(d: Tensor, v: Tensor) -> Tensor:
    """Return i·Im(d)·v: what a change `d` of log(z) does to v = z/|z|; 0 of a real v."""
    return 1j * d.imag * v if v.is_complex() else torch.zeros_like(v)


def angle_change(g: Tensor, x: Tensor) -> Tensor:
    """Return v̄·i·x/|x|², 0 at 0; of a real x 0, for its angle is 0 or π."""
    if not x.is_complex():
        return torch.where(x.isnan(), x, torch.zeros_like(x))
    return torch.where(x == 0, 0, g * 1j * x / x.abs() ** 2)


def angle_tangent(d: Tensor, x: Tensor) -> Tensor:
    """Return Im(ẋ/x), 0 at 0 and of a real x."""
    if not x.is_complex():
        return torch.where(x.isnan(), x, torch.zeros_like(x))
    return torch.where(x == 0, 0, d / x).imag


def fourier(g: Tensor, dim: Sequence[int], normalization: int, forward: bool) -> Tensor:
    """Return the Fourier transform along `dim`; not `forward` is with +i in the exponent."""
    found: Tensor = torch.ops.aten._fft_c2c(g, list(dim), normalization, forward)
    return found


def padded_half(g: Tensor, x: Tensor, dim: Sequence[int], onesided: bool) -> Tensor:
    """Lay zeros where a one-sided transform of `x` leaves frequencies out."""
    last = dim[-1] % x.dim()
    if not onesided or g.shape[last] == x.shape[last]:
        return g
    whole = torch.zeros(x.shape, dtype=g.dtype, device=g.device)
    whole.narrow(last, 0, g.shape[last]).copy_(g)
    return whole


def halved(
    g: Tensor, x: Tensor, dim: Sequence[int], normalization: int, last_dim_size: int
) -> Tensor:
    """Return the one-sided transform of v̄, doubled at the frequencies that stand for two."""
    found: Tensor = torch.ops.aten._fft_r2c(g, list(dim), normalization, True)
    last = dim[-1] % x.dim()
    twice = last_dim_size - x.shape[last]
    if twice > 0:
        found.narrow(last, 1, twice).mul_(2)
    return found


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "conj": conj,
    "real": real,
    "imag": imag,
    "complex": torch.complex,
    "from_parts": from_parts,
    "in_parts": in_parts,
    "direction_change": direction_change,
    "turning": turning,
    "angle_change": angle_change,
    "angle_tangent": angle_tangent,
    "fourier": fourier,
    "padded_half": padded_half,
    "halved": halved,
}
