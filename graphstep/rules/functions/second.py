"""The functions of the rules for steps of torch's own backward."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from graphstep.rules.functions.norms import along, per_channel
from graphstep.rules.functions.windows import convolution_input, convolution_weight


def gelu_tanh_curve(x: Tensor) -> Tensor:
    """Return the second derivative of x(1 + t)/2: (1 - t²)(u' + x(u''/2 - t·u'²)).

    t = tanh(u) with u = √(2/π)·(x + 0.044715x³).
    """
    root, cubic = math.sqrt(2 / math.pi), 0.044715
    t = torch.tanh(root * (x + cubic * x**3))
    first, second = root * (1 + 3 * cubic * x * x), 6 * root * cubic * x
    return (1 - t * t) * (first + x * (second / 2 - t * first * first))


def over_classes(x: Tensor) -> Tensor:
    """Sum over the classes: axis 1, or the only one."""
    return x.sum(1 if x.dim() > 1 else 0)


def windows_of(g: Tensor, dim: int, size: int, step: int) -> Tensor:
    """Lay out the windows of `g` along `dim`."""
    return g.unfold(dim, size, step)


def given(gs: Sequence[Tensor], mask: Sequence[bool]) -> list[Tensor | None]:
    """Return the adjoints of the image's, the weight's and the bias's, None where left out."""
    if len(gs) > sum(mask):
        # In half precision oneDNN makes the weight's along with the bias's.
        mask = (mask[0], True, mask[2])
    asked = iter(gs)
    return [next(asked) if wanted else None for wanted in mask]


def convolution_above(
    gs: Sequence[Tensor], mask: Sequence[bool], x: Tensor, y: Tensor, z: Tensor, *shape: Any
) -> Tensor:
    """Return conv(ḡ, weight) + conv(image, ḡ₁) + ḡ₂ along the channels, those that were asked."""
    image, weight, bias = given(gs, mask)
    found = torch.zeros_like(x)
    if image is not None:
        found = found + torch.convolution(image, z, None, *shape)
    if weight is not None:
        found = found + torch.convolution(y, weight, None, *shape)
    return found if bias is None else found + along(bias, x)


def convolution_image(
    gs: Sequence[Tensor], mask: Sequence[bool], x: Tensor, y: Tensor, *windows: Any
) -> Tensor | None:
    """Return what the weight's adjoint hands to the image, as if ḡ₁ were the weight."""
    weight = given(gs, mask)[1]
    return None if weight is None else convolution_input(x, y, weight, *windows)


def convolution_kernel(
    gs: Sequence[Tensor], mask: Sequence[bool], x: Tensor, z: Tensor, *windows: Any
) -> Tensor | None:
    """Return what the image's adjoint hands to the weight, as if ḡ were the image."""
    image = given(gs, mask)[0]
    return None if image is None else convolution_weight(x, image, z, *windows)


def convolution_back(
    mask: Sequence[bool],
    dx: Tensor,
    dy: Tensor,
    dz: Tensor,
    x: Tensor,
    y: Tensor,
    z: Tensor,
    *windows: Any,
) -> tuple[Tensor, ...]:
    """Return the tangents of the image's, the weight's and the bias's adjoint, as asked."""
    every = (
        convolution_input(dx, y, z, *windows) + convolution_input(x, y, dz, *windows),
        convolution_weight(dx, y, z, *windows) + convolution_weight(x, dy, z, *windows),
        per_channel(dx),
    )
    return tuple(one for one, wanted in zip(every, mask, strict=True) if wanted)


def nearer(x: Tensor, y: Tensor, bound: float) -> Tensor:
    """Tell where |x - y| is below a bound."""
    return (x - y).abs() < bound


def evenly_pooled2d(g: Tensor, x: Tensor) -> Tensor:
    """Pool the image g to the size of x."""
    found: Tensor = torch.ops.aten._adaptive_avg_pool2d(g, x.shape[-2:])
    return found


def evenly_pooled3d(g: Tensor, x: Tensor) -> Tensor:
    """Pool the volume g to the size of x."""
    found: Tensor = torch.ops.aten._adaptive_avg_pool3d(g, x.shape[-3:])
    return found


def resampled(
    g: Tensor, name: str, size: Sequence[int], corners: bool, *scales: float | None
) -> Tensor:
    """Interpolate the image g to `size`."""
    align = () if "nearest" in name else (corners,)
    found: Tensor = getattr(torch.ops.aten, name)(g, size, *align, *scales)
    return found


def laid_around(g: Tensor, padding: Sequence[int], mode: str) -> Tensor:
    """Lay elements of g around it."""
    return F.pad(g, list(padding), mode)


def looked_up(g: Tensor, indices: Tensor, padding_idx: int) -> Tensor:
    """Look rows of g up, none for the padding; torch never scales them by how often they are."""
    return torch.where((indices == padding_idx).unsqueeze(-1), 0.0, g[indices])


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "gelu_tanh_curve": gelu_tanh_curve,
    "over_classes": over_classes,
    "windows_of": windows_of,
    "convolution_above": convolution_above,
    "convolution_image": convolution_image,
    "convolution_kernel": convolution_kernel,
    "convolution_back": convolution_back,
    "nearer": nearer,
    "evenly_pooled2d": evenly_pooled2d,
    "evenly_pooled3d": evenly_pooled3d,
    "avg_pool2d": torch.ops.aten.avg_pool2d,
    "avg_pool3d": torch.ops.aten.avg_pool3d,
    "resampled": resampled,
    "laid_around": laid_around,
    "looked_up": looked_up,
}
