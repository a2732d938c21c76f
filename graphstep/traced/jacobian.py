"""The Jacobian of an output, one reverse sweep a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch
from torch import Tensor

if TYPE_CHECKING:
    from graphstep.graph.trace_graph import TraceGraph
    from graphstep.traced.trace import Trace


def jacobian(trace: Trace, i: int) -> dict[str, Tensor]:
    """Return ∂v_i/∂x of an output v_i for every input x, by label.

    Each has the output's shape followed by the input's.
    """
    recorded = trace.recorded
    value = recorded.value(i)
    rows = [trace.seeded(row_seeds(recorded, i, k)).sweep.adjoints for k in range(value.numel())]
    found: dict[str, Tensor] = {}
    for k in recorded.inputs:
        at = recorded.value(k)
        parts = [torch.zeros_like(at) if (a := row[k]) is None else a for row in rows]
        shape = (*value.shape, *at.shape)
        found[recorded.values[k].shown_name] = (
            torch.stack(parts).reshape(shape) if parts else at.new_zeros(shape)
        )
    return found


def row_seeds(recorded: TraceGraph, i: int, index: int) -> list[Tensor]:
    """Return seeds of the outputs: 1 in element `index` (flat) of v_i, 0 everywhere else.

    An output that was returned twice is seeded once.
    """
    seeds = [
        torch.zeros(output.shape, dtype=output.dtype, device=output.device)
        for output in recorded.output_tensors
    ]
    seeds[recorded.outputs.index(i)].view(-1)[index] = 1
    return seeds
