"""Steps of torch's own backward, where a gradient is differentiated again (`create_graph`).

Each computes v = ∂(y)·x for an adjoint x and what the operation was given or gave, y.
"""

from graphstep.rules.row import LINEAR, Row

_NLL = (
    "-over_classes(onehot(y, target, ignore_index, weight)*g)"
    "/(total_weight if reduction == 1 else 1)"
)

ROWS = (
    Row("sigmoid_backward", "x*y*(1 - y)", "y*(1 - y)", "x*(1 - 2*y)"),
    Row("tanh_backward", "x*(1 - y**2)", "1 - y**2", "-2*x*y"),
    Row("threshold_backward", "x if y > threshold else 0", "0 if y <= threshold else 1", "0"),
    Row("leaky_relu_backward", "x if y > 0 else negative_slope*x",
        "1 if y > 0 else negative_slope", "0"),
    Row("hardtanh_backward", "x if (y > min_val) & (y < max_val) else 0",
        "0 if (y <= min_val) | (y >= max_val) else 1", "0"),
    Row("softplus_backward", "x if beta*y > threshold else x*sigmoid(beta*y)",
        "1 if beta*y > threshold else sigmoid(beta*y)",
        "0 if beta*y >= threshold else x*beta*sigmoid(beta*y)*(1 - sigmoid(beta*y))"),
    Row("gelu_backward", "x*(Phi(y) + y*phi(y)) if approximate == 'none' else x*gelu_tanh_slope(y)",
        "Phi(y) + y*phi(y) if approximate == 'none' else gelu_tanh_slope(y)",
        "x*phi(y)*(2 - y**2) if approximate == 'none' else x*gelu_tanh_curve(y)"),
    Row("_softmax_backward_data", "y*(x - total(x*y, dim))", "y*(g - total(g*y, dim))",
        "g*(x - total(x*y, dim)) - x*total(g*y, dim)",
        tangent="y*(dx - total(dx*y + x*dy, dim)) + dy*(x - total(x*y, dim))"),
    Row("_log_softmax_backward_data", "x - exp(y)*total(x, dim)", "g - total(g*exp(y), dim)",
        "-g*exp(y)*total(x, dim)", tangent="dx - exp(y)*(total(dx, dim) + dy*total(x, dim))"),
    Row("mse_loss_backward", None, "g*2*(y - z)*share(y, reduction)",
        "g*2*x*share(y, reduction)", "-g*2*x*share(y, reduction)",
        tangent="2*(dx*(y - z) + x*(dy - dz))*share(y, reduction)"),
    Row("nll_loss_backward", None, _NLL, "0", tangent=LINEAR),
    Row("max_pool2d_with_indices_backward", None, "pooled(g, indices, 2)", "0",
        tangent=LINEAR),
    Row("select_backward", None, "pick(g, dim, index)", tangent=LINEAR),
    Row("slice_backward", None, "slice_of(g, dim, start, end, step)", tangent=LINEAR),
    Row("diagonal_backward", None, "diagonal(g, offset, dim1, dim2)", tangent=LINEAR),
    Row("unfold_backward", None, "windows_of(g, dim, size, step)", tangent=LINEAR),
)  # fmt: skip
