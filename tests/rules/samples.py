"""What a sample call of a row is: its function, its leaves in float64, and where it is listed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

Call = Callable[..., Any]


@dataclass(frozen=True)
class Sample:
    """Call `function` with leaves of these shapes, drawn from `low` to `high`, on a device."""

    row: str
    name: str
    function: Call
    shapes: tuple[tuple[int, ...], ...]
    low: float = -2.0
    high: float = 2.0
    dtype: torch.dtype = torch.float64
    device: str = "cpu"

    @property
    def tolerance(self) -> float:
        return 1e-10 if self.dtype == torch.float64 else 1e-4

    def leaves(self) -> tuple[Tensor, ...]:
        generator = torch.Generator().manual_seed(len(self.name))
        return tuple(
            (torch.rand(shape, generator=generator, dtype=torch.float64) * (self.high - self.low))
            .add(self.low)
            .to(self.device, self.dtype)
            .requires_grad_()
            for shape in self.shapes
        )

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"


SAMPLES: list[Sample] = []


def add(row: str, function: Call, *shapes: tuple[int, ...], of: str = "", **limits: Any) -> None:
    """List one call; `of` names it apart from the row's other ones."""
    SAMPLES.append(Sample(row, of or str(list(shapes)), function, shapes, **limits))


def add_each(row: str, shapes: tuple[tuple[int, ...], ...], **calls: Call) -> None:
    """List several calls with leaves of the same shapes."""
    for name, function in calls.items():
        add(row, function, *shapes, of=name)


def changed(method: str, *arguments: Any, **keywords: Any) -> Call:
    """Return a call of an in-place method on a fresh copy of the first leaf."""

    def call(x: Tensor, *more: Tensor) -> Tensor:
        found: Tensor = getattr(x * 1, method)(*more, *arguments, **keywords)
        return found

    return call


MASK = torch.tensor([[True, False, True], [False, False, True]])
M23 = (2, 3)
