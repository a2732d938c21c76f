"""Shape and indexing operations: the elements stay, their places change."""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    # the same elements in another shape
    Row("view", None, "like(g, x)", tangent="like(dx, v)"),
    Row("_unsafe_view", None, "like(g, x)", tangent="like(dx, v)"),
    Row("unsqueeze", None, "like(g, x)", tangent=LINEAR),
    Row("squeeze", None, "like(g, x)", tangent=LINEAR),
    Row("t", "x.T", "g.T", tangent=LINEAR),
    Row("transpose", None, "transpose(g, dim0, dim1)", tangent=LINEAR),
    Row("permute", None, "unpermute(g, dims)", tangent=LINEAR),
    # the same elements, copied, cast or repeated
    Row("clone", None, "1"),
    Row("alias", None, "1"),
    Row("_to_copy", None, "1"),
    Row("expand", None, "g", tangent=LINEAR),
    Row("repeat", None, "unrepeat(g, x, repeats)", tangent=LINEAR),
    Row("flip", None, "flip(g, dims)", tangent=LINEAR),
    Row("roll", None, "roll_back(g, shifts, dims)", tangent=LINEAR),
    Row("rot90", None, "rot90(g, -k, dims)", tangent=LINEAR),
    Row("pixel_shuffle", None, "pixel_unshuffle(g, upscale_factor)", tangent=LINEAR),
    Row("constant_pad_nd", None, "unpadded(g, pad)", tangent="padded(dx, pad)"),
    # some of the elements
    Row("tril", None, "tril(g, diagonal)", tangent=LINEAR),
    Row("triu", None, "triu(g, diagonal)", tangent=LINEAR),
    Row("diagonal", None, "put_diagonal(g, x, offset, dim1, dim2)", tangent=LINEAR),
    Row("unfold", None, "unfold_back(g, x, dimension, size, step)", tangent=LINEAR),
    Row("masked_select", None, "put_masked(g, x, mask)", tangent=LINEAR),
    Row("index_select", None, "add_slices(g, x, dim, index)", tangent=LINEAR),
    Row("gather", None, "add_at(g, x, dim, index)", tangent=LINEAR),
    Row("take", None, "put_taken(g, x, index)", tangent=LINEAR),
    Row(
        "embedding",
        None,
        "embedding_rows(g, x, indices, padding_idx, scale_grad_by_freq)",
        tangent=LINEAR,
    ),
    Row("select", None, "put_select(g, x, dim, index)", tangent=LINEAR),
    Row("slice", None, "put_slice(g, x, dim, start, end, step)", tangent=LINEAR),
    Row("narrow_copy", None, "put_slice(g, x, dim, start, start + length, 1)", tangent=LINEAR),
    Row("index", None, "put_index(g, x, indices)", tangent=LINEAR),
    # some elements replaced
    Row(
        "scatter",
        None,
        "scatter(g, dim, index, 0)",
        None,
        "gather(g, dim, index)",
        tangent="scatter(dx, dim, index, dz)",
    ),
    Row(
        "scatter_add",
        None,
        "g",
        None,
        "gather(g, dim, index)",
        tangent="scatter_add(dx, dim, index, dz)",
    ),
    Row(
        "select_scatter",
        None,
        "without_select(g, dim, index)",
        "pick(g, dim, index)",
        tangent=LINEAR,
    ),
    Row(
        "slice_scatter",
        None,
        "without_slice(g, dim, start, end, step)",
        "slice_of(g, dim, start, end, step)",
        tangent=LINEAR,
    ),
    # several tensors into one, and one into several
    Row("cat", None, "part(g, xs, k, dim)", tangent=LINEAR),
    Row("stack", None, "pick(g, dim, k)", tangent=LINEAR),
    Row("split", None, "join(gs, dim)", tangent=LINEAR),
    Row("split_with_sizes", None, "join(gs, dim)", tangent=LINEAR),
    Row("unsafe_split", None, "join(gs, dim)", tangent=LINEAR),
    Row("unbind", None, "pile(gs, dim)", tangent=LINEAR),
)
