"""Sample calls for the rows of scattered reductions and distances."""

from __future__ import annotations

import torch

from tests.rules.samples import M23, add

D = torch.float64
INDEX = torch.tensor([[0, 2, 0, 1], [1, 1, 1, 1]])
SLICES = torch.tensor([1, 1, 0, 1])
ZEROS = torch.tensor([[1.0, 0.0, 1.0, 1.0], [0.0, 1.0, 1.0, 0.0]], dtype=D)
ONE_ZERO = torch.tensor([[1.0, 1.0, 1.0, 1.0], [1.0, 0.0, 1.0, 1.0]], dtype=D)

for reduce in ("sum", "mean", "prod", "amax", "amin"):
    for own in (True, False):
        with_self = f"{reduce} {own}"
        add("scatter_reduce", lambda x, y, r=reduce, own=own: x.scatter_reduce(
            1, INDEX, y, r, include_self=own), M23, (2, 4), of=with_self)  # fmt: skip
        if reduce != "sum":
            add("index_reduce", lambda x, y, r=reduce, own=own: x.index_reduce(
                0, SLICES, y, r, include_self=own), (3, 2), (4, 2), of=with_self)  # fmt: skip
            add("index_reduce", lambda x, y, r=reduce, own=own: x.index_reduce(
                1, SLICES, y, r, include_self=own), (2, 3), (2, 4),
                of=f"{with_self} columns")  # fmt: skip
    add("scatter_reduce", lambda x, y, r=reduce: (x * 1).scatter_reduce_(0, INDEX[:, :2], y, r),
        (3, 4), (2, 2), of=f"{reduce} in place")  # fmt: skip
for name, zeros in (("zeros", ZEROS), ("one zero", ONE_ZERO)):
    add("scatter_reduce", lambda x, y, z=zeros: x.scatter_reduce(1, INDEX, y * z, "prod"), M23,
        (2, 4), of=name)  # fmt: skip
add("scatter_reduce", lambda x, y: (x * 0).scatter_reduce(1, INDEX, y * 0, "amax"), M23, (2, 4),
    of="ties")  # fmt: skip

for p in (0.5, 1.0, 1.5, 2.0, 3.0, torch.inf):
    add("_cdist_forward", lambda x, y, p=p: torch.cdist(
        x, y, p, compute_mode="donot_use_mm_for_euclid_dist"), (3, 4), (2, 4),
        of=f"{p}")  # fmt: skip
    add("_pdist_forward", lambda x, p=p: torch.pdist(x, p), (4, 3), of=f"{p}")
add("_cdist_forward", lambda x, y: torch.cdist(x, y, 3.0), (2, 3, 4), (2, 2, 4), of="a stack")
add("_cdist_forward", lambda x: torch.cdist(x, x, 3.0), (3, 4), of="itself")
add("_euclidean_dist", lambda x, y: torch._euclidean_dist(x, y), (3, 4), (2, 4))
add("_euclidean_dist", lambda x, y: torch.cdist(
    x, y, compute_mode="use_mm_for_euclid_dist"), (2, 3, 4), (2, 2, 4), of="a stack")  # fmt: skip
LENGTHS = torch.tensor([2, 0, 1])
for reduce in ("sum", "mean", "prod", "max", "min"):
    add("segment_reduce", lambda x, r=reduce: torch.segment_reduce(x, r, lengths=LENGTHS), (3, 2),
        of=reduce)  # fmt: skip
    add("segment_reduce", lambda x, r=reduce: torch.segment_reduce(x.round(), r,
        offsets=torch.tensor([0, 3, 5]), initial=3) + torch.segment_reduce(
        x, r, lengths=torch.tensor([1, 4]), initial=-0.5), (5,),
        of=f"{reduce} from a number")  # fmt: skip
TWO_EACH = torch.tensor([[1, 2], [3, 0]])
add("segment_reduce", lambda x: torch.segment_reduce(x, "prod", lengths=TWO_EACH, axis=1),
    (2, 3, 2), of="along an axis")  # fmt: skip
add("segment_reduce", lambda x: torch.segment_reduce(x * ZEROS[0], "prod",
    lengths=torch.tensor([3, 1])), (4,), of="prod with zeros")  # fmt: skip
add("segment_reduce", lambda x: torch.segment_reduce(x, "mean", lengths=LENGTHS, unsafe=True),
    (5, 2), of="some in no segment")  # fmt: skip
