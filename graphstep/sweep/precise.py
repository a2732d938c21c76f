"""What runs in float64 in place of a kernel that takes half and single precision only."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from torch.nn import functional as F

from graphstep.recording.internals import base_name
from graphstep.rules.scope import signature

if TYPE_CHECKING:
    from torch._ops import OpOverload

_ATTENTION = frozenset(
    f"_scaled_dot_product_{kernel}_attention" for kernel in ("flash", "efficient", "cudnn")
)


def precise_form(function: OpOverload) -> Callable[..., Any] | None:
    """Return torch's plain steps for a kernel of attention on cuda, None for any other operation.

    They make the first result only, the one that is differentiable.
    """
    if base_name(function) not in _ATTENTION:
        return None
    names = signature(function).positional

    def attention(*args: Any, scale: float | None = None) -> Any:
        # Not at the top: seldom needed.
        from torch.nn.attention import SDPBackend, sdpa_kernel

        named = dict(zip(names, args, strict=False))
        query, key, value = args[:3]
        with sdpa_kernel(SDPBackend.MATH):
            return F.scaled_dot_product_attention(
                query,
                key,
                value,
                named.get("attn_bias"),
                is_causal=named.get("is_causal", False),
                scale=scale,
                enable_gqa=query.shape[1] != key.shape[1],
            )

    return attention
