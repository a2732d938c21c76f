"""Tensors made of what a user typed for a name."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from graphstep.errors import InputError
from graphstep.expression.constructors import real, whole
from graphstep.source.values import FLOATS, ValueSpec, flat, float_dtype_name, keeps_kind

if TYPE_CHECKING:
    import torch


def make_values(
    specs: Mapping[str, ValueSpec],
    dtype: str | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
) -> dict[str, torch.Tensor]:
    """Return the tensors of named values; see `make_value`."""
    return {
        name: make_value(spec, dtype=dtype, seed=seed, device=device, name=name)
        for name, spec in specs.items()
    }


def make_value(
    spec: ValueSpec,
    dtype: str | None = None,
    seed: int = 0,
    device: str | torch.device = "cpu",
    name: str = "",
) -> torch.Tensor:
    """Return a fresh tensor of the described shape that does not require grad.

    Numbers become `dtype` (float32 by default), whole ones too, so that a=10 can carry a
    gradient; truth values stay bool, and arange and randint of whole numbers stay int64. A
    dtype typed after the value wins. Random values depend on `seed` and `name` alone: neither
    the order of the values, nor the device, nor torch's global generator matters.
    Raises InputError for a dtype that is unknown or cannot carry a gradient.
    """
    import torch

    chosen = spec.dtype or (float_dtype_name(dtype) if dtype else "float32")
    if spec.dtype is None and keeps_kind(spec):
        chosen = "int64" if spec.constructor else "bool"
    kind: torch.dtype = getattr(torch, chosen)
    try:
        if not spec.constructor:
            numbers = flat(spec.data)
            integral = chosen not in (*FLOATS, "bool")
            data = [int(one) for one in numbers] if integral else numbers
            return torch.tensor(data, dtype=kind).reshape(spec.shape).to(device)
        return construct(spec, kind, seed, name).to(device)
    except (RuntimeError, OverflowError, TypeError) as error:
        first = str(error).strip().splitlines()[0]
        raise InputError(f"cannot make {spec.text} as {chosen}: {first}") from error


def construct(spec: ValueSpec, kind: torch.dtype, seed: int, name: str) -> torch.Tensor:
    """Return what a constructor makes, on the cpu."""
    import torch

    arguments = spec.data if isinstance(spec.data, tuple) else ()
    generator = torch.Generator().manual_seed(zlib.crc32(f"{seed}:{name}".encode()))
    match spec.constructor:
        case "randn" | "rand" as random:
            drawn = kind if kind.is_floating_point or kind.is_complex else torch.float32
            function = torch.randn if random == "randn" else torch.rand
            return function(spec.shape, generator=generator, dtype=drawn).to(kind)
        case "randint":
            low, high = (0, arguments[0]) if len(arguments) == 2 else arguments[:2]
            low, high = whole(low), whole(high)
            return torch.randint(low, high, spec.shape, generator=generator).to(kind)
        case "full":
            return torch.full(spec.shape, real(arguments[1]), dtype=kind)
        case "arange":
            return torch.arange(*[real(one) for one in arguments], dtype=torch.float64).to(kind)
        case "linspace":
            start, end, count = (real(one) for one in arguments)
            return torch.linspace(start, end, int(count), dtype=torch.float64).to(kind)
        case "eye":
            return torch.eye(*spec.shape, dtype=kind)
    return (torch.ones if spec.constructor == "ones" else torch.zeros)(spec.shape, dtype=kind)
