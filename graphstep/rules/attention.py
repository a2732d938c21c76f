"""Attention: v = P z with P = softmax(scale·x yᵀ), of queries x, keys y and values z."""

from graphstep.rules.row import Row

_WEIGHTS = "attention_weights(x, y, is_causal, attn_mask, scale)"

ROWS = (
    Row(
        "_scaled_dot_product_flash_attention_for_cpu",
        f"{_WEIGHTS} @ z",
        f"attention_query(g, x, y, z, {_WEIGHTS}, scale)",
        f"attention_key(g, x, y, z, {_WEIGHTS}, scale)",
        f"unshared({_WEIGHTS}.T @ g, z)",
        tangent=f"attention_tangent(dx, dy, dz, x, y, z, {_WEIGHTS}, scale)",
    ),
)
