"""Sample calls for the rows of recurrent layers, which oneDNN runs in float32."""

from __future__ import annotations

import torch
from torch import Tensor

from tests.rules.samples import Call, add

SHAPES = ((4, 2, 3), (20, 3), (20, 5), (20,), (20,), (2, 5), (2, 5))


def layer(*, reverse: bool, first: int, biases: bool = True) -> Call:
    """Return an LSTM layer's first results."""

    def call(x: Tensor, w: Tensor, u: Tensor, *rest: Tensor) -> tuple[Tensor, ...]:
        run = torch.ops.aten.mkldnn_rnn_layer
        # Without biases nn.LSTM hands over matrices of zeros in their place.
        none = [] if biases else [torch.zeros_like(w), torch.zeros_like(u)]
        given = (x, w, u, *none, *rest, reverse, [], 2, 5, 1, biases, False, False, True)
        return tuple(run(*given)[:first])

    return call


for reverse in (False, True):
    for first in (1, 3):
        add("mkldnn_rnn_layer", layer(reverse=reverse, first=first), *SHAPES, low=-1, high=1,
            of=f"{first} results{', reversed' * reverse}", dtype=torch.float32)  # fmt: skip
add("mkldnn_rnn_layer", layer(reverse=False, first=3, biases=False), *SHAPES[:3], *SHAPES[5:],
    low=-1, high=1, of="no biases", dtype=torch.float32)  # fmt: skip

LENGTHS = torch.tensor([4, 3, 1])
for first in (False, True):
    add("_pack_padded_sequence", lambda x, first=first: torch._pack_padded_sequence(
        x, LENGTHS, first)[0], (3, 4, 2) if first else (4, 3, 2), of=f"{first}")  # fmt: skip
