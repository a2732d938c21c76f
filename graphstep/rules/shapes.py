"""Shape and indexing operations: the elements stay, their places change."""

from graphstep.rules.row import LINEAR, Row

ROWS = (
    # the same elements in another shape
    Row("view", None, "like(g, x)", tangent=LINEAR),
    Row("_unsafe_view", None, "like(g, x)", tangent=LINEAR),
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
    # some of the elements
    Row("select", None, "put_select(g, x, dim, index)", tangent=LINEAR),
    Row("slice", None, "put_slice(g, x, dim, start, end, step)", tangent=LINEAR),
    Row("index", None, "put_index(g, x, indices)", tangent=LINEAR),
    # several tensors into one, and one into several
    Row("cat", None, "part(g, xs, k, dim)", tangent=LINEAR),
    Row("stack", None, "pick(g, dim, k)", tangent=LINEAR),
    Row("split", None, "join(gs, dim)", tangent=LINEAR),
    Row("split_with_sizes", None, "join(gs, dim)", tangent=LINEAR),
    Row("unsafe_split", None, "join(gs, dim)", tangent=LINEAR),
    Row("unbind", None, "pile(gs, dim)", tangent=LINEAR),
)
