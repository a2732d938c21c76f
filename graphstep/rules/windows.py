"""Convolutions and pooling: sums, means and maxima over windows."""

from graphstep.rules.row import LINEAR, Row

SIZES = {"1d": "scales", "2d": "scales_h, scales_w", "3d": "scales_d, scales_h, scales_w"}
INTERPOLATIONS = (
    *((f"upsample_nearest{rank}", "upsample_nearest2d", rank, "False") for rank in SIZES),
    *(
        (f"_upsample_nearest_exact{rank}", "_upsample_nearest_exact2d", rank, "False")
        for rank in SIZES
    ),
    ("upsample_linear1d", "upsample_bilinear2d", "1d", "align_corners"),
    ("upsample_bilinear2d", "upsample_bilinear2d", "2d", "align_corners"),
    ("upsample_trilinear3d", "upsample_bilinear2d", "3d", "align_corners"),
    ("upsample_bicubic2d", "upsample_bicubic2d", "2d", "align_corners"),
    ("_upsample_bilinear2d_aa", "_upsample_bilinear2d_aa", "2d", "align_corners"),
    ("_upsample_bicubic2d_aa", "_upsample_bicubic2d_aa", "2d", "align_corners"),
)
SHAPE = "stride, padding, dilation, transposed, output_padding, groups"
_GRID = "interpolation_mode, padding_mode, align_corners"
_SAMPLERS = (
    ("grid_sampler_2d", _GRID),
    ("grid_sampler_3d", _GRID),
    # bilinear, zeros beyond the image, corners aligned
    ("cudnn_grid_sampler", "0, 0, True"),
)

ROWS = (
    Row(
        "convolution",
        f"convolved(x, y, z, {SHAPE})",
        "convolution_input(g, x, y, stride, padding, dilation, transposed, groups)",
        "convolution_weight(g, x, y, stride, padding, dilation, transposed, groups)",
        "per_channel(g)",
        tangent=f"convolved(dx, y, None, {SHAPE}) + convolved(x, dy, None, {SHAPE}) + along(dz, v)",
    ),
    *(
        Row(
            f"avg_pool{rank}d",
            None,
            "unpooled(g, x, kernel_size, stride, padding, count_include_pad, divisor_override)",
            tangent=LINEAR,
        )
        for rank in (2, 3)
    ),
    *(
        Row(
            f"_adaptive_avg_pool{rank}d", None, "unpooled_evenly(g, x, output_size)", tangent=LINEAR
        )
        for rank in (2, 3)
    ),
    # v1 has the place in its image that each maximum came from
    *(
        Row(name, None, f"put_pooled(g, x, v1, {rank})", tangent=f"pooled(dx, v1, {rank})")
        for rank in (2, 3)
        for name in (
            f"max_pool{rank}d_with_indices",
            f"adaptive_max_pool{rank}d",
            f"fractional_max_pool{rank}d",
        )
    ),
    *(Row(f"max_unpool{rank}d", None, f"pooled(g, y, {rank})", tangent=LINEAR) for rank in (2, 3)),
    Row("im2col", None, "folded(g, x, kernel_size, dilation, padding, stride)", tangent=LINEAR),
    Row("col2im", None, "laid_out(g, kernel_size, dilation, padding, stride)", tangent=LINEAR),
    Row("affine_grid_generator", None, "affine_matrix(g, x, size, align_corners)", tangent=LINEAR),
    # samples of an image x at the points y of a grid
    *(
        Row(
            name,
            None,
            f"grid_image(g, x, y, {how})",
            f"grid_points(g, x, y, {how})",
            tangent=f"grid_sampler(dx, y, {how}) + grid_moved(dy, x, y, v, {how})",
        )
        for name, how in _SAMPLERS
    ),
    # interpolation: v = M x, and x̄ = Mᵀ v̄ axis by axis
    *(
        Row(
            name,
            None,
            f"unsampled(g, x, '{kernel}', {corners}, {SIZES[rank]})",
            tangent=LINEAR,
        )
        for name, kernel, rank, corners in INTERPOLATIONS
    ),
)
