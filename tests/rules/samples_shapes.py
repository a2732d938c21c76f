"""Samples of shapes, indexing and joining."""

from __future__ import annotations

import torch

from tests.rules.samples import M23, add, add_each

add_each(
    "view",
    ((2, 3, 4),),
    view=lambda x: x.view(6, 4),
    inferred=lambda x: x.view(-1),
    reshape=lambda x: x.reshape(4, 6),
    flatten=lambda x: x.flatten(1),
)
add("view", lambda x: x.view(1, 1), (), of="0-d")
add("_unsafe_view", lambda x, y: x @ y, (2, 5, 3), (3, 4), of="matmul of a stack")
add("_unsafe_view", lambda x: x.t().reshape(6), (2, 3), of="reshape of a transpose")
add_each(
    "unsqueeze", (M23,), front=lambda x: x.unsqueeze(0), back=lambda x: x.unsqueeze(-1),
    none=lambda x: x[:, None],
)  # fmt: skip
add("unsqueeze", lambda x: x.unsqueeze(0), (), of="0-d")
add_each(
    "squeeze",
    ((1, 3, 1),),
    all=lambda x: x.squeeze(),
    one=lambda x: x.squeeze(0),
    negative=lambda x: x.squeeze(-1),
    nothing=lambda x: x.squeeze(1),
    two=lambda x: x.squeeze((0, 2)),
)
add_each("t", (M23,), method=lambda x: x.t(), in_place=lambda x: (x * 1).t_())
add("t", torch.t, (3,), of="vector")
add_each(
    "transpose",
    ((2, 3, 4),),
    first=lambda x: x.transpose(0, 1),
    negative=lambda x: x.transpose(-1, 0),
    mT=lambda x: x.mT,
    swapaxes=lambda x: x.swapaxes(0, 2),
)
add_each(
    "permute",
    ((2, 3, 4),),
    rotated=lambda x: x.permute(2, 0, 1),
    negative=lambda x: x.permute(-1, 0, -2),
    T=lambda x: x[0].T,
)
add("clone", torch.clone, (2, 3))
add("clone", lambda x: x.t().contiguous(), (2, 3), of="contiguous")
add("clone", lambda x: x.expand(4, 2, 3).reshape(24), (2, 3), of="reshape of an expansion")
add("alias", torch.ops.aten.alias, (2, 3))
add_each(
    "_to_copy",
    (M23,),
    narrower=lambda x: x.float().double(),
    copy=lambda x: x.to(torch.float64, copy=True),
)
add_each(
    "expand",
    ((2, 1),),
    wider=lambda x: x.expand(2, 3),
    kept=lambda x: x.expand(-1, 3),
    deeper=lambda x: x.expand(4, 2, 3),
    broadcast_to=lambda x: torch.broadcast_to(x, (2, 5)),
)
add("expand", lambda x: x.expand(3), (), of="0-d")
add_each(
    "select",
    ((2, 3, 4),),
    item=lambda x: x[1],
    negative=lambda x: x[-1],
    inner=lambda x: x[:, 2],
    method=lambda x: x.select(-1, -2),
)
add_each(
    "slice",
    ((4, 5),),
    middle=lambda x: x[1:3],
    step=lambda x: x[::2],
    negative=lambda x: x[-3:-1],
    columns=lambda x: x[:, 1::3],
    beyond=lambda x: x[2:100],
    empty=lambda x: x[3:1],
    narrow=lambda x: x.narrow(1, 1, 2),
)
add_each(
    "index",
    ((4, 5),),
    list=lambda x: x[[0, 2]],
    repeated=lambda x: x[[1, 1, 1, 3]],
    negative=lambda x: x[[-1, 0, -1]],
    pairs=lambda x: x[[0, 1, 1], [2, 2, 2]],
    columns=lambda x: x[:, [3, 3, 0]],
    mask=lambda x: x[torch.eye(4, 5, dtype=torch.bool)],
    matrix=lambda x: x[torch.tensor([[0, 1], [1, 0]])],
    nothing=lambda x: x[torch.zeros(0, dtype=torch.int64)],
)
add("index", lambda x: x[[0, 1], :, [1, 1]], (2, 3, 4), of="apart")
add_each(
    "cat",
    ((2, 3), (2, 3)),
    rows=lambda x, y: torch.cat([x, y]),
    columns=lambda x, y: torch.cat([x, y], 1),
    negative=lambda x, y: torch.cat([x, y], -2),
    twice=lambda x, y: torch.cat([x, y, x]),
    constant=lambda x, y: torch.cat([x, torch.ones(1, 3, dtype=torch.float64), y]),
    empty=lambda x, y: torch.cat([x, torch.ones(0, dtype=torch.float64), y]),
    one=lambda x, y: torch.cat([x]) + y,
)
add("cat", lambda x, y: torch.cat([x, y], 1), (2, 3), (2, 1), of="sizes")
add_each(
    "stack",
    ((2, 3), (2, 3)),
    front=lambda x, y: torch.stack([x, y]),
    back=lambda x, y: torch.stack([x, y, x], -1),
    middle=lambda x, y: torch.stack((x, torch.ones_like(x), y), 1),
)
add_each(
    "split",
    ((5, 3),),
    even=lambda x: x.split(2),
    columns=lambda x: x.split(2, 1),
    negative=lambda x: x.split(1, -1),
    chunk=lambda x: x.chunk(2),
    one_of_them=lambda x: x.split(2)[1],
)
add_each(
    "split_with_sizes",
    ((5, 3),),
    rows=lambda x: x.split([1, 4]),
    columns=lambda x: x.split([2, 1], -1),
    one_of_them=lambda x: x.split([2, 3])[1] ** 2,
)
add("unsafe_split", lambda x: torch.unsafe_split(x, 2), (5, 3))
add("unsafe_split_with_sizes", lambda x: torch.unsafe_split_with_sizes(x, [1, 4]), (5, 3))
add("unsafe_split", lambda x: torch.unsafe_chunk(x, 2, -1), (5, 3), of="chunk")
add_each(
    "unbind",
    ((2, 3),),
    rows=lambda x: x.unbind(),
    columns=lambda x: x.unbind(-1),
    one_of_them=lambda x: x.unbind(1)[2],
    loop=lambda x: sum(row * row for row in x),
)
