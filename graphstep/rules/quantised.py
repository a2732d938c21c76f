"""Rounding to a few levels, as one trains for quantised numbers; v1 tells what lay within them.

There the adjoint passes straight through the rounding, by torch's choice.
"""

from graphstep.rules.row import Row

_NAMES = (
    "fake_quantize_per_tensor_affine_cachemask",
    "fake_quantize_per_channel_affine_cachemask",
    "_fake_quantize_per_tensor_affine_cachemask_tensor_qparams",
    "_fused_moving_avg_obs_fq_helper",
)

ROWS = tuple(Row(name, None, "v1", tangent="dx*v1") for name in _NAMES)
