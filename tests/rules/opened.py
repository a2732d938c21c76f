"""Open a sample call: trace it, with random seeds that are the same every time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from graphstep.api import Trace, trace
from tests.rules.samples import Sample


def opened(sample: Sample) -> tuple[Trace, tuple[Tensor, ...]]:
    leaves = sample.leaves()
    return trace(sample.function, *leaves, grad_output=seeds_for(sample, leaves)), leaves


def outputs_of(result: Any) -> list[Tensor]:
    return [result] if isinstance(result, Tensor) else list(result)


def seeds_for(sample: Sample, leaves: Sequence[Tensor]) -> list[Tensor]:
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        outputs = outputs_of(sample.function(*leaves))
    return [torch.randn(o.shape, generator=generator, dtype=o.dtype).to(o.device) for o in outputs]
