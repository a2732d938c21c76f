"""The functions of the rules for the backward of layer and batch norms, differentiated again.

That backward is x̄ = P(w·v̄) with P(d) = r(d - mean(d) - x̂·mean(d·x̂)), w̄ = Σ v̄·x̂ and b̄ = Σ v̄; x̂ is
(x - mean)·r and r one over the deviation. P is its own adjoint.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from graphstep.rules.functions.second import given


@dataclass(frozen=True)
class _Norm:
    """Hold x̂, r, the axes of one mean, and the axes that the weight and the bias are summed over.

    `fixed` says that the statistics are running ones, so that P(d) is r·d.
    """

    standard: Tensor
    inverse: Tensor
    dims: list[int]
    outer: list[int]
    fixed: bool
    weight: Tensor | None

    def mean(self, d: Tensor) -> Tensor:
        return d.mean(self.dims, keepdim=True)

    def project(self, d: Tensor) -> Tensor:
        if self.fixed:
            return self.inverse * d
        tilt = self.standard * self.mean(d * self.standard)
        return self.inverse * (d - self.mean(d) - tilt)

    def weighed(self, d: Tensor, weight: Tensor | None) -> Tensor:
        return d if weight is None else d * weight

    def moved(self, d: Tensor, dx: Tensor) -> Tensor:
        """Return what a change `dx` of x does to P(d)."""
        if self.fixed:
            return torch.zeros_like(d)
        turned = self.project(dx)
        shrink = -self.inverse * self.mean(self.standard * dx)
        tilts = turned * self.mean(d * self.standard) + self.standard * self.mean(d * turned)
        return shrink * self.project(d) - self.inverse * tilts

    def moved_back(self, g: Tensor, d: Tensor) -> Tensor:
        """Return what x gets of the adjoint `g` of P(d)."""
        if self.fixed:
            return torch.zeros_like(d)
        tilts = g * self.mean(d * self.standard) + d * self.mean(g * self.standard)
        shrink = self.inverse * self.standard * self.mean(g * self.project(d))
        return -self.project(self.inverse * tilts) - shrink


def layer(
    x: Tensor, mean: Tensor, inverse: Tensor, shape: Sequence[int], weight: Tensor | None
) -> _Norm:
    """Return a layer norm over the last axes, of sizes `shape`."""
    outer = list(range(x.dim() - len(shape)))
    dims = list(range(len(outer), x.dim()))
    return _Norm((x - mean) * inverse, inverse, dims, outer, False, weight)


def batch(
    x: Tensor,
    mean: Tensor,
    inverse: Tensor,
    running_mean: Tensor,
    running_var: Tensor,
    train: bool,
    eps: float,
    weight: Tensor | None,
) -> _Norm:
    """Return a batch norm, by the batch's statistics in training, else by the running ones."""
    if not train:
        mean, inverse = running_mean, 1 / (running_var + eps).sqrt()
    sizes = [-1, *[1] * (x.dim() - 2)]
    mean, inverse = mean.reshape(sizes), inverse.reshape(sizes)
    dims = [axis for axis in range(x.dim()) if axis != 1]
    along = None if weight is None else weight.reshape(sizes)
    return _Norm((x - mean) * inverse, inverse, dims, dims, not train, along)


def norm_above(gs: Sequence[Tensor], mask: Sequence[bool], norm: _Norm) -> Tensor:
    """Return w·P(ḡ) + ḡ₁·x̂ + ḡ₂ for v̄, of those that were asked."""
    image, weight, bias = given(gs, mask)
    found = torch.zeros_like(norm.standard)
    if image is not None:
        found = found + norm.weighed(norm.project(image), norm.weight)
    if weight is not None:
        found = found + _laid(weight, norm) * norm.standard
    return found if bias is None else found + _laid(bias, norm)


def norm_weight(gs: Sequence[Tensor], mask: Sequence[bool], x: Tensor, norm: _Norm) -> Tensor:
    """Return Σ v̄·P(ḡ) for the weight."""
    image = given(gs, mask)[0]
    return _summed(x * (torch.zeros_like(x) if image is None else norm.project(image)), norm)


def norm_image(gs: Sequence[Tensor], mask: Sequence[bool], x: Tensor, norm: _Norm) -> Tensor:
    """Return what the image gets: through P by ḡ, and P(ḡ₁·v̄) through x̂."""
    image, weight, _ = given(gs, mask)
    found = torch.zeros_like(x)
    if image is not None:
        found = found + norm.moved_back(image, norm.weighed(x, norm.weight))
    return found if weight is None else found + norm.project(_laid(weight, norm) * x)


def norm_back(
    mask: Sequence[bool], dx: Tensor, dy: Tensor, dw: Tensor | float, x: Tensor, norm: _Norm
) -> tuple[Tensor, ...]:
    """Return the tangents of the image's, the weight's and the bias's adjoint, as asked."""
    weighed = norm.weighed(x, norm.weight)
    change = norm.weighed(dx, norm.weight)
    if isinstance(dw, Tensor):
        change = change + x * _laid(dw, norm)
    every = (
        norm.project(change) + norm.moved(weighed, dy),
        _summed(dx * norm.standard + x * norm.project(dy), norm),
        _summed(dx, norm),
    )
    return tuple(one for one, wanted in zip(every, mask, strict=True) if wanted)


def no_gradient(g: Tensor) -> None:
    """Return None for the bias, which the backward does not read."""


def _laid(weight: Tensor, norm: _Norm) -> Tensor:
    """Lay what is summed over the outer axes beside x̂ again."""
    if norm.dims != norm.outer:
        return weight
    return weight.reshape(-1, *[1] * (norm.standard.dim() - 2))


def _summed(x: Tensor, norm: _Norm) -> Tensor:
    return x.sum(norm.outer) if norm.outer else x


FUNCTIONS: dict[str, Callable[..., Any]] = {
    "layer": layer,
    "batch": batch,
    "norm_above": norm_above,
    "norm_weight": norm_weight,
    "norm_image": norm_image,
    "norm_back": norm_back,
    "no_gradient": no_gradient,
}
