"""Broken texts of rows that mean the same as the sound ones, and harmless conventions."""

from __future__ import annotations

from graphstep.rules.table import FAMILIES

SOUND_HERE = {
    "as_strided", "cholesky", "cholesky_inverse", "cholesky_solve", "linalg_cholesky_ex",
    "_ctc_loss", "_linalg_eigh", "max_unpool2d", "max_unpool3d", "scatter_reduce",
    "triangular_solve", *(row.name for row in FAMILIES["roundings to a few levels"]),
}  # fmt: skip
"""Their conventions change nothing in the samples: no elements meet, operands are symmetric or
triangular as said, torch's forward mode is not asked, and a tangent goes straight through too."""
CONTRACT = "a text without g is a local partial, which the sweep multiplies by g"
_SYMMETRIC = "the dot product is symmetric"
EQUIVALENT: dict[tuple[str, str, str], str] = {
    (
        "std", "x",
        "spread(1 if v == 0 else g / (2 * v), x, dim, keepdim)"
        " * variance_slope(x, dim, correction)",
    ): "where the deviation is 0, so is x - mean: any finite factor gives 0",
    (
        "sinc", "x",
        "0 if x * x == 0 else (pi * x * cos(pi * x) - sin(pi * x)) / (x * x * pi)",
    ): "π·x² is 0 where x² is",
    ("copysign", "x", "0 if x == 0 else x / v"): "v/x is 1 or -1, its own reciprocal",
    (
        "std_mean", "x",
        "where_asked(spread(g, x, dim, keepdim), spread(1 if v == 0 else 1 / (2 * v), x, dim,"
        " keepdim) * variance_slope(x, dim, correction)) + spread(g1, x, dim, keepdim)"
        " / count(x, dim)",
    ): "where the deviation is 0, so is x - mean: any finite factor gives 0",
    (
        "_linalg_det", "x",
        "0 if each_matrix(v) == 1 else each_matrix(g) * cofactors(x)",
    ): "torch's 0 differs from the cofactors at rank n - 1 only, where it is no derivative",
    (
        "_linalg_slogdet", "tangent",
        "2*(both(turning(inner(inverse(x).T, dx), v), real(inner(inverse(x).T, dx))))",
    ): "twice a pair is the pair and itself again, for results that nothing uses",
    (
        "linalg_lstsq", "tangent", "2*(least_squares_tangent(dx, dy, x, y, v, v1))",
    ): "twice a pair is the pair and itself again, for results that nothing uses",
    (
        "_thnn_fused_lstm_cell", "tangent",
        "cell_tangent('lstm', dy + dw, dx + dhidden_bias, dz, input_gates, hidden_gates, cx,"
        " input_bias, hidden_bias)",
    ): "an LSTM's gates take the sum of both",
    ("nextafter", "x", "1 if y != x else 0"): "to be unequal is symmetric",
    ("tanh_backward", "y", "-2 * y * x"): "the product is symmetric",
    ("dot", "tangent", "y @ dx + x @ dy"): _SYMMETRIC,
    ("dot", "tangent", "dx @ y + dy @ x"): _SYMMETRIC,
    ("vdot", "tangent", "y @ conj(dx) + conj(x) @ dy"): _SYMMETRIC,
    ("vdot", "tangent", "conj(dx) @ y + dy @ conj(x)"): _SYMMETRIC,
}  # fmt: skip
"""Broken texts that mean the same as the sound ones, and why; each is also found equal in value."""
