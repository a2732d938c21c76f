"""Sample calls for the rows of batch norms by other names, bags, grids and losses by margins."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from tests.rules.samples import Sample, add
from tests.rules.samples_networks import ramp

D = torch.float64
aten = torch.ops.aten

# batch norms
for shape in ((4, 3), (2, 3, 2, 2)):
    of = str(shape)
    for training in (True, False):
        add("_native_batch_norm_legit", lambda x, y, z, t=training: aten._native_batch_norm_legit(
            x, y, z, ramp(3), ramp(3) * 2, t, 0.1, 1e-5)[0], shape, (3,), (3,),
            of=f"{training} {of}")  # fmt: skip
    add("_native_batch_norm_legit.no_stats", lambda x, y, z: aten._native_batch_norm_legit(
        x, y, z, True, 0.1, 1e-5)[0], shape, (3,), (3,), of=of)  # fmt: skip
    add("_native_batch_norm_legit_no_training", lambda x, y, z:
        aten._native_batch_norm_legit_no_training(x, y, z, ramp(3), ramp(3) * 2, 0.1, 1e-5)[0],
        shape, (3,), (3,), of=of)  # fmt: skip
    add("_batch_norm_with_update", lambda x, y, z: aten._batch_norm_with_update(
        x, y, z, ramp(3), ramp(3) * 2, 0.1, 1e-5)[0], shape, (3,), (3,), of=of)  # fmt: skip
    add("_batch_norm_no_update", lambda x, y, z: aten._batch_norm_no_update(
        x, y, z, ramp(3), ramp(3) * 2, 0.1, 1e-5)[0], shape, (3,), (3,), of=of)  # fmt: skip

# bags of embeddings
ROWS = torch.tensor([1, 2, 2, 5, 4, 3, 2, 9])
OFFSETS = torch.tensor([0, 3, 3, 5])
for mode in ("sum", "mean", "max"):
    add("_embedding_bag", lambda x, m=mode: F.embedding_bag(ROWS, x, OFFSETS, mode=m), (10, 3),
        of=mode)  # fmt: skip
    add("_embedding_bag", lambda x, m=mode: F.embedding_bag(
        ROWS, x, OFFSETS, mode=m, padding_idx=2), (10, 3), of=f"{mode}, padding")  # fmt: skip
    add("_embedding_bag", lambda x, m=mode: F.embedding_bag(ROWS.reshape(2, 4), x, mode=m),
        (10, 3), of=f"{mode}, matrix")  # fmt: skip
add("_embedding_bag", lambda x, w: F.embedding_bag(
    ROWS, x, OFFSETS, mode="sum", per_sample_weights=w), (10, 3), (8,), of="weights")  # fmt: skip
add("_embedding_bag", lambda x, w: F.embedding_bag(
    ROWS, x, OFFSETS, mode="sum", per_sample_weights=w, padding_idx=2), (10, 3), (8,),
    of="weights, padding")  # fmt: skip

# points of a grid
for mode in ("bilinear", "nearest", "bicubic"):
    for padding in ("zeros", "border", "reflection"):
        for corners in (True, False):
            of = f"{mode} {padding} {corners}"
            add("grid_sampler_2d", lambda x, y, m=mode, p=padding, c=corners: F.grid_sample(
                x, y, m, p, c), (2, 2, 4, 3), (2, 3, 2, 2), of=of)  # fmt: skip
            if mode != "bicubic":
                add("grid_sampler_3d", lambda x, y, m=mode, p=padding, c=corners: F.grid_sample(
                    x, y, m, p, c), (1, 2, 3, 4, 2), (1, 2, 3, 2, 3), of=of)  # fmt: skip
add("_trilinear", F.bilinear, (4, 3), (4, 2), (5, 3, 2))
add("_trilinear", lambda x, y, z: torch._trilinear(x, y, z, [1], [0], [2], [3]), (2, 3, 4),
    (5, 3, 4), (2, 5, 4), of="an axis lacks in each")  # fmt: skip
add("_trilinear", lambda x, y, z: torch._trilinear(x, y, z, [], [], [], []), (2, 3), (2, 3),
    (2, 3), of="no axis lacks")  # fmt: skip

# losses by margins
CLASSES, LABELS = (
    torch.tensor([2, 0, 1]),
    torch.tensor([[1, 3, -1, 0], [0, 1, 2, 3], [-1, 0, 1, 2]]),
)
for r in ("mean", "sum", "none"):
    for p in (1, 2):
        add("multi_margin_loss", lambda x, p=p, r=r: F.multi_margin_loss(
            x, CLASSES, p=p, margin=0.7, reduction=r), (3, 4), of=f"{r} {p}")  # fmt: skip
    add("multi_margin_loss", lambda x, r=r: F.multi_margin_loss(
        x, CLASSES, weight=ramp(4), reduction=r), (3, 4), of=f"{r}, weights")  # fmt: skip
    add("multilabel_margin_loss_forward", lambda x, r=r: F.multilabel_margin_loss(
        x, LABELS, reduction=r), (3, 4), of=r)  # fmt: skip
    add("multi_margin_loss", lambda x, r=r: F.multi_margin_loss(x, CLASSES[0], reduction=r), (4,),
        of=f"{r}, one sample")  # fmt: skip
add("multilabel_margin_loss_forward", lambda x: F.multilabel_margin_loss(x, LABELS[0]), (4,),
    of="one sample")  # fmt: skip
WORDS = torch.tensor([[1, 1, 2], [3, 2, 3], [2, 1, 0]])
LETTERS = torch.tensor([2, 2, 3, 0, 3, 2])
LONG, SHORT, SIZES = torch.tensor([[6, 5, 4], [2, 5, 4], [3, 2, 1]])
for r in ("mean", "sum", "none"):
    add("_ctc_loss", lambda x, r=r: F.ctc_loss(x.log_softmax(2), WORDS, LONG, SIZES, reduction=r),
        (6, 3, 4), of=r)  # fmt: skip
add("_ctc_loss", lambda x: F.ctc_loss(x.log_softmax(2), LETTERS, LONG, torch.tensor([2, 2, 2]),
    blank=1), (6, 3, 4), of="one list, another blank")  # fmt: skip
add("_ctc_loss", lambda x: F.ctc_loss(x.log_softmax(2), WORDS, SHORT, SIZES, zero_infinity=True),
    (6, 3, 4), of="a sample that is too short")  # fmt: skip
add("_ctc_loss", lambda x: aten._ctc_loss(x.log_softmax(2), WORDS, [6, 5, 4], [3, 2, 1])[0],
    (6, 3, 4), of="lengths as numbers")  # fmt: skip
add("_weight_norm_interface", lambda x, y: aten._weight_norm_interface(x, y, 0)[0], (4, 3, 2),
    (4, 1, 1))  # fmt: skip
add("_weight_norm_interface", lambda x, y: aten._weight_norm_interface(x, y, 2)[0], (4, 3, 2),
    (1, 1, 2), of="last axis")  # fmt: skip

# slices cut to a length
for power in (1.0, 2.0, 3.5, float("inf")):
    for dim in (0, -1):
        add("renorm", lambda x, p=power, d=dim: torch.renorm(x, p, d, 2.1), (3, 4),
            of=f"{power} {dim}")  # fmt: skip
add("renorm", lambda x: torch.renorm(x, 2, 1, 3.0), (2, 3, 4), of="three axes")
MOMENTS = Sample(
    "native_group_norm",
    "its moments used",
    lambda x, w: torch.native_group_norm(x, w, None, 2, 4, 3, 2, 1e-5),
    ((2, 4, 3), (4,)),
)
"""A call whose mean and deviation are used too, for the mutations."""
