"""Steps of torch's own backward through activations, losses and drawn masks, differentiated again.

Each computes v = ∂(y)·x for an adjoint x and what the operation was given or gave, y.
"""

from graphstep.rules.row import LINEAR, Row

_DRAWN = "z if training else 1 if y > 0 else (lower + upper)/2"
_FALL = "scale*alpha*input_scale*exp(input_scale*self_or_result)"
_ELU_SLOPE = (
    f"(input_scale*(self_or_result + scale*alpha) if is_result else {_FALL})"
    " if self_or_result <= 0 else scale"
)
_ELU_CURVE = f"input_scale*(1 if is_result else {_FALL}) if self_or_result < 0 else 0"
_BCE = (
    "scaled((y - z)/clip(y*(1 - y), single(1e-12)), w)*share(y, reduction)",
    "scaled((y*y - 2*y*z + z)/off_edges(y)**2, w)*share(y, reduction)",
    "scaled(-1/off_edges(y), w)*share(y, reduction)",
)
_MARGIN_CURVE = "z*z*sigmoid(y*z)*sigmoid(-y*z)*share(y, reduction)"

ROWS = (
    Row(
        "elu_backward",
        f"x*({_ELU_SLOPE})",
        _ELU_SLOPE,
        None,
        None,
        None,
        f"g*x*({_ELU_CURVE})",
        tangent=f"dx*({_ELU_SLOPE}) + x*({_ELU_CURVE})*dself_or_result",
    ),
    Row(
        "glu_backward",
        "glu_adjoint(x, y, dim)",
        "glu_tangent(g, y, dim)",
        "glu_curve(x, g, y, dim)",
        tangent="glu_adjoint(dx, y, dim) + glu_curve(x, dy, y, dim)",
    ),
    Row(
        "log_sigmoid_backward",
        "x*sigmoid(-y)",
        "sigmoid(-y)",
        "-x*sigmoid(y)*sigmoid(-y)",
        None,
        tangent="dx*sigmoid(-y) - dy*x*sigmoid(y)*sigmoid(-y)",
    ),
    Row(
        "_prelu_kernel_backward",
        None,
        "g if y >= 0 else g*z + g1*y",
        "0 if y >= 0 else x*g1",
        "0 if y >= 0 else x*g",
        tangent="both(dx if y >= 0 else dx*z + x*dz, 0 if y >= 0 else dx*y + x*dy)",
    ),
    Row(
        "rrelu_with_noise_backward",
        f"x*({_DRAWN})",
        _DRAWN,
        "0",
        None,
        tangent=f"dx*({_DRAWN})",
    ),
    Row(
        "soft_margin_loss_backward",
        "-x*z*sigmoid(-y*z)*share(y, reduction)",
        "-g*z*sigmoid(-y*z)*share(y, reduction)",
        f"g*x*{_MARGIN_CURVE}",
        tangent=f"-dx*z*sigmoid(-y*z)*share(y, reduction) + dy*x*{_MARGIN_CURVE}",
    ),
    Row(
        "binary_cross_entropy_backward",
        None,
        f"g*{_BCE[0]}",
        f"g*x*{_BCE[1]}",
        f"g*x*{_BCE[2]}",
        tangent=f"dx*{_BCE[0]} + x*(dy*{_BCE[1]} + dz*{_BCE[2]})",
    ),
    *(
        Row(
            f"fractional_max_pool{rank}d_backward",
            None,
            f"pooled(g, indices, {rank})",
            "0",
            tangent=LINEAR,
        )
        for rank in (2, 3)
    ),
    Row("masked_scatter_backward", None, "masked_scatter(zeros_like(x), mask, g)", tangent=LINEAR),
)
