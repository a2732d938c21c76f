"""The functions of the rules that serve more than one family."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

Number = float | Tensor


def choose(condition: Any, yes: Callable[[], Any], no: Callable[[], Any]) -> Any:
    """Return `yes` where the condition holds and `no` elsewhere, element by element.

    A condition that is no tensor decides for all elements, and the other side is not evaluated.
    """
    if isinstance(condition, Tensor):
        one, other = yes(), no()
        if isinstance(one, float) and isinstance(other, (int, float)):
            # torch.where would round plain numbers to float32.
            one = torch.tensor(one, dtype=torch.float64, device=condition.device)
        elif isinstance(other, float) and isinstance(one, int):
            other = torch.tensor(other, dtype=torch.float64, device=condition.device)
        return torch.where(condition, one, other)
    return yes() if condition else no()


def times(factor: Any, other: Any) -> Any:
    """Return the product, without a pass over `other` where the factor is a plain 1."""
    return other if type(factor) in (int, float) and factor == 1 else factor * other


def _elementwise(
    tensor_function: Callable[[Tensor], Tensor],
) -> Callable[[Number], Number]:
    """Let a torch function take plain numbers too, in double precision."""

    def apply(x: Number) -> Number:
        if isinstance(x, Tensor):
            return tensor_function(x)
        return float(tensor_function(torch.tensor(x, dtype=torch.float64)))

    return apply


def spread(g: Tensor, x: Tensor, dim: int | Sequence[int] | None, keepdim: bool | None) -> Tensor:
    """Give every element of `x` the adjoint of the sum that it went into."""
    if not keepdim:
        for axis in sorted(axes(dim, x.dim())):
            g = g.unsqueeze(axis)
    return g.expand(x.shape)


def count(x: Tensor, dim: int | Sequence[int] | None) -> int:
    """Return how many elements of `x` go into one result of a reduction over `dim`."""
    return math.prod(x.shape[axis] for axis in axes(dim, x.dim()))


def axes(dim: int | Sequence[int] | None, rank: int) -> list[int]:
    """Return the axes that `dim` names, all where it is None or empty, counted from the front."""
    if dim is None or (not isinstance(dim, int) and len(dim) == 0):
        return list(range(rank))
    chosen = [dim] if isinstance(dim, int) else list(dim)
    return [axis % rank for axis in chosen] if rank else []


def like(g: Tensor, x: Tensor) -> Tensor:
    """Give `g` the shape of `x`."""
    return g.reshape(x.shape)


def transpose(g: Tensor, dim0: int, dim1: int) -> Tensor:
    """Swap two axes."""
    return g.transpose(dim0, dim1)


def unpermute(g: Tensor, dims: Sequence[int]) -> Tensor:
    """Undo a permutation of axes."""
    rank = len(dims)
    return g.permute(sorted(range(rank), key=lambda axis: dims[axis] % rank))


def put_select(g: Tensor, x: Tensor, dim: int, index: int) -> Tensor:
    """Put `g` at `index` along `dim` of zeros shaped like `x`."""
    return torch.select_scatter(_zeros(g, x), g, dim, index)


def put_slice(
    g: Tensor, x: Tensor, dim: int | None, start: int | None, end: int | None, step: int | None
) -> Tensor:
    """Put `g` at `start:end:step` along `dim` of zeros shaped like `x`."""
    return torch.slice_scatter(_zeros(g, x), g, dim or 0, start, end, 1 if step is None else step)


def put_index(g: Tensor, x: Tensor, indices: Sequence[Tensor | None]) -> Tensor:
    """Add `g` at the indexed places of zeros shaped like `x`, repeated places adding up."""
    places = torch.arange(x.numel(), device=x.device).reshape(x.shape)
    taken = places[tuple(slice(None) if i is None else i for i in indices)]
    flat = torch.zeros(x.numel(), dtype=g.dtype, device=g.device)
    return flat.index_add(0, taken.reshape(-1), g.reshape(-1)).reshape(x.shape)


def part(g: Tensor, xs: Sequence[Tensor], k: int, dim: int | None) -> Tensor:
    """Cut from `g` what member `k` of a concatenation along `dim` became."""
    axis = (dim or 0) % max(g.dim(), 1)
    if xs[k].dim() == 1 and xs[k].numel() == 0:
        return xs[k].new_zeros(xs[k].shape, dtype=g.dtype)
    before = sum(0 if x.dim() == 1 and x.numel() == 0 else x.shape[axis] for x in xs[:k])
    return g.narrow(axis, before, xs[k].shape[axis])


def pick(g: Tensor, dim: int | None, k: int) -> Tensor:
    """Take slice `k` along `dim`."""
    return g.select(dim or 0, k)


def join(gs: Sequence[Tensor], dim: int | None) -> Tensor:
    """Lay the adjoints of the pieces of a split side by side again."""
    return torch.cat(list(gs), dim or 0)


def pile(gs: Sequence[Tensor], dim: int | None) -> Tensor:
    """Stack the adjoints of the slices of an unbind again."""
    return torch.stack(list(gs), dim or 0)


def transposed(x: Tensor) -> Tensor:
    """Swap the last two axes, as `.T` in a rule means; a vector is its own transpose."""
    return x.mT if x.dim() > 1 else x


def outer(x: Tensor, y: Tensor) -> Tensor:
    """Return the outer product of two vectors."""
    return torch.outer(x, y)


def laid(x: Tensor, dims: Sequence[int]) -> Tensor:
    """Give `x` new axes of size 1 at `dims`."""
    for axis in sorted(dims):
        x = x.unsqueeze(axis)
    return x


def summed_over(x: Tensor, dims: Sequence[int]) -> Tensor:
    """Sum over `dims`, over none where it is empty."""
    return x.sum(list(dims)) if len(dims) else x


def total(x: Tensor, dim: int | Sequence[int] | None) -> Tensor:
    """Sum over `dim`, keeping the axis."""
    return x.sum(dim=axes(dim, x.dim()), keepdim=True)


def Phi(x: Tensor) -> Tensor:
    """Return the normal distribution function (1 + erf(x/√2))/2."""
    return 0.5 * (1 + torch.erf(x * math.sqrt(0.5)))


def phi(x: Tensor) -> Tensor:
    """Return the normal density exp(-x²/2)/√(2π)."""
    return torch.exp(-0.5 * x * x) / math.sqrt(2 * math.pi)


def gelu_tanh_slope(x: Tensor) -> Tensor:
    """Return (1 + t)/2 + x(1 - t²)u'/2 with t = tanh(u), u = √(2/π)·(x + 0.044715x³)."""
    root, cubic = math.sqrt(2 / math.pi), 0.044715
    t = torch.tanh(root * (x + cubic * x**3))
    return 0.5 * (1 + t) + 0.5 * x * (1 - t * t) * root * (1 + 3 * cubic * x * x)


def at_origin(x: Number, y: Number) -> Any:
    """Tell where x² + y² is 0."""
    return x * x + y * y == 0


def floored(x: Number, y: Number) -> Tensor:
    """Return x/y rounded down."""
    return torch.div(*_tensors(x, y), rounding_mode="floor")


def truncated(x: Number, y: Number) -> Tensor:
    """Return x/y rounded towards 0."""
    return torch.div(*_tensors(x, y), rounding_mode="trunc")


def _tensors(x: Number, y: Number) -> tuple[Tensor, Tensor]:
    like = x if isinstance(x, Tensor) else y
    assert isinstance(like, Tensor)
    return torch.as_tensor(x, device=like.device), torch.as_tensor(y, device=like.device)


def _zeros(g: Tensor, x: Tensor) -> Tensor:
    return torch.zeros(x.shape, dtype=g.dtype, device=g.device)


FUNCTIONS: dict[str, Callable[..., Any]] = {
    **{
        name: _elementwise(getattr(torch, name))
        for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "tanh", "sinh", "cosh",
                     "sigmoid", "abs", "erf", "log1p", "digamma", "isfinite")
    },
    # torch's `sgn` is its `sign` for real numbers, and x/|x| for complex ones.
    "sign": _elementwise(torch.sgn),
    "trigamma": lambda x: torch.polygamma(1, x),
    "Phi": Phi,
    "phi": phi,
    "gelu_tanh_slope": gelu_tanh_slope,
    "xlogy": torch.xlogy,
    "at_origin": at_origin,
    "floored": floored,
    "truncated": truncated,
    "where": torch.where,
    "spread": spread,
    "count": count,
    "like": like,
    "transpose": transpose,
    "unpermute": unpermute,
    "join": join,
    "pile": pile,
    "outer": outer,
    "put_select": put_select,
    "put_slice": put_slice,
    "put_index": put_index,
    "part": part,
    "pick": pick,
    "laid": laid,
    "summed_over": summed_over,
    "total": total,
}  # fmt: skip
