"""Normalisations: v = x̂·weight + bias with x̂ = (x - mean)/deviation.

The results v1 and v2 are the mean and one over the deviation.
"""

from graphstep.rules.row import Row


def _batch_norm(name: str, mean: str, variance: str, training: str, eps: str = "eps") -> Row:
    """Return the row of one of torch's batch norms, which differ in what they are told."""
    moments = f"{mean}, {variance}, {training}, {eps}"
    centred = f"v1, v2, {variance}, {training}, {eps}"
    return Row(
        name,
        "batch_norm(x, weight, bias)",
        f"batch_centred(channels(g, y), x, {centred})",
        f"per_channel(g*batch_standard(x, v1, v2, {moments}))",
        "per_channel(g)",
        tangent=f"channels(batch_centred(dx, x, {centred}), y)"
        f" + along(dy, x)*batch_standard(x, v1, v2, {moments}) + along(dz, x)",
    )


_RUNNING = ("running_mean", "running_var")
_BATCH_NORMS = (
    ("native_batch_norm", *_RUNNING, "training"),
    ("cudnn_batch_norm", *_RUNNING, "training", "epsilon"),
    ("_native_batch_norm_legit", *_RUNNING, "training"),
    ("_native_batch_norm_legit.no_stats", "None", "None", "training"),
    ("_native_batch_norm_legit_no_training", *_RUNNING, "False"),
    ("_batch_norm_with_update", *_RUNNING, "True"),
    ("_batch_norm_no_update", *_RUNNING, "False"),
)

ROWS = (
    Row(
        "native_layer_norm",
        "scaled((x - v1)*v2, y) + z",
        "centred(scaled(g, y), x, v1, v2, normalized_shape)",
        "g*(x - v1)*v2",
        "g",
        tangent="scaled(centred(dx, x, v1, v2, normalized_shape), y) + (x - v1)*v2*dy + dz",
    ),
    # v1 is one over the root of the mean square
    Row(
        "_fused_rms_norm",
        "scaled(x*v1, y)",
        "root_centred(scaled(g, y), x, v1, normalized_shape)",
        "g*x*v1",
        tangent="scaled(root_centred(dx, x, v1, normalized_shape), y) + x*v1*dy",
    ),
    Row(
        "native_group_norm",
        "group_norm(x, group, weight, bias, eps)",
        "group_centred(channels(g, y), x, v1, v2) + group_moments(gs, x, v1, v2)",
        "per_channel(g*group_standard(x, v1, v2))",
        "per_channel(g)",
        tangent="channels(group_centred(dx, x, v1, v2), y)"
        " + along(dy, x)*group_standard(x, v1, v2) + along(dz, x)",
    ),
    # a vector's direction and length apart: each weight is y·x/‖x‖, and v1 is ‖x‖
    Row(
        "_weight_norm_interface",
        "y*x/v1",
        "y/v1*(g - x/v1*but_one(g*x/v1, dim))",
        "but_one(g*x/v1, dim)",
        tangent="dy*x/v1 + y/v1*(dx - x/v1*but_one(dx*x/v1, dim))",
    ),
    # slices whose norm is above maxnorm are made so long
    Row(
        "renorm",
        None,
        "renorm_adjoint(g, x, p, dim, maxnorm)",
        tangent="renorm_tangent(dx, x, p, dim, maxnorm)",
    ),
    *(_batch_norm(*given) for given in _BATCH_NORMS),
)
