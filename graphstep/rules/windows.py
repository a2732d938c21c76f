"""Convolutions and pooling: sums, means and maxima over windows."""

from graphstep.rules.row import LINEAR, Row

_SHAPE = "stride, padding, dilation, transposed, output_padding, groups"

ROWS = (
    Row(
        "convolution",
        f"convolved(x, y, z, {_SHAPE})",
        "convolution_input(g, x, y, stride, padding, dilation, transposed, groups)",
        "convolution_weight(g, x, y, stride, padding, dilation, transposed, groups)",
        "per_channel(g)",
        tangent=f"convolved(dx, y, None, {_SHAPE}) + convolved(x, dy, None, {_SHAPE})"
        " + along(dz, v)",
    ),
    Row(
        "avg_pool2d",
        None,
        "unpooled(g, x, kernel_size, stride, padding, count_include_pad, divisor_override)",
        tangent=LINEAR,
    ),
    Row(
        "max_pool2d_with_indices",
        None,
        "put_pooled(g, x, v1)",
        tangent="pooled(dx, v1)",
    ),
)
