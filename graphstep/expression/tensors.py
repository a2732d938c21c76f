"""Operands as torch wants them, and as an error shows them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import torch

from graphstep.format.tensors import summary


@dataclass(frozen=True, slots=True)
class Setting:
    """Say which dtype and device the constants of an expression get."""

    dtype: torch.dtype
    device: torch.device

    @classmethod
    def of(cls, values: Mapping[str, object]) -> Setting:
        """Return the setting of the first tensor of real numbers, else torch's default."""
        tensors = [one for one in values.values() if isinstance(one, torch.Tensor)]
        for one in tensors:
            if one.is_floating_point():
                return cls(one.dtype, one.device)
        device = tensors[0].device if tensors else torch.device("cpu")
        return cls(torch.get_default_dtype(), device)

    def tensor(self, value: object) -> object:
        """Return a number or nested tuple of numbers as a tensor, anything else as it is.

        Integers stay int64, so that a list can hold class targets or indices.
        """
        if not isinstance(value, bool | int | float | tuple) or has_tensors(value):
            return value
        dtype = self.dtype if has_float(value) else None
        return torch.tensor(value, dtype=dtype, device=self.device)


def has_tensors(value: object) -> bool:
    """Return whether value is a tuple of tensors, such as torch.split gives."""
    return isinstance(value, tuple) and any(isinstance(one, torch.Tensor) for one in value)


def has_float(value: object) -> bool:
    """Return whether a float is among the numbers."""
    if isinstance(value, tuple):
        return any(has_float(one) for one in value)
    return isinstance(value, float)


def shown(operands: Iterable[object]) -> str:
    """Return operands as an error lists them: f32[2,3], 3, [f32[2], f32[2]]."""
    return ", ".join(one_shown(one) for one in operands)


def one_shown(operand: object) -> str:
    """Return one operand as an error lists it."""
    if isinstance(operand, torch.Tensor):
        return summary(operand)
    if isinstance(operand, list | tuple):
        return f"[{shown(operand)}]"
    return repr(operand)
