"""What to record, what was recorded, and where it came from."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import torch
from torch import Tensor

from graphstep.graph.trace_graph import TraceGraph
from graphstep.recording.location import user_frame
from graphstep.recording.operation import Keep, RawPlace

Loss = Callable[[Any], Tensor]
"""What makes the output of a result."""
Seeds = Sequence[Tensor | None] | None
"""The adjoints that the outputs start from, one an output; None stands for ones."""


@dataclass(frozen=True)
class Origin:
    """Remember what was run, to show it and to run it anew on another device.

    `text` names it, `language` is the code to show (empty where there is none), `file` the name
    under which places refer to that code. `again` records a fresh run on another device.
    """

    text: str
    language: str
    file: str
    again: Callable[[torch.device], Run]


@dataclass(frozen=True)
class Run:
    """Hold one recorded run: its graph, where it came from, and the seeds of its outputs."""

    graph: TraceGraph
    origin: Origin
    seeds: Seeds = None


@dataclass(frozen=True)
class Call:
    """Describe what to record.

    `function` runs the user's code with nothing but itself; `inputs` are the named leaves,
    `constants` the named tensors without a gradient; `locate` says where in the text the
    current operation stands, `labels` which spans of a typed expression have names. `keep` says
    whether every value is kept or a summary of each; `around` names what the code reads from
    around it, by id.
    """

    function: Callable[[], Any]
    inputs: Mapping[str, Tensor]
    constants: Mapping[str, Tensor]
    locate: Callable[[], RawPlace] = user_frame
    labels: Mapping[tuple[int, int, int, int], str] | None = None
    keep: Keep = "all"
    around: Mapping[int, str] = field(default_factory=dict)


def anew(origin: Origin, device: torch.device, seeds: Seeds) -> Run:
    """Return a fresh run on a device; what it draws is not drawn from the user's generators."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        return replace(origin.again(device), seeds=seeds)
