"""Trace a block of code, or a graph that already exists."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from types import TracebackType

import torch
from torch import Tensor

from graphstep.api import Trace
from graphstep.errors import InputError
from graphstep.graph.numbering import Order
from graphstep.recording.modules import ModulePaths
from graphstep.recording.operation import Keep
from graphstep.running.outputs import cut_off, outputs_of
from graphstep.running.record import build_run, recorder_for
from graphstep.running.run import Call, Origin, Run
from graphstep.traced.summarised import check_keep, traced


class Recording:
    """Record the operations of a `with` block; `trace` numbers what leads to an output of it."""

    def __init__(self, inputs: Mapping[str, Tensor], keep: Keep = "all") -> None:
        check_keep(keep)
        self._paths = ModulePaths()
        self._stack = ExitStack()
        carrying = {name: t for name, t in inputs.items() if t.requires_grad}
        constants = {name: t for name, t in inputs.items() if not t.requires_grad}
        self._call = Call(lambda: None, carrying, constants, keep=keep)
        self._recorder = recorder_for(self._call, self._paths)

    def __enter__(self) -> Recording:
        self._stack.enter_context(self._paths)
        self._stack.enter_context(self._recorder)
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self._stack.__exit__(exc_type, exc, traceback)

    def trace(
        self,
        *outputs: Tensor,
        order: Order = "evaluation",
        grad_output: Tensor | Sequence[Tensor | None] | None = None,
    ) -> Trace:
        """Return the Trace of the block's operations that lead to `outputs`.

        Raises InputError where no gradient leads back from them.
        """
        seeds = [grad_output] if isinstance(grad_output, Tensor) else grad_output
        found = outputs_of(list(outputs), cut_off(self._call, self._recorder))
        graph = build_run(self._call, self._recorder, self._paths, found, order)
        return traced(Run(graph, _origin("a recorded block"), seeds), self._call.keep)


def record(inputs: Mapping[str, Tensor] | None = None, *, keep: Keep = "all") -> Recording:
    """Record a block of code: `with gs.record(inputs={"w": w}) as r: …`, then `r.trace(loss)`.

    `inputs` names the tensors to see by those names, leaves that require a gradient and
    constants alike; other leaves are found and named by their module or `leaf_1`, `leaf_2`, ….
    `keep="summary"` keeps a few numbers of each value in place of the value.
    """
    return Recording(inputs or {}, keep)


def from_output(
    output: Tensor | Sequence[Tensor],
    inputs: Mapping[str, Tensor] | None = None,
    *,
    order: Order = "evaluation",
    grad_output: Tensor | Sequence[Tensor | None] | None = None,
) -> Trace:
    """Return the Trace of a graph that was built before graphstep looked.

    Values are there where autograd saved them, and "not recorded" elsewhere; every adjoint is
    there, by torch's own nodes. Raises InputError where no gradient leads back.
    """
    outputs = [output] if isinstance(output, Tensor) else output
    return Recording(inputs or {}).trace(*outputs, order=order, grad_output=grad_output)


def _origin(text: str) -> Origin:
    def again(there: torch.device) -> Run:
        raise InputError(f"{text} cannot be run again on {there}; trace a function instead")

    return Origin(text, "", "", again)
