"""Sample calls for the rows of torch's own backward: gradients that are differentiated again."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from tests.rules.samples import M23, add

D = torch.float64
aten = torch.ops.aten

for row in ("sigmoid_backward", "tanh_backward", "gelu_backward"):
    add(row, getattr(aten, row), M23, M23)
add("gelu_backward", lambda x, y: aten.gelu_backward(x, y, approximate="tanh"), M23, M23, of="tanh")
add("threshold_backward", lambda x, y: aten.threshold_backward(x, y, 0.3), M23, M23)
add("leaky_relu_backward", lambda x, y: aten.leaky_relu_backward(x, y, 0.3, False), M23, M23)
add("hardtanh_backward", lambda x, y: aten.hardtanh_backward(x, y, -1.0, 0.5), (4, 5), (4, 5))
add("softplus_backward", lambda x, y: aten.softplus_backward(x, y, 2, 1), (4, 5), (4, 5))
for row in ("_softmax_backward_data", "_log_softmax_backward_data"):
    for dim in (0, -1):
        add(row, lambda x, y, r=row, d=dim: getattr(aten, r)(x, y, d, D), (3, 4), (3, 4),
            of=f"dim {dim}")  # fmt: skip
for reduction in (0, 1, 2):
    above = M23 if reduction == 0 else ()
    add("mse_loss_backward", lambda x, y, z, r=reduction: aten.mse_loss_backward(x, y, z, r), above,
        M23, M23, of=f"{reduction}")  # fmt: skip
TARGET = torch.tensor([2, 0, -100, 1])
WEIGHT = torch.tensor([0.5, 1.0, 2.0], dtype=D)
LOGS = torch.linspace(-1, 1, 12, dtype=D).reshape(4, 3)
for reduction in (0, 1, 2):
    each: tuple[int, ...] = (4,) if reduction == 0 else ()
    for weight in (None, WEIGHT):
        total = torch.ops.aten.nll_loss_forward(LOGS, TARGET, weight, reduction, -100)[1]
        add("nll_loss_backward", lambda x, y, w=weight, r=reduction, t=total:
            aten.nll_loss_backward(x, y, TARGET, w, r, -100, t), each, (4, 3),
            of=f"{reduction} {weight is None}")  # fmt: skip
INDICES = F.max_pool2d(torch.arange(32.0, dtype=D).reshape(1, 2, 4, 4) % 7, 2, return_indices=True)
add("max_pool2d_with_indices_backward", lambda x, y: aten.max_pool2d_with_indices_backward(
    x, y, [2, 2], [2, 2], [0, 0], [1, 1], False, INDICES[1]), (1, 2, 2, 2),
    (1, 2, 4, 4))  # fmt: skip
add("select_backward", lambda x: aten.select_backward(x, [2, 3, 4], 1, 2), (2, 4))
add("slice_backward", lambda x: aten.slice_backward(x, [2, 7], 1, 1, 6, 2), (2, 3))
add("diagonal_backward", lambda x: aten.diagonal_backward(x, [2, 3, 4], 1, 1, 2), (2, 3))
add("unfold_backward", lambda x: aten.unfold_backward(x, [2, 7], 1, 3, 2), (2, 3, 3))
add("hardswish_backward", lambda x, y: aten.hardswish_backward(x, 3 * y), (4, 5), (4, 5))
add("hardswish_backward", lambda x, y: aten.hardswish_backward(x, 3.5 + 0.1 * y), M23, M23,
    of="beyond its bend")  # fmt: skip
for row in ("hardshrink_backward", "softshrink_backward"):
    add(row, lambda x, y, r=row: getattr(aten, r)(x, y, 0.7), (4, 5), (4, 5))
for row, bend in (("smooth_l1_loss_backward", 0.7), ("huber_loss_backward", 0.8)):
    for reduction in (0, 1, 2):
        each = (4, 3) if reduction == 0 else ()
        add(row, lambda x, y, z, f=row, r=reduction, b=bend: getattr(aten, f)(x, y, z, r, b), each,
            (4, 3), (4, 3), of=f"{reduction}")  # fmt: skip
CLASSES = torch.tensor([[[1, 0], [2, -100]]])
PIXELS = torch.linspace(-1, 1, 12, dtype=D).reshape(1, 3, 2, 2)
for reduction in (0, 1, 2):
    each = (1, 2, 2) if reduction == 0 else ()
    total = torch.ops.aten.nll_loss2d_forward(PIXELS, CLASSES, WEIGHT, reduction, -100)[1]
    add("nll_loss2d_backward", lambda x, y, r=reduction, t=total: aten.nll_loss2d_backward(
        x, y, CLASSES, WEIGHT, r, -100, t), each, (1, 3, 2, 2), of=f"{reduction}")  # fmt: skip
