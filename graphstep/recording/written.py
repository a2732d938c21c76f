"""Writes through views: which views lead to what is written, and what they all lie in.

Autograd makes one node, CopySlices, of an in-place operation on a view, and gives the view another
node each time that somebody asks, AsStrided, which says nothing of how the view was taken
(torch/csrc/autograd/functions/tensor.h and variable.cpp). What is kept here is enough to name the
views, the operation, and what puts its result back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import torch

from graphstep.recording.internals import below_view
from graphstep.recording.operation import Operation, Ref, ValueKey

Steps = tuple[Operation, ...]
"""The operations that took a view, the first from a tensor that is no view itself."""


class Write(NamedTuple):
    """Hold one write through views of `before`, a value named by `key`, which left `after`.

    `views` is None where nobody saw how they were taken, `after` until the write has run.
    """

    operation: Operation
    views: Steps | None
    before: Ref
    key: ValueKey | None
    after: Ref | None = None


class View(NamedTuple):
    """Hold the operation that took a view, and the view that it was taken of, if it was one."""

    operation: Operation
    source: View | None


class Views:
    """Know how the views of a run were taken.

    Operations are looked through when something is overwritten, and no sooner: a run without
    in-place operations pays nothing. A view is known by the id of its tensor, which may be
    another tensor's by now; so no steps are given that do not lead where the tensor lies.
    """

    def __init__(self) -> None:
        self._taken: dict[int, View] = {}
        self._left: dict[Ref, Steps] = {}
        self._seen = 0

    def look_through(self, operations: Sequence[Operation]) -> None:
        """Note the views among the operations that were not looked through before."""
        for place in range(self._seen, len(operations)):
            operation = operations[place]
            if not (operation.kind.views and operation.results and operation.args):
                continue
            source, result = operation.args[0], id(operation.results[0].tensor)
            self._taken.pop(result, None)
            if type(source) is not Ref:
                continue
            known = self._taken.get(id(source.tensor))
            if below_view(source.tensor) is None:
                self._taken[result] = View(operation, None)
            elif known is not None:
                self._taken[result] = View(operation, known)
        self._seen = len(operations)

    def leave(self, refs: Iterable[Ref]) -> None:
        """Note how the tensors of `refs` were taken, which copies are about to stand in for."""
        for ref in refs:
            if ref.key is not None and ref.key[0].name() == REGAINED:
                steps = self.steps_to(ref.tensor)
                if steps is not None:
                    self._left[ref] = steps

    def regained(self, ref: Ref) -> Steps | None:
        """Return the steps to what `ref` held when it was seen, where one node stands for them.

        Of a view that has other numbers than lie in memory torch takes these steps itself.
        """
        steps = self._left.get(ref) or self.steps_to(ref.tensor)
        return None if steps is None or any(s.function in _OTHER_NUMBERS for s in steps) else steps

    def steps_to(self, tensor: torch.Tensor) -> Steps | None:
        """Return the steps from the tensor that a view lies in, None where they are not known."""
        below, view = below_view(tensor), self._taken.get(id(tensor))
        if below is None or view is None:
            return None
        steps: list[Operation] = []
        while view is not None:
            steps.append(view.operation)
            view = view.source
        steps.reverse()
        with torch.no_grad():
            found = along(steps, below.detach())
        same = found and _lies(found[-1]) == _lies(tensor)
        return tuple(steps) if same else None


_ATEN = torch.ops.aten
_OTHER_NUMBERS = frozenset(
    {
        _ATEN.view_as_real.default,
        _ATEN.view_as_complex.default,
        _ATEN._conj.default,
        _ATEN._neg_view.default,
        _ATEN.view.dtype,
    }
)
REGAINED = "AsStridedBackward0"
"""The node that a view is given once what it lies in was written to."""


def along(steps: Iterable[Operation], tensor: torch.Tensor) -> list[torch.Tensor]:
    """Return the views that the steps take, one after the other; none where one cannot."""
    found: list[torch.Tensor] = []
    for step in steps:
        try:
            tensor = step.function(tensor, *step.args[1:], **step.kwargs)
        except (RuntimeError, IndexError):
            # So torch says that a tensor has another shape, or lies otherwise in memory.
            return []
        found.append(tensor)
    return found


def _lies(tensor: torch.Tensor) -> tuple[object, ...]:
    shape, steps = tensor.shape, tensor.stride()
    lazy = tensor.is_conj(), tensor.is_neg()
    return tensor.dtype, shape, steps, tensor.storage_offset(), lazy
