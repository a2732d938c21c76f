"""Compute as torch does by itself, whatever block of the user's is open."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import torch

_KINDS = ("cpu", "cuda", "mps", "xpu")


@contextmanager
def undisturbed() -> Iterator[None]:
    """Leave autocast and the default device out: they are for the user's forward, which has run.

    Asked for within `torch.autocast`, an adjoint would be rounded as no backward outside of it is.
    """
    with ExitStack() as stack:
        for kind in _KINDS:
            if torch.is_autocast_enabled(kind):
                stack.enter_context(torch.autocast(kind, enabled=False))
        if torch.get_default_device().type != "cpu":
            stack.enter_context(torch.device("cpu"))
        yield
