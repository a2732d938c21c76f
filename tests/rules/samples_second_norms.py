"""Sample calls for the rows of torch's backward through norms, activations and losses."""

from __future__ import annotations

from functools import partial

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.rules.samples import M23, MASK, Call, add
from tests.rules.samples_networks import ramp

D = torch.float64
aten = torch.ops.aten
ROWS = ramp(12).reshape(3, 4) ** 2


def back(function: Call, above: Tensor, *leaves: Tensor) -> tuple[Tensor, ...]:
    """Return the gradients of a function, which can be differentiated again."""
    with torch.enable_grad():
        for leaf in leaves:
            leaf.requires_grad_()
        return torch.autograd.grad(function(*leaves), leaves, above, create_graph=True)


def layer(shape: tuple[int, ...]) -> Call:
    return lambda y, w=None: F.layer_norm(y, shape, w, None if w is None else 0.5 * w.detach())


INNER: tuple[tuple[int, ...], ...] = ((4,), (3, 4), (2, 3, 4))
OUTER: tuple[tuple[int, ...], ...] = ((4, 3), (2, 3, 2, 2))
for shape in INNER:
    add("native_layer_norm_backward", lambda x, y, w, s=shape: back(layer(s), x, y, w), (2, 3, 4),
        (2, 3, 4), shape, of=f"{shape}")  # fmt: skip
add("native_layer_norm_backward", lambda x, y: back(layer((4,)), x, y), (3, 4), (3, 4),
    of="no weight")  # fmt: skip
add("native_layer_norm_backward", lambda x, y, w, b: (b * 2, *back(
    lambda y, w, b: F.layer_norm(y, (4,), w, b), x, y, w, b)), (3, 4), (3, 4), (4,), (4,),
    of="bias")  # fmt: skip
add("native_layer_norm_backward", lambda x, w: w * back(partial(F.layer_norm, ROWS, (4,)), x, w)[0],
    (3, 4), (4,), of="not the image's")  # fmt: skip
for shape in OUTER:
    for train in (True, False):
        add("native_batch_norm_backward", lambda x, y, w, t=train: back(
            lambda y, w: F.batch_norm(y, ramp(3), 2 * ramp(3), w, 0 * w.detach(), t), x, y, w),
            shape, shape, (3,), of=f"{train} {shape}")  # fmt: skip
    add("batch_norm_backward", lambda x, y, w: back(lambda y, w: aten._batch_norm_with_update(
        y, w, 0 * w.detach(), ramp(3), ramp(3), 0.1, 1e-5)[0], x, y, w), shape, shape, (3,),
        of=f"{shape}")  # fmt: skip
add("native_batch_norm_backward", lambda x, y: back(
    partial(F.batch_norm, running_mean=None, running_var=None, training=True), x, y), (4, 3),
    (4, 3), of="no weight")  # fmt: skip
for is_result in (True, False):
    add("elu_backward", lambda x, y, r=is_result: aten.elu_backward(x, 0.7, 1.5, 2.0, r, y), (4, 5),
        (4, 5), of=f"{is_result}", low=-0.9)  # fmt: skip
for dim in (0, -1):
    add("glu_backward", lambda x, y, d=dim: aten.glu_backward(x, y, d), (2, 3),
        (4, 3) if dim == 0 else (2, 6), of=f"{dim}")  # fmt: skip
add("log_sigmoid_backward", lambda x, y: aten.log_sigmoid_backward(
    x, y, torch.exp(-y.detach().abs())), M23, M23)  # fmt: skip
add("_prelu_kernel_backward", aten._prelu_kernel_backward, (4, 5), (4, 5), (4, 5))
NOISE = torch.rand(4, 5, dtype=D, generator=torch.Generator().manual_seed(0))
for training in (True, False):
    add("rrelu_with_noise_backward", lambda x, y, t=training: aten.rrelu_with_noise_backward(
        x, y, NOISE, 0.2, 0.6, t, False), (4, 5), (4, 5), of=f"{training}")  # fmt: skip
for reduction in (0, 1, 2):
    above = (2, 3) if reduction == 0 else ()
    add("soft_margin_loss_backward", lambda x, y, r=reduction: aten.soft_margin_loss_backward(
        x, y, torch.where(MASK, 1.0, -0.5).double(), r), above, M23, of=f"{reduction}")  # fmt: skip
    for weight in (None, ramp(3)):
        add("binary_cross_entropy_backward", lambda x, y, z, r=reduction, w=weight:
            aten.binary_cross_entropy_backward(x, y, z, w, r), above, M23, M23,
            of=f"{reduction} {weight is None}", low=0.2, high=0.8)  # fmt: skip
PLACES = torch.tensor([[[[0, 3], [10, 15]], [[1, 6], [8, 13]]]])
add("fractional_max_pool2d_backward", lambda x, y: aten.fractional_max_pool2d_backward(
    x, y, [2, 2], [2, 2], PLACES), (1, 2, 2, 2), (1, 2, 4, 4))  # fmt: skip
add("fractional_max_pool3d_backward", lambda x, y: aten.fractional_max_pool3d_backward(
    x, y, [2, 2, 2], [1, 2, 2], PLACES[:, :, None]), (1, 2, 1, 2, 2), (1, 2, 2, 4, 4))  # fmt: skip
add("masked_scatter_backward", lambda x: aten.masked_scatter_backward(x, MASK, [2, 2]), M23)
