"""Sample calls for the rows of pooling in three axes, adaptive pooling and windows laid out."""

from __future__ import annotations

from typing import Any

import torch
from torch.nn import functional as F

from tests.rules.samples import add

D = torch.float64
IMAGE: tuple[int, ...] = (2, 2, 5, 7)
VOLUME: tuple[int, ...] = (1, 2, 4, 5, 3)

AVERAGES: tuple[dict[str, Any], ...] = (
    {}, {"stride": 1}, {"padding": 1}, {"padding": 1, "count_include_pad": False},
    {"stride": (2, 1, 3), "ceil_mode": True}, {"divisor_override": 5},
    {"padding": 1, "stride": 3, "ceil_mode": True},
)  # fmt: skip
for k, at in enumerate(AVERAGES):
    add("avg_pool3d", lambda x, at=at: F.avg_pool3d(x, (2, 3, 2), **at), VOLUME, of=f"call {k}")
add("avg_pool3d", lambda x: F.avg_pool3d(x, 2), (2, 4, 4, 3), of="no batch")
MAXIMA: tuple[dict[str, Any], ...] = (
    {}, {"stride": 1}, {"padding": 1}, {"dilation": (2, 1, 1)}, {"stride": 3, "ceil_mode": True},
)  # fmt: skip
for k, at in enumerate(MAXIMA):
    add("max_pool3d_with_indices", lambda x, at=at: F.max_pool3d(x, (2, 3, 2), **at), VOLUME,
        of=f"call {k}")  # fmt: skip
add("max_pool3d_with_indices", lambda x: F.max_pool3d(x, 2), (2, 4, 4, 3), of="no batch")
IMAGES: list[tuple[int, tuple[int, ...], tuple[int, ...]]] = [
    (2, (2, 3), IMAGE),
    (3, (2, 3, 1), VOLUME),
]
for rank, sizes, shape in IMAGES:
    of = str(sizes)
    adaptive = getattr(F, f"adaptive_avg_pool{rank}d")
    add(f"_adaptive_avg_pool{rank}d", lambda x, f=adaptive, s=sizes: f(x, s), shape, of=of)
    add(f"_adaptive_avg_pool{rank}d", lambda x, f=adaptive, s=sizes: f(x[0], s), shape,
        of="no batch")  # fmt: skip
    largest = getattr(F, f"adaptive_max_pool{rank}d")
    add(f"adaptive_max_pool{rank}d", lambda x, f=largest, s=sizes: f(x, s), shape, of=of)
    fractional = getattr(F, f"fractional_max_pool{rank}d")
    random = torch.linspace(0.1, 0.9, shape[0] * shape[1] * rank, dtype=D)
    random = random.reshape(shape[0], shape[1], rank)
    add(f"fractional_max_pool{rank}d", lambda x, f=fractional, s=sizes, r=random: f(
        x, 2, output_size=s, _random_samples=r), shape, of=of)  # fmt: skip
    pool, back = getattr(F, f"max_pool{rank}d"), getattr(F, f"max_unpool{rank}d")
    mixed = (torch.arange(2.0 * 4**rank, dtype=D) * 7 % 11).reshape(1, 2, *[4] * rank)
    places = pool(mixed, 2, return_indices=True)[1]
    add(f"max_unpool{rank}d", lambda x, f=back, i=places: f(x, i, 2), (1, 2, *[2] * rank))
    add(f"max_unpool{rank}d", lambda x, f=back, i=places: f(x, i[0], 2), (2, *[2] * rank),
        of="no batch")  # fmt: skip
at = {"kernel_size": (2, 3), "dilation": (1, 2), "padding": (1, 0), "stride": (2, 1)}
add("im2col", lambda x, at=at: F.unfold(x, **at), IMAGE)
add("im2col", lambda x: F.unfold(x[0], 2), IMAGE, of="no batch")
add("col2im", lambda x, at=at: F.fold(x, IMAGE[2:], **at), (2, 12, 9))
add("col2im", lambda x: F.fold(x, (3, 3), 2), (8, 4), of="no batch")
for mode, row, sizes in (
    ("nearest-exact", "_upsample_nearest_exact1d", (2, 3, 4)),
    ("nearest-exact", "_upsample_nearest_exact2d", (2, 3, 4, 3)),
    ("nearest-exact", "_upsample_nearest_exact3d", (1, 2, 2, 3, 2)),
    ("bilinear", "_upsample_bilinear2d_aa", (2, 3, 7, 4)),
    ("bicubic", "_upsample_bicubic2d_aa", (2, 3, 7, 4)),
):
    smooth = row.endswith("aa")
    for factor in (2.5, 0.6):
        add(row, lambda x, m=mode, f=factor, aa=smooth: F.interpolate(
            x, scale_factor=f, mode=m, antialias=aa), sizes, of=f"by {factor}")  # fmt: skip
    if smooth:
        add(row, lambda x, m=mode: F.interpolate(
            x, (3, 5), mode=m, align_corners=True, antialias=True), sizes,
            of="corners")  # fmt: skip
