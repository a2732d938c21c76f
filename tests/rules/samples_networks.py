"""Sample calls for the rows of activations, normalisations, windows and losses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.rules.samples import M23, add
from tests.rules.samples_places import SAMPLES

__all__ = ["SAMPLES"]

D = torch.float64


def ramp(size: int) -> Tensor:
    """Return a constant vector between 1/2 and 3/2."""
    return torch.linspace(0.5, 1.5, size, dtype=D)


ACTIVATIONS: dict[str, tuple[Callable[..., Any], ...]] = {
    "gelu": (F.gelu, lambda x: F.gelu(x, approximate="tanh")),
    "mish": (F.mish, lambda x: F.mish(x * 1, inplace=True)),
    "elu": (F.elu, lambda x: F.elu(x, 0.5), F.selu, lambda x: F.elu(x * 1, inplace=True)),
    "softplus": (F.softplus, lambda x: F.softplus(x, 3, 2)),
    "log_sigmoid_forward": (F.logsigmoid,),
    "hardtanh": (F.hardtanh, F.relu6, lambda x: F.hardtanh(x * 1, -1, 0.5, inplace=True)),
    "hardswish": (F.hardswish, lambda x: F.hardswish(3 * x)),
    "hardshrink": (F.hardshrink, lambda x: F.hardshrink(x, 1)),
    "softshrink": (F.softshrink, lambda x: F.softshrink(x, 1)),
    "threshold": (lambda x: F.threshold(x, 0.1, 20), lambda x: F.threshold(x * 1, 0, 0, True)),
    "glu": (F.glu, lambda x: F.glu(x, 0)),
}
for row, calls in ACTIVATIONS.items():
    for k, call in enumerate(calls):
        add(row, call, (2, 4), of=f"call {k}")
    if row != "glu":
        add(row, calls[0], (), of="0-d")
add("_prelu_kernel", F.prelu, (2, 3), (3,))
add("_prelu_kernel", F.prelu, (2, 3, 2), (1,), of="one slope")
add("elu", lambda x: torch.ops.aten.elu(x, 1.5, 2.0, 0.5), (2, 4), of="all factors")
add("hardswish", lambda x: F.hardswish(x * 0.1 + torch.tensor([-3.5, 3.5, -5.0, 5.0])), (2, 4),
    of="beyond its bend")  # fmt: skip

# normalisations
add("native_layer_norm", lambda x: F.layer_norm(x, (3,)), M23, of="plain")
add("native_layer_norm", lambda x, y, z: F.layer_norm(x, (3,), y, z), (2, 3), (3,), (3,))
add("native_layer_norm", lambda x, y: F.layer_norm(x, (3, 4), y), (2, 3, 4), (3, 4), of="two axes")
add("native_layer_norm", lambda x, y: F.layer_norm(x, (3,), ramp(3), y), M23, (3,), of="constant")
add("native_group_norm", lambda x: F.group_norm(x, 2), (2, 4, 3), of="plain")
add("native_group_norm", lambda x, y, z: F.group_norm(x, 2, y, z), (2, 4, 3, 2), (4,), (4,))
add("native_group_norm", lambda x, y: F.group_norm(x, 1, y), (2, 4), (4,), of="flat")
add("native_group_norm", lambda x: F.group_norm(x, 2), (0, 4, 3), of="nothing")
for training in (True, False):
    of = "training" if training else "eval"
    for shape in ((4, 3), (2, 3, 2, 2)):
        add("native_batch_norm", lambda x, t=training: F.batch_norm(
            x, ramp(3), ramp(3) * 2, training=t), shape, of=f"plain {of} {shape}")  # fmt: skip
        add("native_batch_norm", lambda x, y, z, t=training: F.batch_norm(
            x, ramp(3), ramp(3) * 2, y, z, training=t), shape, (3,), (3,),
            of=f"{of} {shape}")  # fmt: skip
add("native_batch_norm", lambda x: F.batch_norm(x, None, None, training=True), (4, 3), of="alone")

# attention
SEEN = torch.tensor([[True, True, False, True], [True, False, True, True], [False] * 4])
QKV = ((2, 4, 3, 5), (2, 4, 4, 5), (2, 4, 4, 5))
for name, attend in {
    "plain": F.scaled_dot_product_attention,
    "causal": lambda x, y, z: F.scaled_dot_product_attention(x, y, z, is_causal=True),
    "mask": lambda x, y, z: F.scaled_dot_product_attention(x, y, z, attn_mask=SEEN),
    "scale": lambda x, y, z: F.scaled_dot_product_attention(x, y, z, scale=0.3),
}.items():
    add("_scaled_dot_product_flash_attention_for_cpu", attend, *QKV, of=name)
add("_scaled_dot_product_flash_attention_for_cpu", lambda x, y, z: F.scaled_dot_product_attention(
    x, y, z, enable_gqa=True), (2, 4, 3, 5), (2, 2, 4, 5), (2, 2, 4, 5),
    of="shared keys")  # fmt: skip

# windows
for k, (stride, padding, dilation) in enumerate([(1, 0, 1), (2, 1, 1), (2, 2, 3), (3, 1, 2)]):
    at = {"stride": stride, "padding": padding, "dilation": dilation}
    add("convolution", lambda x, y, z, at=at: F.conv1d(x, y, z, **at), (2, 3, 9), (4, 3, 2), (4,),
        of=f"1d {k}")  # fmt: skip
    add("convolution", lambda x, y, z, at=at: F.conv2d(x, y, z, groups=2, **at), (2, 4, 9, 8),
        (6, 2, 2, 3), (6,), of=f"2d groups {k}")  # fmt: skip
    add("convolution", lambda x, y, at=at: F.conv_transpose2d(x, y, **at), (2, 3, 4, 3),
        (3, 2, 3, 2), of=f"2d transposed {k}")  # fmt: skip
    add("convolution", lambda x, y, z, at=at: F.conv_transpose1d(x, y, z, groups=2, **at),
        (2, 4, 5), (4, 3, 3), (6,), of=f"1d transposed groups {k}")  # fmt: skip
add("convolution", lambda x, y: F.conv3d(x, y, stride=(2,)), (1, 2, 3, 4, 3), (2, 2, 2, 2, 2),
    of="3d, one stride for all")  # fmt: skip
add("convolution", F.conv3d, (1, 2, 3, 4, 3), (2, 2, 2, 2, 2), of="3d")
add("convolution", lambda x, y: F.conv_transpose2d(x, y, stride=3, output_padding=2),
    (2, 3, 4, 3), (3, 2, 3, 2), of="output padding")  # fmt: skip
add("convolution", lambda x, y: F.conv_transpose1d(x, y, dilation=3, output_padding=2),
    (2, 3, 4), (3, 2, 2), of="output padding beyond the stride")  # fmt: skip
AVERAGES: tuple[dict[str, Any], ...] = (
    {}, {"stride": 1}, {"padding": 1}, {"padding": 1, "count_include_pad": False},
    {"stride": (3, 2), "ceil_mode": True}, {"divisor_override": 5, "stride": 3},
    {"padding": 1, "stride": 3, "ceil_mode": True},
    {"padding": 1, "stride": 3, "ceil_mode": True, "count_include_pad": False},
)  # fmt: skip
for k, at in enumerate(AVERAGES):
    add("avg_pool2d", lambda x, at=at: F.avg_pool2d(x, (2, 3), **at), (2, 2, 6, 7), of=f"call {k}")
add("avg_pool2d", lambda x: F.avg_pool2d(x, 2), (2, 4, 4), of="no batch")
for k, at in enumerate((
    {}, {"stride": 1}, {"padding": 1}, {"dilation": 2}, {"stride": 3, "ceil_mode": True},
)):  # fmt: skip
    add("max_pool2d_with_indices", lambda x, at=at: F.max_pool2d(x, (2, 3), **at), (2, 2, 6, 7),
        of=f"call {k}")  # fmt: skip
add("max_pool2d_with_indices", lambda x: F.max_pool2d(x * 0, 2) + F.max_pool2d(x, 2), (1, 4, 4),
    of="ties, no batch")  # fmt: skip
for mode, row, sizes in (
    ("nearest", "upsample_nearest1d", (2, 3, 4)),
    ("nearest", "upsample_nearest2d", (2, 3, 4, 3)),
    ("nearest", "upsample_nearest3d", (1, 2, 2, 3, 2)),
    ("linear", "upsample_linear1d", (2, 3, 4)),
    ("bilinear", "upsample_bilinear2d", (2, 3, 4, 3)),
    ("trilinear", "upsample_trilinear3d", (1, 2, 2, 3, 2)),
    ("bicubic", "upsample_bicubic2d", (2, 3, 4, 3)),
):
    add(row, lambda x, m=mode: F.interpolate(x, scale_factor=2.5, mode=m), sizes, of="wider")
    add(row, lambda x, m=mode: F.interpolate(x, scale_factor=0.7, mode=m), sizes, of="narrower")
    if mode != "nearest":
        add(row, lambda x, m=mode: F.interpolate(x, [5] * (x.dim() - 2), mode=m,
            align_corners=True), sizes, of="corners")  # fmt: skip

# losses
CLASSES = torch.tensor([[[1, 0], [2, -100]]])
LABELS = torch.tensor([[0.0, 1.0, 0.25], [1.0, 0.0, 0.5]], dtype=D)
for r in ("mean", "sum", "none"):
    add("nll_loss2d_forward", lambda x, r=r: F.nll_loss(x, CLASSES, reduction=r), (1, 3, 2, 2),
        of=r)  # fmt: skip
    add("nll_loss2d_forward", lambda x, r=r: F.nll_loss(x, CLASSES, ramp(3), reduction=r),
        (1, 3, 2, 2), of=f"{r}, weights")  # fmt: skip
    add("smooth_l1_loss", lambda x, y, r=r: F.smooth_l1_loss(x, y, reduction=r, beta=0.7), M23, M23,
        of=r)  # fmt: skip
    add("huber_loss", lambda x, y, r=r: F.huber_loss(x, y, reduction=r, delta=0.7), M23, M23, of=r)
    add("soft_margin_loss", lambda x, r=r: F.soft_margin_loss(x, 1 - 2 * LABELS, reduction=r), M23,
        of=r)  # fmt: skip
    add("binary_cross_entropy", lambda x, y, r=r: F.binary_cross_entropy(x, y, reduction=r), M23,
        M23, of=r, low=0.1, high=0.9)  # fmt: skip
    add("binary_cross_entropy", lambda x, r=r: F.binary_cross_entropy(x, LABELS, ramp(3),
        reduction=r), M23, of=f"{r}, weights", low=0.1, high=0.9)  # fmt: skip
    add("binary_cross_entropy_with_logits", lambda x, y, r=r: F.binary_cross_entropy_with_logits(
        x, y, reduction=r), M23, M23, of=r)  # fmt: skip
    add("binary_cross_entropy_with_logits", lambda x, y, r=r: F.binary_cross_entropy_with_logits(
        x, y, ramp(3), reduction=r, pos_weight=2 * ramp(3)), M23, M23,
        of=f"{r}, weights")  # fmt: skip
