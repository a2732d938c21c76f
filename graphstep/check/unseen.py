"""A backward that stops before it runs code of the user's that nobody has seen."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import torch

from graphstep.recording.location import is_of_torch_or_ours


class UserCodeInTheWay(Exception):
    """Say that a backward was about to run a function of the user's that nobody had seen."""


def can_be_stopped(device: torch.device) -> bool:
    """Tell whether `stopped_by_user_code` works: on the cpu, where no profiler is at work.

    On other devices torch runs hooks in threads of its own.
    """
    return device.type == "cpu" and sys.getprofile() is None


@contextmanager
def stopped_by_user_code() -> Iterator[None]:
    """Let a backward raise UserCodeInTheWay before the engine runs a function of the user's.

    Asking every node for its hooks would take longer than the backward. Python's profiler costs
    nothing where no function of Python's is called, and raises before the body runs.
    """

    def look(frame: FrameType, event: str, argument: object) -> None:
        caller = frame.f_back
        if (
            event == "call"
            and caller is not None
            and caller.f_code.co_filename == torch.autograd.graph.__file__
            and not is_of_torch_or_ours(frame.f_code.co_filename)
            # From there torch asks its logger, too, how much to tell.
            and frame.f_code.co_filename != logging.__file__
        ):
            raise UserCodeInTheWay

    sys.setprofile(look)
    try:
        yield
    finally:
        sys.setprofile(None)
