"""Stand-ins on the cpu for the attention kernels of cuda: torch's composite of plain steps."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from tests.rules.stand_ins import NOTHING, adjoints, forward, listed, stand_in


def _attention(bias: Any, causal: bool, scale: float | None) -> Callable[..., Tensor]:
    def attend(q: Tensor, k: Tensor, v: Tensor, bias: Any = bias) -> Tensor:
        times = q.shape[1] // k.shape[1]
        k, v = (one.repeat_interleave(times, 1) for one in (k, v))
        math = torch.ops.aten._scaled_dot_product_attention_math
        found: Tensor = math(q, k, v, bias, is_causal=causal, scale=scale)[0]
        return found

    return attend


_REST = (NOTHING, None, None, 0, 0, NOTHING, NOTHING, NOTHING)


def _flash(
    q: Tensor, k: Tensor, v: Tensor, _: float = 0.0, causal: bool = False, _d: bool = False, *,
    scale: float | None = None,
) -> Any:  # fmt: skip
    return *forward(_attention(None, causal, scale), q, k, v), *_REST


def _flash_backward(
    g: Tensor, q: Tensor, k: Tensor, v: Tensor, *more: Any, scale: float | None = None
) -> Any:
    causal = more[7]
    return tuple(adjoints(_attention(None, causal, scale), (q, k, v), (g,)))


def _efficient(
    q: Tensor, k: Tensor, v: Tensor, bias: Any, _: bool, _p: float = 0.0, causal: bool = False, *,
    scale: float | None = None,
) -> Any:  # fmt: skip
    made = forward(_attention(bias, causal, scale), q, k, v)
    return *made, NOTHING, NOTHING, NOTHING


def _efficient_backward(
    g: Tensor, q: Tensor, k: Tensor, v: Tensor, bias: Any, *more: Any, scale: float | None = None
) -> Any:
    causal = more[6] if len(more) > 6 else False
    operands = (q, k, v, bias)
    return tuple(listed(adjoints(_attention(None, causal, scale), operands, (g,)), operands))


def _cudnn(
    q: Tensor, k: Tensor, v: Tensor, bias: Any, _: bool, _p: float = 0.0, causal: bool = False,
    _d: bool = False, *, scale: float | None = None,
) -> Any:  # fmt: skip
    return *forward(_attention(bias, causal, scale), q, k, v), *_REST


def _cudnn_backward(
    g: Tensor, q: Tensor, k: Tensor, v: Tensor, *more: Any, scale: float | None = None
) -> Any:
    bias, causal = more[4], more[10]
    return tuple(adjoints(_attention(bias, causal, scale), (q, k, v), (g,)))


stand_in(
    _scaled_dot_product_flash_attention=_flash,
    _scaled_dot_product_flash_attention_backward=_flash_backward,
    _scaled_dot_product_efficient_attention=_efficient,
    _scaled_dot_product_efficient_attention_backward=_efficient_backward,
    _scaled_dot_product_cudnn_attention=_cudnn,
    _scaled_dot_product_cudnn_attention_backward=_cudnn_backward,
)
