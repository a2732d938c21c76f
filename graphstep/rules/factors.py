"""Factors of matrices: eigenvectors, singular vectors, QR, LU, and what they solve."""

from graphstep.rules.row import Row

_CHOLESKY = tuple(
    Row(
        name,
        "cholesky(x)",
        "cholesky_adjoint(g, v, upper)",
        tangent="cholesky_tangent(dx, v, upper)",
    )
    for name in ("cholesky", "linalg_cholesky_ex")
)

ROWS = (
    Row(
        "_linalg_eigh",
        "eigh(x)",
        "eigen_adjoint(g, g1, v, v1)",
        tangent="eigen_tangent(dx, v, v1)",
    ),
    Row("linalg_eig", "eig(x)", "eig_adjoint(g, g1, v, v1)", tangent="eig_tangent(dx, v, v1)"),
    Row(
        "_linalg_svd",
        "svd(x)",
        "svd_adjoint(gs, v, v1, v2)",
        tangent="svd_tangent(dx, v, v1, v2)",
    ),
    Row("linalg_qr", "qr(x)", "qr_adjoint(g, g1, v, v1)", tangent="qr_tangent(dx, v, v1)"),
    Row(
        "linalg_lu",
        "lu(x)",
        "v @ lu_adjoint(g1, g2, v1, v2)",
        tangent="lu_tangent(v.T @ dx, v, v1, v2)",
    ),
    Row(
        "linalg_lu_factor_ex",
        "lu(x)",
        "row_order(v, v1) @ lu_adjoint(g, g, lower_factor(v), upper_factor(v))",
        tangent="lu_factor_tangent(dx, v, v1)",
    ),
    Row(
        "lu_unpack",
        None,
        "packed_lu(g1, g2, x)",
        tangent="unpacked_lu(dx, v)",
    ),
    Row(
        "linalg_lu_solve",
        None,
        "lu_solve_factors(g, v, x, y, left, adjoint)",
        None,
        "lu_solve(x, y, g, left, not_(adjoint))",
        tangent="lu_solve(x, y, dz - lu_applied(dx, v, x, y, left, adjoint), left, adjoint)",
    ),
    *_CHOLESKY,
    Row(
        "cholesky_inverse",
        None,
        "factor_adjoint(-(v @ g @ v), x, upper)",
        tangent="-(v @ product_change(dx, x, upper) @ v)",
    ),
    Row(
        "cholesky_solve",
        None,
        "cholesky_solve(g, y, upper)",
        "factor_adjoint(-(cholesky_solve(g, y, upper) @ conj(v).T), y, upper)",
        tangent="cholesky_solve(dx - product_change(dy, y, upper) @ v, y, upper)",
    ),
    # products of reflections I - τ v vᵀ: the columns of x hold the v, y the τ
    Row(
        "linalg_householder_product",
        "reflected(x, y, first_columns(x), True, False)",
        "reflections_adjoint(g, x, y, first_columns(x), True, False)",
        "factors_adjoint(g, x, y, first_columns(x), True, False)",
        tangent="reflected_tangent(dx, dy, 0*dx, x, y, first_columns(x), True, False)",
    ),
    Row(
        "ormqr",
        "reflected(x, y, z, left, transpose)",
        "reflections_adjoint(g, x, y, z, left, transpose)",
        "factors_adjoint(g, x, y, z, left, transpose)",
        "reflected(x, y, g, left, not_(transpose))",
        tangent="reflected_tangent(dx, dy, dz, x, y, z, left, transpose)",
    ),
    Row("linalg_pinv", "pinv(x)", "pinv_adjoint(g, x, v)", tangent="pinv_tangent(dx, x, v)"),
    Row(
        "linalg_lstsq",
        "pinv(x) @ y",
        "least_squares_matrix(gs, x, y, v)",
        "conj(pinv(x)).T @ g - rest_change(g1, x, y, v)",
        tangent="least_squares_tangent(dx, dy, x, y, v, v1)",
    ),
    Row(
        "triangular_solve",
        "inverse(y) @ x",
        "triangular(turned(y, transpose).T, g, upper == transpose, True, unitriangular)",
        "triangular_operand(g, g1, y, v, upper, transpose, unitriangular)",
        tangent="both(triangular(turned(y, transpose), dx - turned(triangle(dy, upper,"
        " unitriangular), transpose) @ v, upper != transpose, True, unitriangular), dy)",
    ),
)
