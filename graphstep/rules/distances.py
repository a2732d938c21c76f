"""Distances between vectors, each pair of them."""

from graphstep.rules.row import Row

_EACH = "pairs(x, y), v, p"

ROWS = (
    Row(
        "_cdist_forward",
        None,
        f"summed(distance_adjoint(g, {_EACH}), -2, False)",
        f"-summed(distance_adjoint(g, {_EACH}), -3, False)",
        tangent=f"summed(pairs(dx, dy)*distance_adjoint(1, {_EACH}), -1, False)",
    ),
    Row(
        "_euclidean_dist",
        None,
        "summed(distance_adjoint(g, pairs(x, y), v, 2), -2, False)",
        "-summed(distance_adjoint(g, pairs(x, y), v, 2), -3, False)",
        tangent="summed(pairs(dx, dy)*distance_adjoint(1, pairs(x, y), v, 2), -1, False)",
    ),
    Row(
        "_pdist_forward",
        None,
        "upper_pairs_back(distance_adjoint(g, upper_pairs(x), v, p), x)",
        tangent="summed(upper_pairs(dx)*distance_adjoint(1, upper_pairs(x), v, p), 1, False)",
    ),
)
