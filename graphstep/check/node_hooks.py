"""The user's hooks on the nodes of torch's graph: found, and not run before they are heard."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from types import FrameType

import torch
from torch.autograd.graph import Node
from torch.utils.hooks import RemovableHandle

from graphstep.recording.internals import HookTable
from graphstep.recording.location import is_of_torch_or_ours


@dataclass(frozen=True, slots=True)
class NodeHooks:
    """Hold the tables of `register_prehook` and `register_hook`, of the nodes that have any."""

    before: Mapping[Node, HookTable] = field(default_factory=dict)
    after: Mapping[Node, HookTable] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.before or self.after)


def node_hooks(nodes: Iterable[Node]) -> NodeHooks:
    """Return the user's hooks on nodes.

    Torch shows a node's hooks to nobody but a handle: one is registered for a moment.
    """
    before: dict[Node, HookTable] = {}
    after: dict[Node, HookTable] = {}
    for node in nodes:
        for found, register in ((before, node.register_prehook), (after, node.register_hook)):
            table = _table(register(_nothing))
            if table:
                found[node] = table
    return NodeHooks(before, after)


def _table(handle: RemovableHandle) -> HookTable:
    table = handle.hooks_dict_ref()
    handle.remove()
    return {} if table is None else table


def _nothing(*given: object) -> None:
    """Leave the gradients as they are."""


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
