"""Reductions: many elements into one, and the softmax family."""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    Row("sum", None, "spread(g, x, dim, keepdim)", tangent=LINEAR),
    Row("mean", None, "spread(g, x, dim, keepdim)/count(x, dim)", tangent=LINEAR),
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
