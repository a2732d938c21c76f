"""Which calls draw random numbers, and which of them keep their draw to themselves."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import torch

from graphstep.recording.operation import Operation
from graphstep.rules.scope import bind

if TYPE_CHECKING:
    from torch._ops import OpOverload

_SETTINGS = ("dropout_p", "dropout", "train")


def draws(operation: Operation) -> bool:
    """Tell whether a call draws random numbers.

    A kernel with a dropout of its own draws none at a rate of 0, nor a layer of one in evaluation.
    """
    if not _is_seeded(operation.function):
        return False
    settings = bind(operation, _SETTINGS)
    rate = settings.get("dropout_p", settings.get("dropout"))
    return rate is None or (rate != 0.0 and settings.get("train") is not False)


def hides_its_draw(operation: Operation) -> bool:
    """Tell whether a call dropped elements out and does not say which: no formula has them then."""
    if not _is_seeded(operation.function):
        return False
    known = bind(operation, _SETTINGS).keys()
    return bool({"dropout_p", "dropout"} & known) and draws(operation)


@cache
def _is_seeded(function: OpOverload) -> bool:
    return torch.Tag.nondeterministic_seeded in function.tags
