"""Samples of reductions, products of matrices and losses."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from tests.rules.samples import add, add_each

# reductions
for row in ("sum", "mean"):
    function = getattr(torch, row)
    add_each(
        row,
        ((2, 3, 4),),
        all=function,
        first=lambda x, f=function: f(x, 0),
        negative=lambda x, f=function: f(x, -1),
        keepdim=lambda x, f=function: f(x, 1, keepdim=True),
        two=lambda x, f=function: f(x, (0, -1)),
        two_kept=lambda x, f=function: f(x, (-1, 0), keepdim=True),
        dtype=lambda x, f=function: f(x, dtype=torch.float64),
        none=lambda x, f=function: f(x, dim=()),
    )
    add(row, function, (), of="0-d")
    add(row, lambda x, f=function: f(x, 0), (), of="0-d over 0")
    add(row, lambda x, f=function: f(x, 1), (3, 1), of="over one element")
add("sum", torch.sum, (0, 3), of="empty")
add("sum", lambda x: x.sum(0), (0, 3), of="over nothing")
for row, function in (("_softmax", torch.softmax), ("_log_softmax", torch.log_softmax)):
    for dim in (0, 1, -1):
        add(row, lambda x, f=function, d=dim: f(x, d), (2, 3, 4), of=f"dim {dim}")
    add(row, lambda x, f=function: f(x, 0), (3,), of="vector")
    add(row, lambda x, f=function: f(x, 0), (), of="0-d")

# linear algebra
add("mm", torch.mm, (2, 3), (3, 4))
add("mm", lambda x, y: x @ y, (2, 3), (3, 4), of="operator")
add("mm", lambda x: x @ x, (3, 3), of="with itself")
add("mm", lambda x: x @ torch.ones(3, 2, dtype=torch.float64), (2, 3), of="by a constant")
add("mm", torch.mm, (2, 0), (0, 4), of="inner size 0")
add("bmm", torch.bmm, (5, 2, 3), (5, 3, 4))
add("bmm", torch.matmul, (5, 2, 3), (5, 3, 4), of="matmul")
add("mv", torch.mv, (2, 3), (3,))
add("mv", lambda x, y: x @ y, (2, 3), (3,), of="operator")
add("dot", torch.dot, (3,), (3,))
add("dot", lambda x: x @ x, (3,), of="with itself")
add("addmm", torch.addmm, (4,), (2, 3), (3, 4), of="bias")
add("addmm", torch.addmm, (2, 4), (2, 3), (3, 4), of="matrix")
add("addmm", torch.addmm, (), (2, 3), (3, 4), of="0-d")
add("addmm", lambda x, y, z: torch.addmm(x, y, z, beta=2, alpha=-0.5), (2, 1), (2, 3), (3, 4),
    of="factors")  # fmt: skip
add("addmm", lambda x, y, z: (x * 1).addmm_(y, z), (2, 4), (2, 3), (3, 4), of="in place")
add("addmm", F.linear, (5, 3), (4, 3), (4,), of="linear")
add("baddbmm", torch.baddbmm, (5, 2, 4), (5, 2, 3), (5, 3, 4))
add("baddbmm", lambda x, y, z: torch.baddbmm(x, y, z, beta=0.5, alpha=2), (4,), (5, 2, 3),
    (5, 3, 4), of="factors")  # fmt: skip

# losses
TARGET = torch.tensor([2, 0, -100, 1])
WEIGHT = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
for reduction in ("mean", "sum", "none"):
    add("nll_loss_forward", lambda x, r=reduction: F.nll_loss(x, TARGET, reduction=r), (4, 3),
        of=reduction)  # fmt: skip
    add("nll_loss_forward",
        lambda x, r=reduction: F.nll_loss(x, TARGET.clamp(0), weight=WEIGHT, reduction=r), (4, 3),
        of=f"{reduction}, weights")  # fmt: skip
    add("mse_loss", lambda x, y, r=reduction: F.mse_loss(x, y, reduction=r), (2, 3), (2, 3),
        of=reduction)  # fmt: skip
    add("mse_loss", lambda x, r=reduction: F.mse_loss(x, torch.ones_like(x), reduction=r), (2, 3),
        of=f"{reduction}, constant target")  # fmt: skip
add("nll_loss_forward", lambda x: F.nll_loss(x, torch.tensor(1)), (3,), of="one sample")
add("nll_loss_forward", lambda x: F.nll_loss(x, TARGET.clamp(0), ignore_index=2), (4, 3),
    of="ignore_index")  # fmt: skip
add("nll_loss_forward", lambda x: F.cross_entropy(x, TARGET), (4, 3), of="cross_entropy")
