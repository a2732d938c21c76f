"""Tensors in a few characters: `f32[2,3]`, `[1, 2, 3]`, or the number itself."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

import torch

from graphstep.format.numbers import number

_SHORT = {
    torch.float16: "f16",
    torch.bfloat16: "bf16",
    torch.float32: "f32",
    torch.float64: "f64",
    torch.complex64: "c64",
    torch.complex128: "c128",
    torch.uint8: "u8",
    torch.int8: "i8",
    torch.int16: "i16",
    torch.int32: "i32",
    torch.int64: "i64",
    torch.bool: "bool",
}
FEW_ENTRIES = 4
"""A tensor of at most this many entries is shown entry by entry."""
ROOM = 34
"""A box has so many characters for a tensor."""


@cache
def dtype_name(dtype: torch.dtype) -> str:
    """Return torch's own name of a dtype without its package: `float32`."""
    return str(dtype).removeprefix("torch.")


@cache
def device_name(device: torch.device) -> str:
    """Return torch's own name of a device: `cpu`, `cuda:0`."""
    return str(device)


def summary(tensor: torch.Tensor) -> str:
    """Return dtype and shape, with the device where it is not the cpu: `f32[2,3]@cuda:0`."""
    return summary_of(tensor.dtype, tensor.shape, tensor.device)


def summary_of(dtype: torch.dtype, shape: Sequence[int], device: torch.device) -> str:
    """Return the same of a tensor that is not there."""
    place = "" if device.type == "cpu" else f"@{device}"
    return f"{_SHORT.get(dtype) or dtype_name(dtype)}[{','.join(map(str, shape))}]{place}"


def shown(tensor: torch.Tensor | None, *, few: int = FEW_ENTRIES) -> str:
    """Return a 0-d tensor as its number, a small one as its entries, any other as `summary`.

    `few` is the highest count of entries that is still spelled out; None is "not recorded".
    """
    if tensor is None:
        return "not recorded"
    if not 0 < tensor.numel() <= few or not has_entries(tensor):
        return summary(tensor)
    return _entries(tensor.detach().tolist())


def briefly(tensor: torch.Tensor | None) -> str:
    """Return what `shown` does, or the summary of a tensor with axes where that is shorter."""
    whole = shown(tensor)
    return whole if tensor is None or not tensor.dim() else min(whole, summary(tensor), key=len)


def gist(tensor: torch.Tensor | None, room: int = ROOM) -> str:
    """Return what `shown` does where all of it fits into `room` characters, else some entries.

    These are the first ones, after the summary: `f32[2,3] [0.5, −1.25, …]`. Where not one of them
    fits the summary stands alone.
    """
    if tensor is None or not (tensor.dim() and tensor.numel() and has_entries(tensor)):
        return shown(tensor)
    if tensor.numel() <= FEW_ENTRIES and len(whole := shown(tensor)) <= room:
        return whole
    head = summary(tensor)
    entries = [_entries(value) for value in _first(tensor, FEW_ENTRIES - 1)]
    for count in range(len(entries), 0, -1):
        text = f"{head} [{', '.join(entries[:count])}, …]"
        if len(text) <= room:
            return text
    return head


def has_entries(tensor: torch.Tensor) -> bool:
    """Tell whether a tensor's entries can be listed: not on meta, and not where it is sparse.

    A subclass with a dispatch of its own may hold its numbers in other tensors, or nowhere, and
    what a transform of torch.func had wrapped has none once it is over.
    """
    if (
        tensor.device.type == "meta"
        or tensor.layout != torch.strided
        or type(tensor).__torch_dispatch__ is not torch.Tensor.__torch_dispatch__
    ):
        return False
    try:
        tensor.untyped_storage().data_ptr()
    except RuntimeError:
        # So torch says that there is no memory behind a tensor.
        return False
    return True


def _first(tensor: torch.Tensor, count: int) -> list[object]:
    """Return the first entries; no more than a row of them is copied."""
    part = tensor.detach()
    while part.dim() > 1 and part[0].numel() >= count:
        part = part[0]
    entries: list[object] = part[:count].reshape(-1)[:count].tolist()
    return entries


def sized(tensor: torch.Tensor | None) -> str:
    """Return as `shown`, a large tensor with its largest entry's size: `f32[2,3] up to 1.5`."""
    text = shown(tensor)
    if tensor is None or tensor.numel() <= FEW_ENTRIES or tensor.device.type == "meta":
        return text
    dense = tensor.detach() if tensor.layout == torch.strided else tensor.detach().to_dense()
    return f"{summary(tensor)} up to {number(float(dense.abs().max()))}"


def _entries(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(_entries(v) for v in value)}]"
    if isinstance(value, (bool, int, float, complex)):
        return number(value)
    return str(value)
