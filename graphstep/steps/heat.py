"""A tensor as cells of light and dark: a map of its last two axes, or a strip of all of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import torch
from torch import Tensor

from graphstep.format.numbers import minus, number

Role = Literal["positive", "negative", "zero", "size", "not finite"]
SHADES = "░▒▓█"
BARS = "▁▂▃▄▅▆▇█"
NAN = " ?"
HIGH = 12
"""A map has so many rows at most; an entry takes two characters, its sign and its shade."""
LONGEST = 60
"""A strip has so many bars at most."""


class Cell(NamedTuple):
    """Hold the characters of one entry, or of the largest of some, and what it is."""

    text: str
    role: Role


@dataclass(frozen=True, slots=True)
class Heat:
    """Hold rows of cells; `head` names what is shown, `legend` says how to read it."""

    head: str
    rows: tuple[tuple[Cell, ...], ...]
    legend: str


def heat_map(tensor: Tensor, room: int = 100) -> Heat | None:
    """Return a map at most `room` characters wide; of more than two axes, the first slice.

    A shade is an entry's size beside the largest one. Where there are too many entries a cell is
    the largest of a block. None for a tensor without entries or axes.
    """
    if tensor.numel() == 0 or tensor.dim() == 0:
        return None
    leading = max(tensor.dim() - 2, 0)
    plane = _plain(tensor[(0,) * leading])
    wide = max(1, room // 2)
    folded = plane.dim() == 1 and plane.shape[0] <= wide * HIGH
    if plane.dim() == 1:
        plane = plane[None]
    high, broad = plane.shape
    rows, columns = min(high, HIGH), broad if folded else min(broad, wide)
    block = math.ceil(high / rows), math.ceil(broad / columns)
    if block != (1, 1):
        plane = _largest(plane, rows, columns)
    most = _most(plane)
    signed = not tensor.is_complex()
    cells = [[_shaded(entry, most, signed) for entry in row] for row in plane.tolist()]
    if folded:
        # A vector goes on in the next row.
        (row,) = cells
        cells = [row[k : k + wide] for k in range(0, len(row), wide)]
    head = f"[{'0, ' * leading}:, :]" if leading else ""
    return Heat(head, tuple(map(tuple, cells)), _map_legend(cells, most, block))


def strip(tensor: Tensor, room: int = 100) -> Heat | None:
    """Return one row of bars over all entries in their order, a bar the largest of a run of them.

    None for a tensor without entries.
    """
    if tensor.numel() == 0:
        return None
    flat = _plain(tensor).flatten()[None]
    count = min(flat.shape[1], LONGEST, max(1, room))
    sizes = _largest(flat, 1, count).abs()
    most = _most(sizes)
    bars = tuple(_bar(size, most) for size in sizes[0].tolist())
    runs = math.ceil(tensor.numel() / count)
    each = f"{count} runs of up to {runs:,} entries" if runs > 1 else f"{count} entries"
    scale = f", █ is |x| = {minus(number(most))}" if most else ""
    return Heat("", (bars,), f"{each}{scale}")


def _plain(tensor: Tensor) -> Tensor:
    """Return the entries as float64 on the cpu; of complex ones their sizes."""
    entries = tensor.detach()
    entries = entries.abs() if entries.is_complex() else entries
    return entries.to("cpu", torch.float64)


def _largest(plane: Tensor, rows: int, columns: int) -> Tensor:
    """Return for each of rows × columns blocks its entry of the largest size, NaN before all."""
    sizes = plane.abs().nan_to_num(nan=torch.inf, posinf=torch.finfo(torch.float64).max)
    found = torch.empty(rows, columns, dtype=torch.float64)
    blocks = zip(plane.tensor_split(rows), sizes.tensor_split(rows), strict=True)
    for y, (band, band_sizes) in enumerate(blocks):
        parts = zip(band.tensor_split(columns, 1), band_sizes.tensor_split(columns, 1), strict=True)
        for x, (block, block_sizes) in enumerate(parts):
            found[y, x] = block.reshape(-1)[block_sizes.reshape(-1).argmax()]
    return found


def _most(plane: Tensor) -> float:
    finite = plane[plane.isfinite()].abs()
    return float(finite.max()) if finite.numel() else 0.0


def _shaded(entry: float, most: float, signed: bool) -> Cell:
    if not math.isfinite(entry):
        return _not_finite(entry)
    if entry == 0:
        return Cell(" 0", "zero")
    level = max(1, math.ceil(abs(entry) / most * len(SHADES)))
    if not signed:
        return Cell(f" {SHADES[level - 1]}", "size")
    return (
        Cell(f"+{SHADES[level - 1]}", "positive")
        if entry > 0
        else Cell(f"−{SHADES[level - 1]}", "negative")
    )


def _bar(size: float, most: float) -> Cell:
    if not math.isfinite(size):
        return Cell(_not_finite(size).text[-1], "not finite")
    if size == 0:
        return Cell("0", "zero")
    return Cell(BARS[max(1, math.ceil(size / most * len(BARS))) - 1], "size")


def _not_finite(entry: float) -> Cell:
    text = NAN if math.isnan(entry) else "+∞" if entry > 0 else "−∞"
    return Cell(text, "not finite")


def _map_legend(cells: Sequence[Sequence[Cell]], most: float, block: tuple[int, int]) -> str:
    roles = {cell.role for row in cells for cell in row}
    parts = [f"█ is |x| = {minus(number(most))}"] if most else []
    if roles & {"positive", "negative"}:
        parts.append("+ − its sign")
    if any(cell.text == NAN for row in cells for cell in row):
        parts.append("? NaN")
    if block != (1, 1):
        parts.append(f"each the largest of {block[0]}×{block[1]}")
    return ", ".join(parts)
