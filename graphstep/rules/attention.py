"""Attention: v = P z with P = softmax(scale·x yᵀ + mask), of queries x, keys y and values z."""

from graphstep.rules.row import Row


def _attention(name: str, mask: str, *, bias: bool = False) -> Row:
    """Return the row of one of torch's kernels, which differ in how a mask is given, if at all.

    With `bias` the mask, their fourth operand, has an adjoint too: that of the scores.
    """
    weights = f"attention_weights(x, y, is_causal, {mask}, scale)"
    moved = f"attention_tangent(dx, dy, dz, x, y, z, {weights}, scale{', dw' * bias})"
    return Row(
        name,
        f"{weights} @ z",
        f"attention_query(g, x, y, z, {weights}, scale)",
        f"attention_key(g, x, y, z, {weights}, scale)",
        f"unshared({weights}.T @ g, z)",
        *([f"attention_scores(g, {weights}, z)"] if bias else []),
        tangent=moved,
    )


ROWS = (
    _attention("_scaled_dot_product_flash_attention_for_cpu", "attn_mask"),
    _attention("_scaled_dot_product_flash_attention", "None"),
    _attention("_scaled_dot_product_efficient_attention", "attn_bias", bias=True),
    _attention("_scaled_dot_product_cudnn_attention", "attn_bias"),
)
