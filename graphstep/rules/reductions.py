"""Reductions: many elements into one, and the softmax family."""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    Row("sum", None, "spread(g, x, dim, keepdim)", tangent=LINEAR),
    Row("mean", None, "spread(g, x, dim, keepdim)/count(x, dim)", tangent=LINEAR),
    Row(
        "prod",
        None,
        "product_adjoint(g, x, v, dim, keepdim)",
        tangent="summed(dx*others(x, v, dim, keepdim), dim, keepdim)",
    ),
    Row("cumsum", None, "sum_from_end(g, dim)", tangent=LINEAR),
    Row("trace", "trace(x)", "g*identity(x)", tangent=LINEAR),
    Row(
        "var",
        None,
        "spread(g, x, dim, keepdim)*variance_slope(x, dim, correction)",
        tangent="summed(real(conj(dx)*variance_slope(x, dim, correction)), dim, keepdim)",
    ),
    Row(
        "std",
        None,
        "spread(0 if v == 0 else g/(2*v), x, dim, keepdim)*variance_slope(x, dim, correction)",
        tangent="0 if v == 0"
        " else summed(real(conj(dx)*variance_slope(x, dim, correction)), dim, keepdim)/(2*v)",
    ),
    Row(
        "linalg_vector_norm",
        None,
        "norm_adjoint(g, x, v, ord, dim, keepdim)",
        tangent="norm_tangent(dx, x, v, ord, dim, keepdim)",
    ),
    Row(
        "norm",
        None,
        "norm_adjoint(g, x, v, p, dim, keepdim)",
        tangent="norm_tangent(dx, x, v, p, dim, keepdim)",
    ),
    Row(
        "logsumexp",
        None,
        "spread(g, x, dim, keepdim)*exp(x - spread(v, x, dim, keepdim))",
        tangent="summed(dx*exp(x - spread(v, x, dim, keepdim)), dim, keepdim)",
    ),
    Row(
        "_safe_softmax",
        "softmax(x, dim=dim)",
        "v*(g - total(g*v, dim))",
        tangent="v*(dx - total(v*dx, dim))",
    ),
    Row(
        "_softmax",
        "softmax(x, dim=dim)",
        "v*(g - total(g*v, dim))",
        tangent="v*(dx - total(v*dx, dim))",
    ),
    Row(
        "_log_softmax",
        "log_softmax(x, dim=dim)",
        "g - exp(v)*total(g, dim)",
        tangent="dx - total(exp(v)*dx, dim)",
    ),
)
