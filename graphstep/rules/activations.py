"""Activations: what lies between the layers of a network, one local partial each."""

from graphstep.rules.row import Row

_DRAWN_SLOPE = "y if training else 1 if x > 0 else (lower + upper)/2"

ROWS = (
    Row(
        "gelu",
        "x*Phi(x) if approximate == 'none' else gelu(x, approximate)",
        "Phi(x) + x*phi(x) if approximate == 'none' else gelu_tanh_slope(x)",
    ),
    Row("leaky_relu", "leaky_relu(x)", "1 if x > 0 else negative_slope"),
    # y has the slope that was drawn for each element
    Row(
        "rrelu_with_noise",
        "x*y if training else x if x > 0 else (lower + upper)/2*x",
        _DRAWN_SLOPE,
        None,
        tangent=f"dx*({_DRAWN_SLOPE})",
    ),
    Row("silu", "x*sigmoid(x)", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))"),
    Row(
        "mish",
        "x*tanh(log1p(exp(x)))",
        "tanh(log1p(exp(x))) + x*sigmoid(x)*(1 - tanh(log1p(exp(x)))**2)",
    ),
    Row(
        "elu",
        "scale*(alpha*(exp(input_scale*x) - 1) if x <= 0 else x)",
        "scale*alpha*input_scale*exp(input_scale*x) if x <= 0 else scale",
    ),
    Row(
        "softplus",
        "x if beta*x > threshold else log(1 + exp(beta*x))/beta",
        "1 if beta*x > threshold else sigmoid(beta*x)",
    ),
    Row("log_sigmoid_forward", "log(sigmoid(x))", "sigmoid(-x)"),
    Row("hardtanh", "clip(x, min_val, max_val)", "0 if (x <= min_val) | (x >= max_val) else 1"),
    Row("hardswish", "x*clip(x/6 + 1/2, 0, 1)", "0 if x <= -3 else x/3 + 1/2 if x < 3 else 1"),
    Row("hardshrink", "x if abs(x) > lambd else 0", "0 if abs(x) <= lambd else 1"),
    Row("softshrink", "x - clip(x, -lambd, lambd)", "0 if abs(x) <= lambd else 1"),
    Row("threshold", "value if x <= threshold else x", "0 if x <= threshold else 1"),
    Row("_prelu_kernel", "x if x > 0 else y*x", "1 if x > 0 else y", "0 if x > 0 else x"),
    Row("glu", "glu(x, dim)", "glu_adjoint(g, x, dim)", tangent="glu_tangent(dx, x, dim)"),
)
