"""Sample calls for the rows of kernels that only cuda has; on the cpu stand-ins run them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from tests.rules import stand_ins, stand_ins_attention, stand_ins_recurrent
from tests.rules.samples import SAMPLES, Call, Sample, add

__all__ = ["CUDA", "stand_ins", "stand_ins_attention", "stand_ins_recurrent"]

aten = torch.ops.aten
_BEFORE = len(SAMPLES)


def _repeated(x: Tensor, draw: Call, p: float) -> Any:
    """Draw the same at every call."""
    with torch.random.fork_rng():
        torch.manual_seed(0)
        return draw(x, p)[0]


# normalisations and grids
for training in (True, False):
    for shape in ((2, 3, 2, 2), (4, 3)):
        add("cudnn_batch_norm", lambda x, w, b, t=training: aten.cudnn_batch_norm(
            x, w, b, 0.5 + torch.zeros_like(w), 2 + torch.zeros_like(w), t, 0.1, 1e-5)[0],
            shape, (3,), (3,), of=f"{training} {shape}")  # fmt: skip
add("_fused_rms_norm", lambda x: aten._fused_rms_norm(x, [3], None, None)[0], (2, 3), of="plain")
add("_fused_rms_norm", lambda x, w: aten._fused_rms_norm(x, [3, 4], w, 1e-3)[0], (2, 3, 4), (3, 4),
    of="two axes")  # fmt: skip
add("cudnn_grid_sampler", aten.cudnn_grid_sampler, (2, 3, 4, 5), (2, 3, 2, 2), low=-1.4, high=1.4)
add("_fused_dropout", lambda x: _repeated(x, aten._fused_dropout, 0.7), (3, 4))


# recurrent cells and networks
for kind, gates in (("lstm", 4), ("gru", 3)):
    for biases in (True, False):
        run = getattr(aten, f"_thnn_fused_{kind}_cell")
        wide = (2, gates * 3)
        add(f"_thnn_fused_{kind}_cell", lambda *given, run=run: run(*given)[:-1],
            wide, wide, (2, 3), *[wide[1:]] * (2 * biases), of=f"biases {biases}")  # fmt: skip


def network(mode: int, *, layers: int, ways: int, biases: bool, lengths: list[int]) -> Call:
    """Return what a recurrent network makes of input, h, c and weights: output, last h, last c."""

    def call(x: Tensor, h: Tensor, *rest: Tensor) -> Any:
        c, weights = (rest[0], rest[1:]) if mode == 2 else (None, rest)
        made = aten._cudnn_rnn(
            x, list(weights), 4 if biases else 2, None, h, c, mode, 3, 0, layers, False, 0.0, True,
            ways == 2, lengths, None,
        )  # fmt: skip
        return tuple(made[: 3 if mode == 2 else 2])

    return call


def sized(mode: int, layers: int, ways: int, biases: bool) -> list[tuple[int, ...]]:
    """Return the shapes of the states and weights of a network of 3 units on 2 features."""
    gates = 3 * (1, 1, 4, 3)[mode]
    state = [(layers * ways, 2, 3)] * (2 if mode == 2 else 1)
    each = [
        ((gates, 2 if layer == 0 else 3 * ways), (gates, 3), *[(gates,)] * (2 * biases))
        for layer in range(layers)
        for _ in range(ways)
    ]
    return [*state, *(shape for shapes in each for shape in shapes)]


for mode in range(4):
    for layers, ways, biases, lengths in (
        (1, 1, True, []), (2, 2, True, []), (1, 2, False, []), (2, 2, True, [2, 2, 1]),
    ):  # fmt: skip
        laid: tuple[int, ...] = (5, 2) if lengths else (3, 2, 2)
        add("_cudnn_rnn",
            network(mode, layers=layers, ways=ways, biases=biases, lengths=lengths),
            laid, *sized(mode, layers, ways, biases), low=-1, high=1,
            of=f"mode {mode}, {layers}, {ways} ways{', packed' * bool(lengths)}")  # fmt: skip

# attention
QKV = ((1, 4, 3, 8), (1, 4, 8, 8), (1, 4, 8, 8))
SHARED = (QKV[0], (1, 2, 8, 8), (1, 2, 8, 8))
SQUARE = (QKV[1],) * 3
FLASH, EFFICIENT, CUDNN = (
    f"_scaled_dot_product_{kernel}_attention" for kernel in ("flash", "efficient", "cudnn")
)
flash, efficient, cudnn = (getattr(aten, name) for name in (FLASH, EFFICIENT, CUDNN))
add(FLASH, lambda x, y, z: flash(x, y, z, scale=0.3)[0], *QKV, of="scale")
add(FLASH, lambda x, y, z: flash(x, y, z, 0.0, True)[0], *SQUARE, of="causal")
add(FLASH, lambda x, y, z: flash(x, y, z)[0], *SHARED, of="shared keys")
add(EFFICIENT, lambda x, y, z: efficient(x, y, z, None, True, scale=0.3)[0], *QKV, of="scale")
add(EFFICIENT, lambda x, y, z: efficient(x, y, z, None, True, 0.0, True)[0], *SQUARE, of="causal")
add(EFFICIENT, lambda x, y, z, w: efficient(x, y, z, w, True)[0], *QKV, (1, 4, 3, 8), of="bias")
add(CUDNN, lambda x, y, z: cudnn(x, y, z, None, True, scale=0.3)[0], *QKV, of="scale")
add(CUDNN, lambda x, y, z: cudnn(x, y, z, None, True, 0.0, True)[0], *SQUARE, of="causal")

CUDA: list[Sample] = SAMPLES[_BEFORE:]
"""The samples of this file; tests/cuda runs them on the kernels themselves."""
