"""Whether every entry of a tensor is a number."""

from __future__ import annotations

import math
from typing import Literal

from torch import Tensor

from graphstep.check.verdict import largest, strided

Flaw = Literal["", "inf", "nan"]


def flaw(tensor: Tensor | None) -> Flaw:
    """Return `nan` where an entry is NaN, else `inf` where one is infinite, else nothing.

    Of a tensor whose entries are not there nothing is known, and nothing is returned.
    """
    if tensor is None or tensor.device.type == "meta":
        return ""
    if not (tensor.is_floating_point() or tensor.is_complex()):
        return ""
    size = largest(strided(tensor))
    return "" if math.isfinite(size) else "nan" if math.isnan(size) else "inf"
