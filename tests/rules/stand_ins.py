"""Stand-ins on the cpu for kernels that only cuda has: torch's own composites, and its autograd.

With them an operation runs, records and differentiates here as it does there, so that its row is
held against torch without a cuda device; tests/cuda holds it against the kernel itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import torch
from torch import Tensor
from torch.library import Library

_LIBRARY = Library("aten", "IMPL")
NOTHING = torch.empty(0)


def forward(function: Callable[..., Any], *args: Any) -> tuple[Tensor, ...]:
    """Run a composite below autograd: its results."""
    with torch.no_grad():
        found = function(*args)
    return (found,) if isinstance(found, Tensor) else tuple(found)


def adjoints(
    function: Callable[..., Any], operands: Sequence[Tensor | None], gs: Sequence[Tensor | None]
) -> list[Tensor]:
    """Return torch's gradients of a composite; its autograd watches in a thread of its own."""

    def engine() -> list[Tensor]:
        leaves = [None if x is None else x.detach().requires_grad_() for x in operands]
        found = function(*leaves)
        results = (found,) if isinstance(found, Tensor) else found
        pairs = [(v, g) for v, g in zip(results, gs, strict=False) if g is not None]
        wanted = [x for x in leaves if x is not None]
        made = torch.autograd.grad(
            [v for v, _ in pairs], wanted, [g for _, g in pairs], materialize_grads=True
        )
        return list(made)

    with ThreadPoolExecutor(1) as pool:
        return pool.submit(engine).result()


def listed(made: list[Tensor], operands: Sequence[Tensor | None]) -> list[Tensor | None]:
    """Put None back where there was no operand."""
    rest = iter(made)
    return [None if x is None else next(rest) for x in operands]


def stand_in(**kernels: Callable[..., Any]) -> None:
    """Make functions the cpu's kernels of the operations of these names, where torch has such."""
    for name, kernel in kernels.items():
        if hasattr(torch.ops.aten, name):
            _LIBRARY.impl(name, kernel, "CPU")


def _batch_norm(*given: Any) -> tuple[Tensor, ...]:
    return *torch.native_batch_norm(*given), NOTHING.to(torch.uint8)


def _batch_norm_backward(x: Tensor, g: Tensor, *given: Any) -> tuple[Tensor, ...]:
    *known, eps, _ = given
    found: tuple[Tensor, ...] = torch.ops.aten.native_batch_norm_backward(
        g, x, *known, True, eps, [True] * 3
    )
    return found


def _rms_norm(x: Tensor, shape: list[int], w: Any, eps: float | None) -> tuple[Tensor, ...]:
    square = x.square().mean(list(range(-len(shape), 0)), keepdim=True)
    root = (square + (torch.finfo(x.dtype).eps if eps is None else eps)).rsqrt()
    return x * root if w is None else x * root * w, root


def _rms_norm_backward(
    g: Tensor, x: Tensor, shape: list[int], root: Tensor, w: Any, wanted: list[bool]
) -> tuple[Tensor | None, ...]:
    def composite(x: Tensor, w: Any) -> Tensor:
        # One over the root as it was found, followed back to x.
        square = x.square().mean(list(range(-len(shape), 0)), keepdim=True)
        again = (square + (root**-2 - square).detach()).rsqrt()
        return x * again if w is None else x * again * w

    return tuple(listed(adjoints(composite, (x, w), (g,)), (x, w)))


def _grid(x: Tensor, grid: Tensor) -> Tensor:
    return torch.grid_sampler(x, grid, 0, 0, True)


def _grid_backward(x: Tensor, grid: Tensor, g: Tensor) -> tuple[Tensor, ...]:
    return tuple(adjoints(_grid, (x, grid), (g,)))


def _dropout(x: Tensor, p: float, _: Any = None) -> tuple[Tensor, ...]:
    mask = torch.rand_like(x) < p
    return x * mask / p, mask.to(torch.uint8)


stand_in(
    cudnn_batch_norm=_batch_norm,
    cudnn_batch_norm_backward=_batch_norm_backward,
    _fused_rms_norm=_rms_norm,
    _fused_rms_norm_backward=_rms_norm_backward,
    cudnn_grid_sampler=lambda x, grid: forward(_grid, x, grid)[0],
    cudnn_grid_sampler_backward=_grid_backward,
    _fused_dropout=_dropout,
    _masked_scale=lambda g, mask, scale: g * mask * scale,
)
