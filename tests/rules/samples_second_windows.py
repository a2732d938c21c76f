"""Sample calls for the rows of torch's own backward through windows and lookups."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from graphstep.rules.windows import INTERPOLATIONS
from tests.rules.samples import add

D = torch.float64
aten = torch.ops.aten

# convolutions
for groups, flipped in ((1, False), (2, False), (1, True), (2, True)):
    windows = ([2, 1], [1, 0], [1, 2], flipped, [0, 0], groups)
    image, weight = (2, 4, 5, 6), (4, 4 // groups, 2, 3)
    made = torch.convolution(torch.zeros(image), torch.zeros(weight), None, *windows).shape
    add("convolution_backward", lambda x, y, z, w=windows: tuple(aten.convolution_backward(
        x, y, z, [4], *w, [True, True, True])), tuple(made), image, weight,
        of=f"{groups} {flipped}")  # fmt: skip
    for k in range(3):
        mask = [one == k for one in range(3)]
        add("convolution_backward", lambda x, y, z, w=windows, m=mask, k=k:
            aten.convolution_backward(x, y, z, [4], *w, m)[k] + x.sum() + y.sum() + z.sum(),
            tuple(made), image, weight, of=f"{groups} {flipped}, only {k}")  # fmt: skip

# windows
IMAGE: tuple[int, ...] = (2, 2, 5, 7)
VOLUME: tuple[int, ...] = (1, 2, 4, 5, 3)
for rank, sizes in ((2, IMAGE), (3, VOLUME)):
    small = (*sizes[:2], *[2] * rank)
    pool = ([2] * rank, [2] * rank, [1] * rank, False, False, None)
    above = getattr(aten, f"avg_pool{rank}d")(torch.zeros(sizes), *pool).shape
    average = getattr(aten, f"avg_pool{rank}d_backward")
    add(
        f"avg_pool{rank}d_backward",
        lambda x, y, f=average, p=pool: f(x, y, *p),
        tuple(above),
        sizes,
    )
    evenly = getattr(aten, f"_adaptive_avg_pool{rank}d_backward")
    add(f"_adaptive_avg_pool{rank}d_backward", lambda x, y, f=evenly: f(x, y), small, sizes)
    mixed = (torch.arange(float(torch.Size(sizes).numel())) * 7 % 11).reshape(sizes)
    spots = getattr(F, f"adaptive_max_pool{rank}d")(mixed, [2] * rank, return_indices=True)[1]
    largest = getattr(aten, f"adaptive_max_pool{rank}d_backward")
    add(f"adaptive_max_pool{rank}d_backward", lambda x, y, f=largest, i=spots: f(x, y, i), small,
        sizes)  # fmt: skip
for mode, named in (("reflect", "reflection"), ("replicate", "replication")):
    for axes in (1, 2, 3):
        inner, around = VOLUME[3 - axes :], [1, 2] * axes
        wider = tuple(F.pad(torch.zeros(inner), around, mode).shape)
        back = getattr(aten, f"{named}_pad{axes}d_backward")
        add(f"{named}_pad{axes}d_backward", lambda x, y, f=back, a=around: f(x, y, a), wider, inner)
MIXED = (torch.arange(128.0) * 7 % 11).reshape(1, 2, 4, 4, 4)
spots = F.max_pool3d(MIXED, 2, return_indices=True)[1]
add("max_pool3d_with_indices_backward", lambda x, y: aten.max_pool3d_with_indices_backward(
    x, y, [2] * 3, [2] * 3, [0] * 3, [1] * 3, False, spots), (1, 2, 2, 2, 2),
    (1, 2, 4, 4, 4))  # fmt: skip
for name, _, kind, corners in INTERPOLATIONS:
    axes = int(kind[0])
    small, large = (1, 2, *[3] * axes), (1, 2, *[5] * axes)
    for align in (False, True) if corners != "False" else (None,):
        more = () if align is None else (align,)
        add(f"{name}_backward", lambda x, f=f"{name}_backward", s=small, o=large, m=more:
            getattr(aten, f)(x, o[2:], s, *m), large, of=f"{align}")  # fmt: skip
PLACES = torch.tensor([[1, 2, 2], [4, 2, 0]])
add("embedding_dense_backward", lambda x: aten.embedding_dense_backward(x, PLACES, 5, 4, False),
    (2, 3, 3))  # fmt: skip
