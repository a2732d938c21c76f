"""What puts a changed view back into the tensor that it was taken of, for each kind of view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

import torch

from graphstep.recording.operation import Operation, Ref

if TYPE_CHECKING:
    from torch._ops import OpOverload

_ATEN = torch.ops.aten
SELECT: OpOverload = _ATEN.select.int
SCATTERS: Mapping[OpOverload, OpOverload] = MappingProxyType(
    {
        SELECT: _ATEN.select_scatter.default,
        _ATEN.slice.Tensor: _ATEN.slice_scatter.default,
        _ATEN.diagonal.default: _ATEN.diagonal_scatter.default,
    }
)
"""Views of some elements only: the others come from the tensor below."""
_ITS_OWN: Mapping[OpOverload, OpOverload] = MappingProxyType(
    {
        one: one
        for one in (
            _ATEN.t.default,
            _ATEN.transpose.int,
            _ATEN._conj.default,
            _ATEN._neg_view.default,
        )
    }
    | {
        _ATEN.view_as_real.default: _ATEN.view_as_complex.default,
        _ATEN.view_as_complex.default: _ATEN.view_as_real.default,
    }
)
"""Views of every element that the same arguments lead back from."""
_SHAPED = frozenset(
    {
        _ATEN.view.default,
        _ATEN._unsafe_view.default,
        _ATEN._reshape_alias.default,
        _ATEN.alias.default,
        _ATEN.unsqueeze.default,
        _ATEN.squeeze.default,
        _ATEN.squeeze.dim,
        _ATEN.squeeze.dims,
        _ATEN.expand.default,
    }
)
"""Views of every element in the same order, in another shape; an expanded one repeats none, for
torch refuses to write to what several elements share."""


class PutBack(NamedTuple):
    """Say what puts a view back: `function` of it and `rest`.

    `over` says that it is put over what is below, which then is the first operand.
    """

    function: OpOverload
    rest: tuple[Any, ...]
    named: Mapping[str, Any] = MappingProxyType({})
    over: bool = False


def put_back(view: Operation, below: torch.Tensor, seen: torch.Tensor) -> PutBack | None:
    """Return what puts `seen`, a view of `below`, back; None where this is no single operation."""
    function, rest = view.function, view.args[1:]
    if function in SCATTERS:
        return PutBack(SCATTERS[function], rest, view.kwargs, over=True)
    if function in _ITS_OWN:
        return PutBack(_ITS_OWN[function], rest)
    if function in _SHAPED and seen.numel() == below.numel():
        return PutBack(_ATEN.view_copy.default, (tuple(below.shape),))
    if function is _ATEN.permute.default:
        return PutBack(function, (_inverse(rest[0], below.dim()),))
    return None


def _inverse(order: Sequence[int], count: int) -> tuple[int, ...]:
    """Return the permutation that undoes another one."""
    places = [axis % count for axis in order]
    return tuple(places.index(axis) for axis in range(count))


def at_once(views: Sequence[Operation], dims: int) -> tuple[Ref | None, ...] | None:
    """Return the index at which several selections meet, a place for each of the first axes.

    None where one of the views is no selection, or there is only one.
    """
    if len(views) < 2 or any(view.function is not SELECT for view in views):
        return None
    left = list(range(dims))
    found: dict[int, int] = {}
    for view in views:
        _, dim, index = view.args
        found[left.pop(dim)] = index
    numbers = [found.get(dim) for dim in range(max(found) + 1)]
    return tuple(None if k is None else Ref(torch.tensor(k, device="cpu")) for k in numbers)
