"""Inverses, solutions, determinants and products of matrices; `.T` swaps the last two axes."""

from graphstep.rules.row import Row

ROWS = (
    Row("linalg_inv_ex", "inverse(x)", "-(v.T @ g @ v.T)", tangent="-(v @ dx @ v)"),
    Row(
        "_linalg_det",
        "det(x)",
        "0 if each_matrix(v) == 0 else each_matrix(g)*cofactors(x)",
        tangent="inner(cofactors(x), dx)",
    ),
    Row(
        "_linalg_slogdet",
        "sign(det(x))",
        "each_matrix(g1 - 1j*imag(conj(g)*v))*conj(inverse(x)).T",
        tangent="both(turning(inner(inverse(x).T, dx), v), real(inner(inverse(x).T, dx)))",
    ),
    Row(
        "_linalg_solve_ex",
        "inverse(x) @ y",
        "solve_matrix(g, x, v, left)",
        "solve(x.T, g, left)",
        tangent="solve(x, dy - applied(dx, v, left), left)",
    ),
    Row(
        "linalg_solve_triangular",
        "inverse(x) @ y",
        "triangle(triangular_matrix(g, x, v, upper, left, unitriangular), upper, unitriangular)",
        "triangular(x.T, g, not_(upper), left, unitriangular)",
        tangent="triangular(x, dy - applied(triangle(dx, upper, unitriangular), v, left),"
        " upper, left, unitriangular)",
    ),
    Row("linalg_matrix_exp", "exp(x)", "exp_change(x.T, g)", tangent="exp_change(x, dx)"),
    Row(
        "linalg_cross",
        "cross(x, y)",
        "cross(y, g, dim)",
        "cross(g, x, dim)",
        tangent="cross(dx, y, dim) + cross(x, dy, dim)",
    ),
)
