"""Normalisations: v = x̂·weight + bias with x̂ = (x - mean)/deviation.

The results v1 and v2 are the mean and one over the deviation.
"""

from graphstep.rules.row import Row

ROWS = (
    Row(
        "native_layer_norm",
        "scaled((x - v1)*v2, y) + z",
        "centred(scaled(g, y), x, v1, v2, normalized_shape)",
        "g*(x - v1)*v2",
        "g",
        tangent="scaled(centred(dx, x, v1, v2, normalized_shape), y) + (x - v1)*v2*dy + dz",
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
    Row(
        "native_batch_norm",
        "batch_norm(x, weight, bias)",
        "batch_centred(channels(g, y), x, v1, v2, running_var, training, eps)",
        "per_channel(g*batch_standard(x, v1, v2, running_mean, running_var, training, eps))",
        "per_channel(g)",
        tangent="channels(batch_centred(dx, x, v1, v2, running_var, training, eps), y)"
        " + along(dy, x)*batch_standard(x, v1, v2, running_mean, running_var, training, eps)"
        " + along(dz, x)",
    ),
)
