"""What torch's own kernels make of an operation that is run again by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from graphstep.graph.application import Application, Slot
from graphstep.sweep.replay import in_kind, run_again
from graphstep.sweep.user_code import Terms


def kernel_terms(
    application: Application,
    adjoints: Mapping[int, Tensor],
    dtype: torch.dtype | None = None,
) -> Terms:
    """Return torch's term for each of an operation's parents, None where it gives none.

    The recorded operation runs again on its operands, each a leaf of its own, and torch's engine
    goes back over it alone; with `dtype`, in that precision. `adjoints` maps the v_i that it gave
    to their adjoints. Raises NotReplayable, and torch's RuntimeError where a kernel is missing.
    """
    if not adjoints:
        return (None,) * len(application.parents)
    with torch.enable_grad():
        operands = _operands(application, dtype)
        results = run_again(application, operands, dtype)
        found = {n: i for n, i in application.by_position.items() if i in adjoints}
        terms: Sequence[Tensor | None] = torch.autograd.grad(
            [results[n] for n in found],
            list(operands.values()),
            [adjoints[i].detach().to(results[n].dtype) for n, i in found.items()],
            allow_unused=True,
        )
    by_slot = dict(zip(operands, terms, strict=True))
    return tuple(None if slot is None else by_slot[slot] for slot in application.slots)


def _operands(application: Application, dtype: torch.dtype | None) -> dict[Slot, Tensor]:
    """Return every operand that carries a gradient, a leaf of its own each."""
    operation = application.operation
    assert operation is not None
    carrying = [
        ref.tensor.detach()
        for ref, key in zip(operation.operand_refs(), operation.keys, strict=True)
        if key is not None
    ]
    if dtype is not None:
        carrying = [tensor.to(in_kind(tensor.dtype, dtype)) for tensor in carrying]
    slots = [slot for slot in application.slots if slot is not None]
    return {
        slot: tensor.detach().requires_grad_() for slot, tensor in zip(slots, carrying, strict=True)
    }
