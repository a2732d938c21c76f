"""Compare two tensors as torch.testing does, and say by how much they differ."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

_TOLERANCES: dict[torch.dtype, tuple[float, float]] = {
    torch.float8_e5m2: (2.5e-1, 1e-5),
    torch.float8_e4m3fn: (1.25e-1, 1e-5),
    torch.float16: (1e-3, 1e-5),
    torch.bfloat16: (1.6e-2, 1e-5),
    torch.float32: (1.3e-6, 1e-5),
    torch.float64: (1e-7, 1e-7),
    torch.complex32: (1e-3, 1e-5),
    torch.complex64: (1.3e-6, 1e-5),
    torch.complex128: (1e-7, 1e-7),
}
"""(relative, absolute) by dtype: those of torch.testing.assert_close; for float8, one rounding."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Say whether ours agrees with torch's; `torch` is torch's tensor, None where it has none.

    `rounded_in` names the arithmetic that parts them by more than their dtype's tolerance, where
    ours was held against float64 and found right (see `graphstep.check.rounding`).
    """

    ok: bool
    max_abs_error: float
    torch: Tensor | None
    rounded_in: str = ""

    @property
    def rounded(self) -> bool:
        """Whether coarser arithmetic than that of their dtype parts them, and nothing else."""
        return bool(self.rounded_in)


def tolerance(dtype: torch.dtype) -> tuple[float, float]:
    """Return the relative and absolute tolerance for a dtype."""
    return _TOLERANCES.get(dtype, (0.0, 0.0))


def compare(ours: Tensor | None, theirs: Tensor | None) -> Verdict:
    """Compare ours with torch's; no gradient and an all-zero one are the same.

    On meta, where there are no numbers, shape and dtype are compared.

    The relative part is taken of the largest finite element of torch's tensor: an element is a
    sum whose rounding follows the size of its terms, not of what they cancel to.
    """
    if ours is None or theirs is None:
        other = ours if theirs is None else theirs
        if other is None or not bool(strided(other).any()):
            return Verdict(True, 0.0, theirs)
        return Verdict(False, float(strided(other).abs().max()), theirs)
    relative, absolute = tolerance(theirs.dtype)
    ours, theirs = strided(ours), strided(theirs)
    if ours.shape != theirs.shape:
        return Verdict(False, float("inf"), theirs)
    if ours.numel() == 0:
        return Verdict(True, 0.0, theirs)
    if theirs.device.type == "meta":
        return Verdict(ours.dtype == theirs.dtype, 0.0, theirs)
    mine = ours.to(theirs.device, theirs.dtype)
    # Torch compares no complex half precision.
    if mine.dtype != torch.complex32 and torch.equal(mine, theirs):
        return Verdict(True, 0.0, theirs)
    worst, size = largest(mine - theirs), largest(theirs)
    if math.isfinite(worst) and math.isfinite(size):
        return Verdict(worst <= absolute + relative * size, worst, theirs)
    same = (mine == theirs) | (mine.isnan() & theirs.isnan())
    if mine.is_complex():
        # Which part of a complex product that is not finite is inf and which nan is left open.
        same |= ~(mine.isfinite() | theirs.isfinite())
    distance = torch.where(same, torch.zeros_like(mine.abs()), (mine - theirs).abs())
    worst = float("inf") if bool(distance.isnan().any()) else float(distance.max())
    size = largest(torch.where(theirs.isfinite(), theirs, torch.zeros_like(theirs)))
    return Verdict(worst <= absolute + relative * size, worst, theirs)


def same(one: Tensor, other: Tensor) -> bool:
    """Tell whether two tensors of one shape hold the same numbers, nan where nan is."""
    one, other = strided(one), strided(other)
    if one.dtype == other.dtype == torch.complex32:  # torch compares no complex halves
        one, other = one.to(torch.complex64), other.to(torch.complex64)
    if torch.equal(one, other):
        return True
    return bool(((one == other) | (one.isnan() & other.isnan())).all())


def strided(tensor: Tensor) -> Tensor:
    """Return a tensor detached, dense where it is sparse, and in float32 where it is float8.

    Torch neither adds nor compares tensors of 8 bits.
    """
    tensor = tensor.detach()
    if tensor.is_floating_point() and tensor.itemsize == 1:
        return tensor.float()
    return tensor if tensor.layout == torch.strided else tensor.to_dense()


def largest(tensor: Tensor) -> float:
    """Return the size of the largest entry of a strided tensor: nan or inf where one is there."""
    if not tensor.numel():
        return 0.0
    least, greatest = (tensor.abs() if tensor.is_complex() else tensor).aminmax()
    return max(float(greatest), -float(least))
