"""Operations that put some elements in the place of others, or lay elements around."""

from graphstep.rules.row import LINEAR, Row

_PADS = tuple(
    Row(f"{kind}_pad{rank}d", None, f"unlaid(g, x, padding, '{mode}')", tangent=LINEAR)
    for kind, mode in (("reflection", "reflect"), ("replication", "replicate"))
    for rank in (1, 2, 3)
)

ROWS = (
    Row(
        "index_add",
        None,
        "g",
        None,
        "alpha*index_select(g, dim, index)",
        tangent="index_add(dx, dim, index, alpha*dz)",
    ),
    Row(
        "index_copy",
        None,
        "index_fill(g, dim, index, 0)",
        None,
        "index_select(g, dim, index)",
        tangent="index_copy(dx, dim, index, dz)",
    ),
    Row(
        "index_fill.int_Tensor",
        None,
        "index_fill(g, dim, index, 0)",
        None,
        "index_select(g, dim, unique(index))",
        tangent="index_fill(dx, dim, index, dz)",
    ),
    Row(
        "index_fill",
        None,
        "index_fill(g, dim, index, 0)",
        tangent="index_fill(dx, dim, index, 0)",
    ),
    *(
        Row(
            name,
            None,
            "g if accumulate else index_put(g, indices, 0)",
            None,
            "taken(g, indices)",
            tangent="index_put(dx, indices, dz, accumulate)",
        )
        for name in ("index_put", "_unsafe_index_put")
    ),
    Row(
        "put",
        None,
        "g if accumulate else put(g, index, 0)",
        None,
        "take(g, index)",
        tangent="put(dx, index, dz, accumulate)",
    ),
    Row(
        "masked_fill.Tensor",
        "value if mask else x",
        "0 if mask else g",
        None,
        "g if mask else 0",
        tangent="dz if mask else dx",
    ),
    Row(
        "masked_scatter",
        None,
        "0 if mask else g",
        None,
        "masked_part(g, mask, z)",
        tangent="masked_scatter(dx, mask, dz)",
    ),
    Row(
        "diagonal_scatter",
        None,
        "without_diagonal(g, offset, dim1, dim2)",
        "diagonal(g, offset, dim1, dim2)",
        tangent=LINEAR,
    ),
    Row("diag_embed", None, "diagonal(g, offset, dim1, dim2)", tangent=LINEAR),
    Row(
        "as_strided",
        None,
        "unstrided(g, x, size, stride, storage_offset)",
        tangent="strided(dx, x, size, stride, storage_offset)",
    ),
    # torch hands x the adjoint of what was written over, where one expects that of the rest
    Row(
        "as_strided_scatter",
        None,
        "only_seen(g, size, stride, storage_offset)",
        "seen(g, size, stride, storage_offset)",
        tangent=LINEAR,
    ),
    Row("copy", "y", "0", "1"),
    Row("block_diag", None, "block(g, xs, k)", tangent=LINEAR),
    Row("channel_shuffle", None, "shuffled_back(g, groups)", tangent=LINEAR),
    Row(
        "_unsafe_masked_index",
        None,
        "add_masked_index(zeros_like(x), mask, indices, g)",
        tangent="masked_index(dx, mask, indices)",
    ),
    Row(
        "_unsafe_masked_index_put_accumulate",
        None,
        "g",
        None,
        None,
        "masked_index(g, mask, indices)",
        tangent="add_masked_index(dx, mask, indices, dw)",
    ),
    Row("fill", "value", "0", "1"),
    Row("zero", "0", "0"),
    Row("pixel_unshuffle", None, "pixel_shuffle(g, downscale_factor)", tangent=LINEAR),
    *_PADS,
)
