"""Steps of torch's own backward through layer and batch norms, where it is differentiated again.

x is the adjoint of the norm's result and y what was normalised.
"""

from graphstep.rules.row import Row

_LAYER = "layer(y, mean, rstd, normalized_shape, weight)"
_BATCH_NORMS = (
    ("native_batch_norm_backward", "save_invstd, running_mean, running_var, train"),
    ("batch_norm_backward", "save_var, running_mean, running_var, update"),
)

ROWS = (
    Row(
        "native_layer_norm_backward",
        None,
        f"norm_above(gs, output_mask, {_LAYER})",
        f"norm_image(gs, output_mask, x, {_LAYER})",
        None,
        None,
        f"norm_weight(gs, output_mask, x, {_LAYER})",
        "no_gradient(g)",
        tangent=f"norm_back(output_mask, dx, dy, dweight, x, {_LAYER})",
    ),
    *(
        Row(
            name,
            None,
            f"norm_above(gs, output_mask, batch(y, save_mean, {moments}, eps, z))",
            f"norm_image(gs, output_mask, x, batch(y, save_mean, {moments}, eps, z))",
            f"norm_weight(gs, output_mask, x, batch(y, save_mean, {moments}, eps, z))",
            tangent="norm_back(output_mask, dx, dy, dz, x,"
            f" batch(y, save_mean, {moments}, eps, z))",
        )
        for name, moments in _BATCH_NORMS
    ),
)
