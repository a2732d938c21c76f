"""The entries of a tensor in words and numbers: what they are like, and the first of them."""

from __future__ import annotations

import torch
from torch import Tensor

from graphstep.format.numbers import minus, number

WIDE, HIGH = 8, 8
"""The grid of a tensor shows up to so many columns and rows of its first entries."""

MORE = "  …"


def statistics(tensor: Tensor) -> str:
    """Return min, max, mean and standard deviation of the finite entries, and count the others.

    The deviation is that of these entries, not an estimate from them; zero, NaN and infinite
    entries are counted.
    """
    if tensor.numel() == 0:
        return "no entries"
    if tensor.is_complex():
        return f"{tensor.numel()} entries"
    finite = tensor if not tensor.is_floating_point() else tensor[tensor.isfinite()]
    parts = []
    if finite.numel() and tensor.dtype != torch.bool:
        low, high = (number(part.item()) for part in (finite.min(), finite.max()))
        parts += [f"min {low}", f"max {high}"]
        spread, mean = torch.std_mean(finite.to(torch.float64), correction=0)
        parts += [f"mean {number(mean.item())}", f"std {number(spread.item())}"]
    parts.append(f"{int((tensor == 0).sum())} zero")
    if tensor.is_floating_point():
        parts += [f"{int(tensor.isnan().sum())} NaN", f"{int(tensor.isinf().sum())} inf"]
    return minus(" · ".join(parts))


def grid(tensor: Tensor, room: int = 100) -> tuple[str, ...]:
    """Return the first entries as aligned rows; of more than two dimensions, the first slice.

    A row has as many columns as `room` characters hold, and at least one.
    """
    if tensor.numel() == 0 or tensor.dim() == 0:
        return ()
    leading = max(tensor.dim() - 2, 0)
    plane = tensor[(0,) * leading]
    if plane.dim() == 1:
        return _folded(plane, room)
    shown_part = plane[:HIGH, :WIDE].tolist()
    texts = [[minus(number(entry)) for entry in row] for row in shown_part]
    widths = [max(map(len, column)) for column in zip(*texts, strict=True)]
    count = len(widths)
    while count > 1 and _row_width(widths, count, plane.shape[1]) > room:
        count -= 1
    more = MORE if plane.shape[1] > count else ""
    rows = [
        "  ".join(text.rjust(width) for text, width in zip(row, widths[:count], strict=False))
        + more
        for row in texts
    ]
    if plane.shape[0] > HIGH:
        rows.append("…")
    if leading:
        rows.insert(0, f"[{'0, ' * leading}:, :]")
    return tuple(rows)


def _row_width(widths: list[int], count: int, columns: int) -> int:
    """Return how wide a row of `count` entries is, with the sign that there are more of them."""
    more = len(MORE) if count < columns else 0
    return sum(widths[:count]) + 2 * (count - 1) + more


def _folded(vector: Tensor, room: int) -> tuple[str, ...]:
    """Return a vector in one row where it fits, else in rows of one width."""
    texts = [minus(number(entry)) for entry in vector[: WIDE * HIGH].tolist()]
    more = vector.shape[0] > len(texts)
    if len(texts) <= WIDE and not more and len("  ".join(texts)) <= room:
        return ("  ".join(texts),)
    width = max(map(len, texts))
    count = max(1, min(WIDE, (room + 2) // (width + 2)))
    rows = [
        "  ".join(text.rjust(width) for text in texts[k : k + count])
        for k in range(0, min(len(texts), count * HIGH), count)
    ]
    return (*rows, "…") if more or len(texts) > count * HIGH else tuple(rows)
