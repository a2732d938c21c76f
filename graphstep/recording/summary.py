"""What is kept of a tensor where the tensor itself is not: shape, extremes, mean, counts."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch


@dataclass(frozen=True, slots=True)
class Summary:
    """Describe a tensor by a few numbers.

    `least`, `greatest`, `mean` and `std` (of the population) are over all entries, of the
    absolute values where they are complex, and nan where there are none. `non_finite` counts
    nan and ±inf, `zeros` the entries that are exactly 0.
    """

    shape: tuple[int, ...]
    dtype: torch.dtype
    device: torch.device
    least: float
    greatest: float
    mean: float
    std: float
    non_finite: int
    zeros: int

    @property
    def count(self) -> int:
        return math.prod(self.shape)


def summarise(tensor: torch.Tensor) -> Summary:
    """Return the summary of a tensor; what has 16 bits or 8 is summed up in float32.

    On another device than the cpu this waits for the tensor's value.
    """
    seen = tensor.detach()
    shape, dtype, device = tuple(seen.shape), seen.dtype, seen.device
    if seen.layout != torch.strided:
        seen = seen.to_dense()
    if not seen.numel() or device.type == "meta":
        return Summary(shape, dtype, device, math.nan, math.nan, math.nan, math.nan, 0, 0)
    if seen.is_complex():
        seen = seen.abs()
    if not seen.is_floating_point():
        seen = seen.double()
    elif seen.itemsize < 4:
        # Torch looks for no extremes of 8 bits, and a variance soon is beyond float16.
        seen = seen.float()
    least, greatest = seen.aminmax()
    variance, mean = torch.var_mean(seen, correction=0)
    low, high, middle = float(least), float(greatest), float(mean)
    # Any nan or inf among the entries shows in one of the three; only then is it worth counting.
    finite = math.isfinite(low) and math.isfinite(high) and math.isfinite(middle)
    bad = 0 if finite else int((~seen.isfinite()).sum())
    zeros = seen.numel() - int(torch.count_nonzero(seen))
    return Summary(shape, dtype, device, low, high, middle, float(variance) ** 0.5, bad, zeros)
