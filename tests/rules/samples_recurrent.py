"""Sample calls for the rows of recurrent layers, which oneDNN runs in float32."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.rules.samples import Call, add

SHAPES = ((4, 2, 3), (20, 3), (20, 5), (20,), (20,), (2, 5), (2, 5))


def layer(*, reverse: bool, first: int) -> Call:
    """Return an LSTM layer's first results."""

    def call(*given: Tensor) -> tuple[Tensor, ...]:
        run = torch.ops.aten.mkldnn_rnn_layer
        return tuple(run(*given, reverse, [], 2, 5, 1, True, False, False, True)[:first])

    return call


for reverse in (False, True):
    for first in (1, 3):
        add("mkldnn_rnn_layer", layer(reverse=reverse, first=first), *SHAPES, low=-1, high=1,
            of=f"{first} results{', reversed' * reverse}", dtype=torch.float32)  # fmt: skip
