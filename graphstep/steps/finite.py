"""Whether every entry of a tensor is a number."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor

Flaw = Literal["", "inf", "nan"]


def flaw(tensor: Tensor | None) -> Flaw:
    """Return `nan` where an entry is NaN, else `inf` where one is infinite, else nothing.

    Of a tensor whose entries are not there nothing is known, and nothing is returned.
    """
    if tensor is None or tensor.device.type == "meta" or tensor.layout != torch.strided:
        return ""
    if not (tensor.is_floating_point() or tensor.is_complex()) or bool(tensor.isfinite().all()):
        return ""
    return "nan" if bool(tensor.isnan().any()) else "inf"
