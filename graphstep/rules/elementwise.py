"""Elementwise operations: one local partial for each operand."""

from graphstep.rules.row import Row

ROWS = (
    # arithmetic
    Row("add", "x + alpha*y", "1", "alpha"),
    Row("sub", "x - alpha*y", "1", "-alpha"),
    Row("rsub", "y - alpha*x", "-alpha", "1"),
    Row("mul", "x*y", "y", "x"),
    Row("div", "x/y", "1/y", "-v/y"),
    Row("neg", "-x", "-1"),
    Row("reciprocal", "1/x", "-v**2"),
    Row(
        "pow",
        "x**y",
        "0 if y == 0 else y*x**(y - 1)",
        "v*(0 if (x == 0) & (y >= 0) else log(x))",
    ),
    Row("sqrt", "sqrt(x)", "1/(2*v)"),
    Row("rsqrt", "1/sqrt(x)", "-v**3/2"),
    # exponentials and logarithms
    Row("exp", "exp(x)", "v"),
    Row("exp2", "2**x", "v*log(2)"),
    Row("expm1", "exp(x) - 1", "v + 1"),
    Row("log", "log(x)", "1/x"),
    Row("log2", "log2(x)", "1/(x*log(2))"),
    Row("log10", "log10(x)", "1/(x*log(10))"),
    Row("log1p", "log(1 + x)", "1/(1 + x)"),
    # circular and hyperbolic
    Row("sin", "sin(x)", "cos(x)"),
    Row("cos", "cos(x)", "-sin(x)"),
    Row("tan", "tan(x)", "1 + v**2"),
    Row("asin", "asin(x)", "1/sqrt(1 - x**2)"),
    Row("acos", "acos(x)", "-1/sqrt(1 - x**2)"),
    Row("atan", "atan(x)", "1/(1 + x**2)"),
    Row("sinh", "sinh(x)", "cosh(x)"),
    Row("cosh", "cosh(x)", "sinh(x)"),
    Row("tanh", "tanh(x)", "1 - v**2"),
    # activations
    Row("sigmoid", "sigmoid(x)", "v*(1 - v)"),
    Row("relu", "relu(x)", "0 if v <= 0 else 1"),
    Row("leaky_relu", "leaky_relu(x)", "1 if x > 0 else negative_slope"),
    Row("silu", "x*sigmoid(x)", "sigmoid(x)*(1 + x*(1 - sigmoid(x)))"),
    # pieces
    Row("abs", "abs(x)", "sign(x)"),
    Row(
        "where",
        "y if x else z",
        None,
        "g if x else 0",
        "0 if x else g",
        tangent="dy if x else dz",
    ),
    Row("masked_fill", "value if mask else x", "0 if mask else g", tangent="0 if mask else dx"),
)
