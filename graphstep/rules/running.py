"""Running products, logarithms and extremes, and reductions with two results or without nan."""

from graphstep.rules.row import Row

ROWS = (
    Row("cumprod", None, "products_adjoint(g, x, dim)", tangent="products_tangent(dx, x, dim)"),
    Row("logcumsumexp", None, "logs_adjoint(g, x, v, dim)", tangent="logs_tangent(dx, x, v, dim)"),
    Row("cummax", None, "add_at(g, x, dim, v1)", tangent="gather(dx, dim, v1)"),
    Row("cummin", None, "add_at(g, x, dim, v1)", tangent="gather(dx, dim, v1)"),
    Row(
        "nansum",
        None,
        "0 if x != x else spread(g, x, dim, keepdim)",
        tangent="summed(0 if x != x else dx, dim, keepdim)",
    ),
    Row(
        "var_mean",
        None,
        "where_asked(spread(g, x, dim, keepdim), variance_slope(x, dim, correction))"
        " + spread(g1, x, dim, keepdim)/count(x, dim)",
        tangent="both(summed(real(conj(dx)*variance_slope(x, dim, correction)), dim, keepdim),"
        " summed(dx, dim, keepdim)/count(x, dim))",
    ),
    Row(
        "std_mean",
        None,
        "where_asked(spread(g, x, dim, keepdim), spread(0 if v == 0 else 1/(2*v), x, dim, keepdim)"
        "*variance_slope(x, dim, correction)) + spread(g1, x, dim, keepdim)/count(x, dim)",
        tangent="both(0 if v == 0"
        " else summed(real(conj(dx)*variance_slope(x, dim, correction)), dim, keepdim)/(2*v),"
        " summed(dx, dim, keepdim)/count(x, dim))",
    ),
    Row(
        "dist",
        "norm(x - y, p)",
        "norm_adjoint(g, x - y, v, p, None, False)",
        "-norm_adjoint(g, x - y, v, p, None, False)",
        tangent="norm_tangent(dx - dy, x - y, v, p, None, False)",
    ),
    Row(
        "nanmedian",
        None,
        "even_share(g, x, v)",
        tangent="summed(dx*even_share(1, x, v), None, False)",
    ),
    Row(
        "nanmedian.dim",
        None,
        "put_chosen(g, x, dim, v1, keepdim)",
        tangent="chosen(dx, dim, v1, keepdim)",
    ),
)
