"""Results as plain data, of which JSON can write every part."""

from __future__ import annotations

import math
from typing import Any


def plain(item: Any) -> Any:
    """Return nested dicts, lists and tuples with what JSON has no number for as text.

    That is nan, inf and complex numbers; tuples become lists.

    >>> plain({"a": (1.0, float("inf")), "b": 2j})
    {'a': [1.0, 'inf'], 'b': '2j'}
    """
    if isinstance(item, dict):
        return {key: plain(part) for key, part in item.items()}
    if isinstance(item, (list, tuple)):
        return [plain(part) for part in item]
    if isinstance(item, complex) or (isinstance(item, float) and not math.isfinite(item)):
        return str(item)
    return item
