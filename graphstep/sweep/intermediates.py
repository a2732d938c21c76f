"""What a backward takes of the forward pass beside its operands, of the numbers it runs again on.

Torch hands over a norm's mean and deviation as if they were constants; its derivative of the
backward takes them for functions of what was normalised.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.recording.operation import Operation
from graphstep.rules.scope import arguments, signature, unwrap

_MOMENTS = {
    "native_layer_norm_backward": ("mean", "rstd"),
    "native_batch_norm_backward": ("save_mean", "save_invstd"),
    "batch_norm_backward": ("save_mean", "save_var"),
}
"""By operation, the names of the mean and of one over the deviation."""


@torch.no_grad()
def with_intermediates(operation: Operation, args: list[Any]) -> list[Any]:
    """Return new arguments of a backward with intermediate values of their own.

    They change by as much as the input's moments do, so that on the same input they are the same,
    with their roundings and what a norm adds to the variance. Torch's derivative has them in it:
    they carry no gradient of their own. Other operations keep their `args`.
    """
    if operation.kind.name == "log_sigmoid_backward":
        above, x, buffer = args
        return [above, x, (-x.abs()).exp() if buffer.numel() else buffer]
    names = _MOMENTS.get(operation.kind.name)
    if names is None:
        return args
    places = signature(operation.function).places
    before = {name: unwrap(item) for name, item in arguments(operation).items()}
    old, mean, inverse = (before[name] for name in ("input", *names))
    if not before.get("train", True):
        return args
    new = args[places["input"]]
    shape = before.get("normalized_shape")
    dims = range(-len(shape), 0) if shape else [k for k in range(new.dim()) if k != 1]
    args = list(args)
    old = old.to(new.dtype)
    moved = (new - old).mean(list(dims), keepdim=True)
    args[places[names[0]]] = mean.to(new.dtype) + _laid(moved, mean)
    added = inverse.to(new.dtype) ** -2 - _laid(_variance(old, dims), inverse)
    args[places[names[1]]] = (_laid(_variance(new, dims), inverse) + added).rsqrt()
    return args


def _variance(x: Tensor, dims: Sequence[int]) -> Tensor:
    return x.var(list(dims), correction=0, keepdim=True)


def _laid(x: Tensor, like: Tensor) -> Tensor:
    return x.reshape(like.shape)
