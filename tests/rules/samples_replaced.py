"""Sample calls for the rows of elements replaced and laid around."""

from __future__ import annotations

import warnings

import torch
from torch.nn import functional as F

from tests.rules.samples import M23, MASK, add, changed

D = torch.float64
ONES = torch.tensor([1, 1, 0])
TWO = torch.tensor([2, 0])

add("index_add", lambda x, y: x.index_add(0, ONES, y), M23, (3, 3))
add("index_add", lambda x, y: x.index_add(1, ONES, y, alpha=-2), M23, (2, 3), of="alpha, columns")
add("index_copy", lambda x, y: x.index_copy(1, TWO, y), M23, (2, 2))
add("index_copy", lambda x, y: (x * 1).index_copy_(0, TWO, y), (3, 3), (2, 3), of="in place")
add("index_fill.int_Tensor", lambda x, y: x.index_fill(1, TWO, y), M23, ())
add("index_fill.int_Tensor", lambda x, y: x.index_fill(1, ONES, y), M23, (), of="repeated")
add("index_fill", lambda x: x.index_fill(1, TWO, 7.0), M23)
add("index_put", lambda x, y: x.index_put((TWO, ONES[:2]), y), (3, 3), (2,))
add("index_put", lambda x, y: x.index_put((ONES,), y, accumulate=True), M23, (3, 3), of="added")
add("index_put", lambda x, y: torch.ops.aten.index_put(x, [None, TWO], y), M23, (2, 2),
    of="columns")  # fmt: skip
add("index_put", lambda x, y: x.index_put((TWO,), y), (3, 3), (3,), of="broadcast")
add("_unsafe_index_put", lambda x, y: torch.ops.aten._unsafe_index_put(x, [TWO], y), (3, 3), (2, 3))
add("put", lambda x, y: x.put(TWO, y), M23, (2,))
add("put", lambda x, y: x.put(ONES, y, accumulate=True), M23, (3,), of="added")
EDGES = torch.tensor([[0, 1, 3, 3], [1, 0, 2, 0]])
WEIGHTS = torch.tensor([1.0, 2.0, -0.5, 3.0], dtype=D)
with warnings.catch_warnings(action="ignore"):  # sparse tensors are in beta, says torch once
    GRAPH = torch.sparse_coo_tensor(EDGES, WEIGHTS, (4, 3), check_invariants=True).coalesce()
    ROWS = GRAPH.to_sparse_csr()
add("_sparse_addmm", lambda x: torch.sparse.mm(GRAPH, x), (3, 2), of="product")
add("_sparse_addmm", lambda x, y: torch.sparse.addmm(x, GRAPH, y, beta=2, alpha=-0.5), (4, 2),
    (3, 2))  # fmt: skip
add("mm", lambda x: GRAPH @ x, (3, 2), of="with a sparse constant")
add("mm", lambda x: ROWS @ x, (3, 2), of="with sparse rows")
add("mv", lambda x: GRAPH @ x, (3,), of="with a sparse constant")
add("addmm", lambda x, y: torch.addmm(x, GRAPH, y), (2,), (3, 2), of="with a sparse constant")
add("as_strided_scatter", lambda x, y: x.as_strided_scatter(y, (2, 2), (3, 1), 1), (4, 3), (2, 2))
add("as_strided_scatter", lambda x, y: x.as_strided_scatter(y, (2,), (3,)), (2, 5), (2,),
    of="without offset")  # fmt: skip
add("masked_fill.Tensor", lambda x, y: x.masked_fill(MASK, y), M23, ())
add("masked_scatter", lambda x, y: x.masked_scatter(MASK, y), M23, (2, 4))
add("diagonal_scatter", lambda x, y: x.diagonal_scatter(y, 1), (3, 3), (2,))
add("diagonal_scatter", lambda x, y: x.diagonal_scatter(y, -1, 2, 0), (3, 2, 3), (2, 2), of="axes")
add("diag_embed", torch.diag_embed, M23)
add("diag_embed", lambda x: x.diag_embed(1, 0, 2), M23, of="axes")
add("as_strided", lambda x: x.as_strided((2, 2), (3, 1), 1), M23)
add("as_strided", lambda x: x.as_strided((4, 3), (1, 1)), M23, of="windows")
add("as_strided", lambda x: (x * 1).t().as_strided((2, 2), (2, 1)), M23, of="of a transpose")
add("fill", lambda x, y: torch.ops.aten.fill(x, y), M23, ())
add("fill", changed("fill_", 3.0), M23, of="by a number")
add("zero", changed("zero_"), M23)
add("pixel_unshuffle", lambda x: F.pixel_unshuffle(x, 2), (2, 2, 4, 6))
for mode, kind in (("reflect", "reflection"), ("replicate", "replication")):
    for sizes, pad in (((2, 2, 4), (2, 1)), ((2, 2, 4, 3), (1, 2, 2, 1)),
                       ((1, 2, 3, 3, 4), (1, 2, 2, 0, 1, 1))):  # fmt: skip
        add(f"{kind}_pad{len(pad) // 2}d", lambda x, p=pad, m=mode: F.pad(x, p, m), sizes)

add("copy", lambda x, y: (x * 1).copy_(y), M23, (3,), of="in place")
add("copy", lambda x, y: (x * 1).copy_(y), M23, (), of="one number")
add("block_diag", lambda x, y, z: torch.block_diag(x, y, z, x[:, :1]), M23, (4,), ())
add("channel_shuffle", lambda x: torch.channel_shuffle(x, 3), (2, 6, 2, 2))
SPOTS = [torch.tensor([0, 1, 1]), torch.tensor([2, 0, 0])]
SEEN = torch.tensor([True, False, True])
add("_unsafe_masked_index", lambda x: torch.ops.aten._unsafe_masked_index(x, SEEN, SPOTS, 5.0), M23)
add("_unsafe_masked_index_put_accumulate", lambda x, y:
    torch.ops.aten._unsafe_masked_index_put_accumulate(x, SEEN, SPOTS, y), M23, (3,))  # fmt: skip
add("narrow_copy", lambda x: torch.narrow_copy(x, 1, 1, 2), (2, 4))
