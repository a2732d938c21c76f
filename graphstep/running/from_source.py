"""From a resolved source, with values, to one recorded run."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import torch
from torch import nn

from graphstep.graph.numbering import Order
from graphstep.recording.operation import Keep, RawPlace
from graphstep.recording.place import Place
from graphstep.running.around import names_around
from graphstep.running.devices import created_on
from graphstep.running.inputs import split_values
from graphstep.running.record import record_run
from graphstep.running.run import Call, Loss, Origin, Run, Seeds
from graphstep.source.sources import FunctionSource, OnPlace, Source

EXPRESSION = "<expression>"
"""What stands for the file of an expression."""


def source_run(
    source: Source,
    values: Mapping[str, Any],
    device: torch.device | None,
    order: Order,
    seeds: Seeds,
    loss: Loss | None = None,
    seed: int | None = None,
    keep: Keep = "all",
) -> Run:
    """Record a resolved SOURCE with its values, every floating one an input.

    On another `device` than the cpu the values are moved there, what the code creates is created
    there, and a module is copied there; None leaves all where it is. With `seed`, torch's
    generators are seeded for the run and put back after it.
    """
    inputs, constants = split_values(values, device, as_inputs=True)
    everything = {**values, **inputs, **constants}
    moved = source_on(source, device)
    hear, locate = place_channel()

    def run() -> Any:
        with seeded(seed), created_on(device):
            result = moved.call(everything, hear)
            return result if loss is None else loss(result)

    if source.program is None:
        around = names_around(getattr(moved, "target", None))
        call = Call(run, inputs, constants, keep=keep, around=around)
    else:
        call = Call(run, inputs, constants, locate, source.program.labels, keep)

    def again(there: torch.device) -> Run:
        return source_run(source, values, there, order, seeds, loss, seed, keep)

    file = EXPRESSION if source.program is not None else str(getattr(source, "file", "") or "")
    origin = Origin(source.text, source.language, file, again)
    return record_run(call, origin, order, seeds)


def place_channel() -> tuple[OnPlace, Callable[[], RawPlace]]:
    """Return what a running expression tells its place to, and what asks for the last one."""
    current: list[Place | None] = [None]

    def hear(place: Place | None) -> None:
        current[0] = place

    def locate() -> RawPlace:
        return current[0]

    return hear, locate


def source_on(source: Source, device: torch.device | None) -> Source:
    """Return the source with a copy of its module on `device`, if it has one to move."""
    target = getattr(source, "target", None)
    if device is None or device.type == "cpu" or not isinstance(target, nn.Module):
        return source
    assert isinstance(source, FunctionSource)
    return replace(source, target=copy.deepcopy(target).to(device))


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Seed torch's generators for a while, and put them back as they were."""
    if seed is None:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
