"""A write through a view, as the operation without a view that has the same result.

Autograd makes one node, CopySlices, of a write through a view: it takes the tensor below the view
and gives it changed. `out[i] = y` is such a write, and as `select_scatter(out, y, 0, i)` it has a
name, operands and a derivative that a textbook can show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from graphstep.recording.internals import below_view
from graphstep.recording.kind import kind_of
from graphstep.recording.operation import Operation, Ref, ValueKey

if TYPE_CHECKING:
    from torch._ops import OpOverload

_ATEN = torch.ops.aten
_SELECT: OpOverload = _ATEN.select.int
_SCATTERS: Mapping[OpOverload, OpOverload] = MappingProxyType(
    {
        _SELECT: _ATEN.select_scatter.default,
        _ATEN.slice.Tensor: _ATEN.slice_scatter.default,
        _ATEN.diagonal.default: _ATEN.diagonal_scatter.default,
    }
)
_WRITES = frozenset({"copy_", "fill_", "zero_"})
"""What they leave in the view does not depend on what was there."""
NEAR = 8
"""A view that was taken longer ago than so many operations is not looked for."""


class Write(NamedTuple):
    """Hold a write through views: `views` lead from the tensor below to the one written to."""

    operation: Operation
    views: tuple[Operation, ...]
    below: torch.Tensor


def write_through(operation: Operation, earlier: Sequence[Operation]) -> Write | None:
    """Return a write through views of a tensor, or None where the views are not known.

    The operation has not run yet, and `earlier` ones end with the last before it.
    """
    if operation.kind.name not in _WRITES or not operation.grad_enabled:
        return None
    target = operation.args[0]
    below = below_view(target.tensor) if type(target) is Ref else None
    if below is None:
        return None
    views: list[Operation] = []
    for maker in reversed(earlier[-NEAR:]):
        if maker.results and maker.results[0] is target and type(maker.args[0]) is Ref:
            views.append(maker)
            target = maker.args[0]
            if target.tensor is below:
                return Write(operation, tuple(reversed(views)), below)
    return None


def without_view(write: Write, after: Ref, key: ValueKey) -> Operation | None:
    """Return the operation that makes `after`, what was below once written to, out of it before.

    None where no single operation does, or where the written tensor is broadcast or cast and
    carries a gradient.
    """
    operation, views = write.operation, write.views
    source, source_key = operation.results[0], None
    if len(operation.keys) > 1 and operation.keys[1] is not None:
        source, source_key = operation.args[1], operation.keys[1]
        written, there = source.tensor, operation.results[0].tensor
        if (written.shape, written.dtype, written.device) != (
            there.shape,
            there.dtype,
            there.device,
        ):
            return None
    base, base_key = views[0].args[0], views[0].keys[0]
    args: tuple[Any, ...]
    keys: tuple[ValueKey | None, ...]
    if len(views) == 1 and views[0].function in _SCATTERS:
        function = _SCATTERS[views[0].function]
        args, keys = (base, source, *views[0].args[1:]), (base_key, source_key)
    elif all(view.function is _SELECT for view in views):
        function = _ATEN.index_put.default
        args = (base, _indices(views, base.tensor.dim()), source)
        keys = (base_key, *(None for _ in views), source_key)
    else:
        return None
    return Operation(
        operation.index,
        kind_of(function),
        args,
        {},
        keys,
        operation.grad_enabled,
        operation.raw_place,
        operation.module,
        (after,),
        (key,),
    )


def _indices(views: Sequence[Operation], dims: int) -> tuple[Ref | None, ...]:
    """Return the indices of several selections, one for each dimension up to the last selected."""
    left = list(range(dims))
    found: dict[int, int] = {}
    for view in views:
        _, dim, index = view.args
        found[left.pop(dim)] = index
    return tuple(Ref(torch.tensor(found[d])) if d in found else None for d in range(max(found) + 1))
