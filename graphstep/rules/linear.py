"""Products of matrices and vectors; here `.T` swaps the last two axes."""

from graphstep.rules.row import Row

ROWS = (
    Row("mm", "x @ y", "g @ y.T", "x.T @ g", tangent="dx @ y + x @ dy"),
    Row("bmm", "x @ y", "g @ y.T", "x.T @ g", tangent="dx @ y + x @ dy"),
    Row("mv", "x @ y", "outer(g, y)", "x.T @ g", tangent="dx @ y + x @ dy"),
    Row("dot", "x @ y", "y", "x", tangent="dx @ y + x @ dy"),
    *(
        Row(
            name,
            "beta*x + alpha*(y @ z)",
            "beta*g",
            "alpha*(g @ z.T)",
            "alpha*(y.T @ g)",
            tangent="beta*dx + alpha*(dy @ z + y @ dz)",
        )
        for name in ("addmm", "baddbmm")
    ),
    Row(
        "_sparse_addmm",
        "beta*x + alpha*(y @ z)",
        "beta*g",
        None,
        "alpha*(y.T @ g)",
        tangent="beta*dx + alpha*(y @ dz)",
    ),
    Row(
        "addbmm",
        "beta*x + alpha*summed(y @ z, 0, False)",
        "beta*g",
        "alpha*(g @ z.T)",
        "alpha*(y.T @ g)",
        tangent="beta*dx + alpha*summed(dy @ z + y @ dz, 0, False)",
    ),
    Row(
        "addmv",
        "beta*x + alpha*(y @ z)",
        "beta*g",
        "alpha*outer(g, z)",
        "alpha*(y.T @ g)",
        tangent="beta*dx + alpha*(dy @ z + y @ dz)",
    ),
    Row(
        "addr",
        "beta*x + alpha*outer(y, z)",
        "beta*g",
        "alpha*(g @ z)",
        "alpha*(g.T @ y)",
        tangent="beta*dx + alpha*(outer(dy, z) + outer(y, dz))",
    ),
    Row(
        "_trilinear",
        "summed_over(x*y*z, sumdim)",
        "summed_over(laid(g, sumdim)*laid(y, expand2)*laid(z, expand3), expand1)",
        "summed_over(laid(g, sumdim)*laid(x, expand1)*laid(z, expand3), expand2)",
        "summed_over(laid(g, sumdim)*laid(x, expand1)*laid(y, expand2), expand3)",
        tangent="summed_over(laid(dx, expand1)*laid(y, expand2)*laid(z, expand3)"
        " + laid(x, expand1)*laid(dy, expand2)*laid(z, expand3)"
        " + laid(x, expand1)*laid(y, expand2)*laid(dz, expand3), sumdim)",
    ),
    Row("vdot", "conj(x) @ y", "conj(g)*y", "g*x", tangent="conj(dx) @ y + conj(x) @ dy"),
)
