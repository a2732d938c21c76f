"""The entries around one of them: the page of a tensor's last two axes that has it."""

from __future__ import annotations

from dataclasses import dataclass

from torch import Tensor

from graphstep.format.numbers import minus, number

Place = tuple[int, ...]

GAP = 2
"""Cells before each entry; the first of them is for a sign."""
_BLOCK = 64
"""A column is as wide as the longest entry among so many columns of its rows."""


@dataclass(frozen=True, slots=True)
class Page:
    """Hold the entries in `rows` and `columns` as texts, the longest of `width` cells.

    `leading` are the indexes of the axes before the last two. A vector is one row.
    """

    leading: Place
    rows: range
    columns: range
    texts: tuple[tuple[str, ...], ...]
    width: int


def page_around(tensor: Tensor, place: Place, room: int, height: int) -> Page:
    """Return the page that has the entry at `place`, `room` cells wide and `height` rows high.

    The pages of a tensor lie side by side, so that its entries stay where they are while one
    moves within a page.
    """
    plain = tensor.detach().resolve_conj().resolve_neg()
    leading, (row, column) = place[:-2], ((0, *place) if len(place) < 2 else place)[-2:]
    plane = plain[leading].reshape(-1, plain.shape[-1])
    rows = _paged(row, height, 0, plane.shape[0])
    block = _paged(column, _BLOCK, 0, plane.shape[1])
    made = [
        [minus(number(entry)) for entry in line]
        for line in plane[rows.start : rows.stop, block.start : block.stop].tolist()
    ]
    width = max(len(text) for line in made for text in line)
    columns = _paged(column, max(1, room // (width + GAP)), block.start, block.stop)
    low, high = columns.start - block.start, columns.stop - block.start
    texts = tuple(tuple(line[low:high]) for line in made)
    return Page(leading, rows, columns, texts, width)


def moved(shape: tuple[int, ...], place: Place, axis: int, by: int) -> Place:
    """Return the place `by` entries on along an axis, kept within a tensor of that shape.

    Axis 0 is the last one, 1 the one before; 2 goes through all that lead them, the last of them
    fastest.
    """
    if axis < 2:
        at = len(shape) - 1 - axis
        if at < 0:
            return place
        k = max(0, min(place[at] + by, shape[at] - 1))
        return (*place[:at], k, *place[at + 1 :])
    count, flat = 1, 0
    for size, k in zip(shape[:-2], place, strict=False):
        count, flat = count * size, flat * size + k
    flat = max(0, min(flat + by, count - 1))
    found: Place = ()
    for size in reversed(shape[:-2]):
        flat, k = divmod(flat, size)
        found = (k, *found)
    return (*found, *place[-2:])


def read_place(text: str, shape: tuple[int, ...]) -> Place | None:
    """Return the place that a text as `2,3` or `[2, 3]` names; None where a tensor of that shape
    has no such entry.
    """
    words = text.strip().removeprefix("[").removesuffix("]").replace(",", " ").split()
    if len(words) != len(shape) or not all(word.isdecimal() for word in words):
        return None
    place = tuple(map(int, words))
    return place if all(k < size for k, size in zip(place, shape, strict=True)) else None


def _paged(k: int, length: int, start: int, stop: int) -> range:
    """Return the page of `length` that has k, where the first page begins at `start`."""
    first = start + (k - start) // length * length
    return range(first, min(first + length, stop))
