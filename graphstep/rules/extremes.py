"""Extremes: the largest, the smallest, the middle, and what is kept within bounds."""

from graphstep.rules.row import Row

_EVEN_TANGENT = "summed(dx*even_share(1, x, v), None, False)"
_CHOSEN = "put_chosen(g, x, dim, v1, keepdim)"
_CHOSEN_TANGENT = "chosen(dx, dim, v1, keepdim)"
_SHARED = "spread(g, x, dim, keepdim)*ties(x, v, dim, keepdim)"
_SHARED_TANGENT = "summed(dx*ties(x, v, dim, keepdim), dim, keepdim)"
_ORDERED = "put_chosen(g, x, dim, v1, True)"
_ORDERED_TANGENT = "chosen(dx, dim, v1, True)"

ROWS = (
    # of all elements: equal ones share the adjoint
    Row("max", "max(x)", "even_share(g, x, v)", tangent=_EVEN_TANGENT),
    Row("min", "min(x)", "even_share(g, x, v)", tangent=_EVEN_TANGENT),
    Row(
        "median",
        "median(x)",
        "even_share(g, x, v)",
        tangent=_EVEN_TANGENT,
    ),
    Row("amax", None, _SHARED, tangent=_SHARED_TANGENT),
    Row("amin", None, _SHARED, tangent=_SHARED_TANGENT),
    Row(
        "aminmax",
        None,
        f"{_SHARED} + spread(g1, x, dim, keepdim)*ties(x, v1, dim, keepdim)",
        tangent=f"both({_SHARED_TANGENT}, summed(dx*ties(x, v1, dim, keepdim), dim, keepdim))",
    ),
    # along one axis: the element that was chosen has the whole adjoint
    Row("max.dim", None, _CHOSEN, tangent=_CHOSEN_TANGENT),
    Row("min.dim", None, _CHOSEN, tangent=_CHOSEN_TANGENT),
    Row("median.dim", None, _CHOSEN, tangent=_CHOSEN_TANGENT),
    Row("mode", None, _CHOSEN, tangent=_CHOSEN_TANGENT),
    Row("kthvalue", None, _CHOSEN, tangent=_CHOSEN_TANGENT),
    Row("sort", None, _ORDERED, tangent=_ORDERED_TANGENT),
    Row("topk", None, _ORDERED, tangent=_ORDERED_TANGENT),
    # of two
    Row(
        "maximum",
        "max(x, y)",
        "1/2 if x == y else 0 if x < y else 1",
        "1/2 if x == y else 0 if x > y else 1",
    ),
    Row(
        "minimum",
        "min(x, y)",
        "1/2 if x == y else 0 if x > y else 1",
        "1/2 if x == y else 0 if x < y else 1",
    ),
    Row("fmax", "fmax(x, y)", "1 if (x >= y) | (y != y) else 0", "0 if (x >= y) | (y != y) else 1"),
    Row("fmin", "fmin(x, y)", "1 if (x <= y) | (y != y) else 0", "0 if (x <= y) | (y != y) else 1"),
    # within bounds
    Row(
        "clamp",
        "clip(x, min, max)",
        "1 if within(x, min, max) else 0",
        "1 if below(x, min, max) else 0",
        "1 if above(x, min, max) else 0",
    ),
    Row("clamp_min", "max(x, y)", "1 if x >= y else 0", "1 if x < y else 0"),
    Row("clamp_max", "min(x, y)", "1 if x <= y else 0", "1 if x > y else 0"),
)
