"""Named values sorted into inputs, which carry a gradient, and constants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from graphstep.errors import InputError


def split_values(
    values: Mapping[str, Any], device: torch.device | None, *, as_inputs: bool
) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Sort values into inputs and constants, both as tensors.

    Numbers and lists of numbers become float32 inputs, complex ones complex64. A leaf that requires
    a gradient is an input itself; a tensor computed from one, and with `as_inputs` any other
    floating one, becomes an input as a leaf of its own that shares its numbers. Whatever cannot
    carry a gradient is a constant; other objects are left out. With a `device`, what lives
    elsewhere is copied there.
    Raises InputError for numbers that no tensor can hold.
    """
    inputs: dict[str, Tensor] = {}
    constants: dict[str, Tensor] = {}
    for name, value in values.items():
        if isinstance(value, bool):
            continue
        numeric = isinstance(value, list) and is_numeric(value)
        if numeric or isinstance(value, (int, float, complex)):
            kind = torch.complex64 if isinstance(value, complex) else torch.float32
            inputs[name] = tensor_of(name, value, kind, device).requires_grad_()
        elif isinstance(value, Tensor):
            if device is not None and value.device != device:
                value = value.detach().to(device).requires_grad_(value.requires_grad)
            if value.requires_grad and value.is_leaf:
                inputs[name] = value
            elif value.requires_grad or (
                as_inputs and (value.is_floating_point() or value.is_complex())
            ):
                inputs[name] = value.detach().requires_grad_()
            else:
                constants[name] = value
    return inputs, constants


def tensor_of(
    name: str, value: Any, dtype: torch.dtype, device: torch.device | None = None
) -> Tensor:
    """Return a number or a list of them as a tensor. Raises InputError for what none can hold."""
    try:
        return torch.tensor(value, dtype=dtype, device=device)
    except (ValueError, OverflowError, RecursionError) as error:
        # A list of rows of several lengths, one that holds itself, a whole number without end.
        raise InputError(f"cannot make a tensor of {name}: {error}") from error


def is_numeric(value: list[Any]) -> bool:
    """Return whether a list, and every list within, holds numbers only."""
    waiting: list[Any] = [value]
    seen: set[int] = set()
    while waiting:
        item = waiting.pop()
        if isinstance(item, list):
            if id(item) not in seen:  # a list may hold itself
                seen.add(id(item))
                waiting.extend(item)
        elif isinstance(item, bool) or not isinstance(item, (int, float)):
            return False
    return True
