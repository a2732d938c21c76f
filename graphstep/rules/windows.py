"""Convolutions and pooling: sums, means and maxima over windows."""

from graphstep.rules.row import LINEAR, Row

_SIZES = {"1d": "scales", "2d": "scales_h, scales_w", "3d": "scales_d, scales_h, scales_w"}
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
    # interpolation: v = M x, and x̄ = Mᵀ v̄ axis by axis
    *(
        Row(
            f"upsample_{kind}{rank}",
            None,
            f"unsampled(g, x, '{kernel}', {corners}, {_SIZES[rank]})",
            tangent=LINEAR,
        )
        for kind, kernel, rank, corners in (
            ("nearest", "nearest", "1d", "False"),
            ("nearest", "nearest", "2d", "False"),
            ("nearest", "nearest", "3d", "False"),
            ("linear", "bilinear", "1d", "align_corners"),
            ("bilinear", "bilinear", "2d", "align_corners"),
            ("trilinear", "bilinear", "3d", "align_corners"),
            ("bicubic", "bicubic", "2d", "align_corners"),
        )
    ),
)
