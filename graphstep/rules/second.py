"""Steps of torch's own backward, where a gradient is differentiated again (`create_graph`).

Each computes v = ∂(y)·x for an adjoint x and what the operation was given or gave, y.
"""

from graphstep.rules.row import LINEAR, Row
from graphstep.rules.windows import INTERPOLATIONS, SHAPE, SIZES

_NLL = (
    "-over_classes(onehot(y, target, ignore_index, weight)*g)"
    "/(total_weight if reduction == 1 else 1)"
)
_WINDOWS = "stride, padding, dilation, transposed, groups"

ROWS = (
    Row("sigmoid_backward", "x*y*(1 - y)", "y*(1 - y)", "x*(1 - 2*y)"),
    Row("tanh_backward", "x*(1 - y**2)", "1 - y**2", "-2*x*y"),
    Row("threshold_backward", "x if y > threshold else 0", "0 if y <= threshold else 1", "0"),
    Row(
        "leaky_relu_backward",
        "x if y > 0 else negative_slope*x",
        "1 if y > 0 else negative_slope",
        "0",
    ),
    Row(
        "hardtanh_backward",
        "x if (y > min_val) & (y < max_val) else 0",
        "0 if (y <= min_val) | (y >= max_val) else 1",
        "0",
    ),
    Row(
        "softplus_backward",
        "x if beta*y > threshold else x*sigmoid(beta*y)",
        "1 if beta*y > threshold else sigmoid(beta*y)",
        "0 if beta*y >= threshold else x*(beta*sigmoid(beta*y)*(1 - sigmoid(beta*y)))",
    ),
    Row(
        "gelu_backward",
        "x*(Phi(y) + y*phi(y)) if approximate == 'none' else x*gelu_tanh_slope(y)",
        "Phi(y) + y*phi(y) if approximate == 'none' else gelu_tanh_slope(y)",
        "x*phi(y)*(2 - y**2) if approximate == 'none' else x*gelu_tanh_curve(y)",
    ),
    Row(
        "_softmax_backward_data",
        "y*(x - total(x*y, dim))",
        "y*(g - total(g*y, dim))",
        "g*(x - total(x*y, dim)) - x*total(g*y, dim)",
        tangent="y*(dx - total(dx*y + x*dy, dim)) + dy*(x - total(x*y, dim))",
    ),
    Row(
        "_log_softmax_backward_data",
        "x - exp(y)*total(x, dim)",
        "g - total(g*exp(y), dim)",
        "-g*exp(y)*total(x, dim)",
        tangent="dx - exp(y)*(total(dx, dim) + dy*total(x, dim))",
    ),
    Row(
        "mse_loss_backward",
        None,
        "g*2*(y - z)*share(y, reduction)",
        "g*2*x*share(y, reduction)",
        "-g*2*x*share(y, reduction)",
        tangent="2*(dx*(y - z) + x*(dy - dz))*share(y, reduction)",
    ),
    Row("nll_loss_backward", None, _NLL, "0", tangent=LINEAR),
    Row("select_backward", None, "pick(g, dim, index)", tangent=LINEAR),
    Row("slice_backward", None, "slice_of(g, dim, start, end, step)", tangent=LINEAR),
    Row("diagonal_backward", None, "diagonal(g, offset, dim1, dim2)", tangent=LINEAR),
    Row("unfold_backward", None, "windows_of(g, dim, size, step)", tangent=LINEAR),
    # activations and losses
    Row(
        "hardswish_backward",
        None,
        "0 if y <= -3 else 1 if y >= 3 else y/3 + 1/2",
        "x/3 if (y > -3) & (y < 3) else 0",
    ),
    *(
        Row(f"{name}_backward", "x if abs(y) > lambd else 0", "0 if abs(y) <= lambd else 1", "0")
        for name in ("hardshrink", "softshrink")
    ),
    *(
        Row(
            f"{name}_backward",
            None,
            f"g*clip({away}, -{most}, {most})*share(y, reduction)",
            f"g*x*{slope}*share(self, reduction)",
            f"-g*x*{slope}*share(self, reduction)",
            tangent=f"(dx*clip({away}, -{most}, {most}) + x*{slope}*(dy - dz))*share(y, reduction)",
        )
        for name, away, most, slope in (
            (
                "smooth_l1_loss",
                "(y - z)/beta",
                "1",
                "(1/beta if nearer(self, target, beta) else 0)",
            ),
            ("huber_loss", "y - z", "delta", "(1 if nearer(self, target, delta) else 0)"),
        )
    ),
    Row("nll_loss2d_backward", None, _NLL, "0", tangent=LINEAR),
    # convolutions: the image's and the weight's adjoints are linear in x and in the other of both
    Row(
        "convolution_backward",
        None,
        f"convolution_above(gs, output_mask, x, y, z, {SHAPE})",
        f"convolution_image(gs, output_mask, x, y, {_WINDOWS})",
        f"convolution_kernel(gs, output_mask, x, z, {_WINDOWS})",
        tangent=f"convolution_back(output_mask, dx, dy, dz, x, y, z, {_WINDOWS})",
    ),
    # windows: the adjoint of an adjoint is what the operation does
    *(
        Row(
            f"avg_pool{rank}d_backward",
            None,
            f"avg_pool{rank}d(g, kernel_size, stride, padding, ceil_mode, count_include_pad,"
            " divisor_override)",
            "0",
            tangent=LINEAR,
        )
        for rank in (2, 3)
    ),
    *(
        Row(
            f"_adaptive_avg_pool{rank}d_backward",
            None,
            f"evenly_pooled{rank}d(g, x)",
            "0",
            tangent=LINEAR,
        )
        for rank in (2, 3)
    ),
    *(
        Row(f"{name}_backward", None, f"pooled(g, indices, {rank})", "0", tangent=LINEAR)
        for rank in (2, 3)
        for name in (f"max_pool{rank}d_with_indices", f"adaptive_max_pool{rank}d")
    ),
    *(
        Row(
            f"{name}_backward",
            None,
            f"resampled(g, '{name}', output_size, {corners}, {SIZES[rank]})",
            tangent=LINEAR,
        )
        for name, _, rank, corners in INTERPOLATIONS
    ),
    *(
        Row(
            f"{kind}_pad{rank}d_backward",
            None,
            f"laid_around(g, padding, '{mode}')",
            "0",
            tangent=LINEAR,
        )
        for kind, mode in (("reflection", "reflect"), ("replication", "replicate"))
        for rank in (1, 2, 3)
    ),
    Row(
        "embedding_dense_backward",
        None,
        "looked_up(g, indices, padding_idx)",
        tangent=LINEAR,
    ),
)
