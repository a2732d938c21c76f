"""How the entries of a large tensor are spread: a bar a range, with its count."""

from __future__ import annotations

from itertools import pairwise

import torch
from torch import Tensor

from graphstep.format.numbers import minus, number

BINS = 8
LONGEST = 24
"""The bar of the fullest range is so long."""


def histogram(tensor: Tensor, room: int = 100) -> tuple[str, ...]:
    """Return the finite entries in BINS ranges of one width, a line each, `room` wide at most.

    Nothing where all of them are the same, and for complex numbers and truth values.
    """
    if tensor.is_complex() or tensor.dtype == torch.bool:
        return ()
    finite = tensor[tensor.isfinite()] if tensor.is_floating_point() else tensor
    finite = finite.detach().flatten().to("cpu", torch.float64)
    if not finite.numel() or finite.min() == finite.max():
        return ()
    low, high = finite.min().item(), finite.max().item()
    width = (high - low) / BINS
    if not 0 < width < float("inf"):
        return ()
    places = ((finite - low) / width).long().clamp(max=BINS - 1)
    counts = torch.bincount(places, minlength=BINS).tolist()
    edges = [minus(number(low + k * width)) for k in range(BINS)] + [minus(number(high))]
    wide = max(map(len, edges))
    ranges = [f"{a:>{wide}} to {b:>{wide}}" for a, b in pairwise(edges)]
    most = max(counts)
    longest = max(1, min(LONGEST, room - len(ranges[0]) - len(f"{most:,}") - 4))
    bars = ["█" * -(-count * longest // most) for count in counts]
    return tuple(
        f"{text}  {bar} {count:,}" if count else f"{text}  0"
        for text, bar, count in zip(ranges, bars, counts, strict=True)
    )
