"""The devices that are there, and code run on one of them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch

from graphstep.errors import InputError, MissingError


def device_named(name: str) -> torch.device:
    """Return a device that is there.

    Raises InputError for a name that torch does not know, MissingError for a device that is not
    on this machine.
    """
    try:
        device = torch.device(name)
    except RuntimeError:
        raise InputError(f"unknown device {name!r}: say cpu, cuda or cuda:1") from None
    if device.type == "cuda":
        count = torch.cuda.device_count() if torch.cuda.is_available() else 0
        if not count:
            raise MissingError(f"{name} was asked for, but torch sees no cuda device here")
        if (device.index or 0) >= count:
            cards = "1 cuda device" if count == 1 else f"{count} cuda devices"
            raise MissingError(f"{name} was asked for, but torch sees only {cards}")
    elif device.type != "cpu":
        try:
            torch.empty(0, device=device)
        except (RuntimeError, AssertionError, ImportError):
            # Each backend that is not there has its own way to say so.
            raise MissingError(f"{name} was asked for, but torch cannot use it here") from None
    return device


def is_at(place: torch.device, asked: torch.device) -> bool:
    """Return whether a tensor's place is the device asked for: `cuda` is any of its kind."""
    return asked.type == place.type and asked.index in (None, place.index or 0)


@contextmanager
def created_on(device: torch.device | None) -> Iterator[None]:
    """Let torch's creation functions create on `device`; on the cpu nothing changes."""
    if device is None or device.type == "cpu":
        yield
        return
    with device:
        yield
