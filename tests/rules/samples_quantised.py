"""Sample calls for the rows of rounding to a few levels, of affine grids and of Gamma draws."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.rules.samples import M23, add
from tests.rules.samples_elementwise import drawn

D = torch.float64
aten = torch.ops.aten
SCALES, ZEROS = torch.tensor([0.2, 0.5, 0.01]), torch.tensor([0, 3, -2], dtype=torch.int32)
ON = torch.ones(1, dtype=torch.int64)


def observed(x: Tensor) -> Tensor:
    """Round to levels that follow the numbers seen, from the same start every time."""
    bounds = torch.tensor([-0.3]), torch.tensor([0.7])
    state = (*bounds, torch.tensor([0.1]), torch.zeros(1, dtype=torch.int32))
    found: Tensor = aten._fused_moving_avg_obs_fq_helper(x, ON, ON, *state, 0.01, 0, 255, -1)[0]
    return found


add("fake_quantize_per_tensor_affine_cachemask",
    lambda x: torch.fake_quantize_per_tensor_affine(x, 0.1, 2, -10, 10), (4, 5))  # fmt: skip
add("fake_quantize_per_channel_affine_cachemask",
    lambda x: torch.fake_quantize_per_channel_affine(x, SCALES, ZEROS, 1, -5, 5), (4, 3),
    dtype=torch.float32)  # fmt: skip
add("_fake_quantize_per_tensor_affine_cachemask_tensor_qparams",
    lambda x: torch.fake_quantize_per_tensor_affine(x, SCALES[:1], ZEROS[1:2], -5, 5), (4, 5),
    dtype=torch.float32)  # fmt: skip
add("_fused_moving_avg_obs_fq_helper", observed, (4, 5), dtype=torch.float32)
for size in ((2, 1, 3, 4), (2, 1, 2, 3, 4)):
    for corners in (True, False):
        rank = len(size) - 2
        add("affine_grid_generator", lambda x, s=size, c=corners: F.affine_grid(x, list(s), c),
            (2, rank, rank + 1), of=f"{rank} {corners}")  # fmt: skip
add("_standard_gamma", drawn(torch._standard_gamma), M23, low=0.3)
