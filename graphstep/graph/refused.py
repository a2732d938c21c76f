"""What cannot be traced: tensors without numbers of their own, each kind told in one line."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping

from torch import nn

from graphstep.errors import InputError
from graphstep.recording.internals import is_fake
from graphstep.recording.operation import Ref

_SHARDED = "torch.distributed.fsdp"
_SPREAD = "torch.distributed.tensor"


def refuse_without_numbers(refs: Mapping[int, Ref]) -> None:
    """Raise InputError for a tensor of no one shape, of no numbers, or of numbers elsewhere.

    `refs` holds the tensors by number.
    """
    spread = getattr(sys.modules.get(_SPREAD), "DTensor", None)
    for i, ref in refs.items():
        tensor = ref.tensor
        if is_fake(tensor):
            raise InputError("a value is a fake tensor, which holds no numbers to trace")
        if tensor.is_nested:
            raise InputError(
                "a value is a nested tensor, which cannot be traced; pad it, or take a list"
            )
        if tensor.is_mkldnn:
            raise InputError(
                "a value is a tensor in oneDNN's own layout, which cannot be traced; leave "
                "to_mkldnn out"
            )
        if spread is not None and i <= 0 and isinstance(tensor, spread):
            raise InputError(
                "an input is a DTensor, which lies in several processes and cannot be traced; "
                "trace what its to_local() gives"
            )


def refuse_sharded(modules: Iterable[nn.Module]) -> None:
    """Raise InputError for a module of FSDP's, which frees its parameters after each use."""
    fsdp = sys.modules.get(_SHARDED)
    kinds = tuple(
        kind
        for name in ("FSDPModule", "FullyShardedDataParallel")
        if (kind := getattr(fsdp, name, None)) is not None
    )
    if kinds and any(isinstance(part, kinds) for module in modules for part in module.modules()):
        raise InputError(
            "the module is sharded by FSDP, which frees its parameters after each use: trace it "
            "unsharded"
        )
