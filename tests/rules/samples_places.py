"""Sample calls for the rows of extremes, reductions, products and places."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.rules.samples import M23, SAMPLES, Call, add, add_each, changed

__all__ = ["SAMPLES"]

D = torch.float64
INDEX = torch.tensor([[0, 1, 1], [1, 0, 1]])

# special functions and pieces
for row in ("erf", "erfc", "asinh", "sinc", "deg2rad", "rad2deg", "sign", "floor", "ceil", "round",
            "trunc", "frac", "nan_to_num"):  # fmt: skip
    for shape in ((2, 3), (), (0, 2)):
        add(row, getattr(torch, row), shape)
    if row != "asinh":  # torch has no derivative of asinh_
        add(row, changed(f"{row}_"), (3,), of="in place")
for row in ("erfinv", "atanh"):
    add(row, getattr(torch, row), (2, 3), low=-0.9, high=0.9)
add("sinc", lambda x: torch.sinc(x * torch.tensor([0.0, 1.0, 1.0])), (2, 3), of="at zero")
add("round", lambda x: torch.round(x, decimals=1), (2, 3), of="decimals")
add("acosh", torch.acosh, (2, 3), low=1.1, high=3)
add("lgamma", torch.lgamma, (2, 3), low=0.2)
add("digamma", torch.digamma, (2, 3), low=0.2)
for row, f in {"fmod": torch.fmod, "remainder": torch.remainder}.items():
    add(row, f, (2, 3), (3,), low=0.3)
    add(row, lambda x, f=f: f(x, 0.7), (2, 3), of="by a number")
    add(row, lambda x, f=f: f(x, x[0].detach() - 3), (2, 3), of="by a constant")
add("hypot", torch.hypot, (2, 3), (3,))
add("addcmul", lambda x, y, z: torch.addcmul(x, y, z, value=-0.5), (2, 3), (3,), (2, 1))
add("addcmul", lambda x, y: (x * 1).addcmul_(y, y), (2, 3), (3,), of="in place")
add("addcdiv", lambda x, y, z: torch.addcdiv(x, y, z, value=2), (2, 3), (3,), (2, 1), low=0.5)
add("lerp", lambda x, y: torch.lerp(x, y, 0.3), (2, 3), (3,), of="number")
add("lerp", torch.lerp, (2, 3), (3,), (2, 1))
add("logaddexp", torch.logaddexp, (2, 3), (3,))
add("logaddexp2", torch.logaddexp2, (2, 3), (3,))
add("xlogy", torch.xlogy, (2, 3), (3,), low=0.1)
add("xlogy", lambda x: torch.xlogy(x, 2.5), (2, 3), of="of a number")
add("xlogy", lambda x: torch.xlogy(2.5, x), (2, 3), of="number first", low=0.1)
add("xlogy", lambda x: F.kl_div(-x * x, torch.tensor([0.0, 0.25, 0.75]), reduction="sum")
    + torch.xlogy(x * x, x * x).sum(), (2, 3), of="squares")  # fmt: skip
ZEROS = torch.tensor([0.0, 1.0, 2.0], dtype=D)
add("pow", lambda x: torch.pow(ZEROS, x), (2, 3), of="of zero", low=0.5, high=0.9)
add("pow", lambda x: torch.pow(ZEROS, x * 0), (2, 3), of="zero to the 0", low=0.5)
LAST = torch.tensor([0.0, 0.0, 1.0], dtype=D)
add("xlogy", lambda x: torch.xlogy(x - x.detach(), LAST * 3 - 1), (2, 3), of="of zero, and below")
add("xlogy", lambda x: torch.xlogy(x - x.detach(), LAST + 0.5), (2, 3), of="no times a half")
add("sinc", lambda x: torch.sinc(x * 1e-200), (2, 3), of="all but zero")

# extremes
TIED = torch.tensor([[1.0, 2.0, 2.0], [2.0, 0.0, 1.0]], dtype=D)
for row in ("max", "min", "median"):
    f = getattr(torch, row)
    add_each(row, (M23,), all=f, tied=lambda x, f=f: f(x * 0 + TIED), one=lambda x, f=f: f(x[0, 0]))
    for name, call in {
        "rows": lambda x, f=f: f(x, 0)[0],
        "kept": lambda x, f=f: f(x, -1, keepdim=True)[0],
        "tied": lambda x, f=f: f(x * 0 + TIED, 1)[0],
        "0-d": lambda x, f=f: f(x[0, 0], 0)[0],
    }.items():
        add(f"{row}.dim", call, M23, of=name)
add_each("mode", (M23,), columns=lambda x: torch.mode(x)[0],
         kept=lambda x: torch.mode(x * 0 + TIED, 0, keepdim=True)[0])  # fmt: skip
add_each("kthvalue", (M23,), columns=lambda x: torch.kthvalue(x, 2)[0],
         kept=lambda x: torch.kthvalue(x, 1, 0, keepdim=True)[0])  # fmt: skip
add_each(
    "sort",
    (M23,),
    columns=lambda x: torch.sort(x)[0],
    down=lambda x: torch.sort(x, 0, descending=True)[0],
    stable=lambda x: torch.sort(x * 0 + TIED, stable=True)[0],
    number=lambda x: torch.sort(x[0, 0])[0],
)
add_each("topk", (M23,), two=lambda x: x.topk(2)[0],
         least=lambda x: x.topk(1, 0, largest=False)[0])  # fmt: skip
for row in ("amax", "amin"):
    f = getattr(torch, row)
    add_each(
        row,
        ((2, 3, 4),),
        all=f,
        one=lambda x, f=f: f(x, -1),
        two=lambda x, f=f: f(x, (0, 2), keepdim=True),
        tied=lambda x, f=f: f(x[:, :, 0] * 0 + TIED, 1),
        number=lambda x, f=f: f(x[0, 0, 0]),
    )
for row in ("maximum", "minimum", "fmax", "fmin"):
    add(row, getattr(torch, row), (2, 3), (3,))
    add(row, getattr(torch, row), (2, 3), ())
for row, pick in {"maximum": torch.maximum, "minimum": torch.minimum}.items():
    add(row, lambda x, f=pick: f(x * 0 + TIED, x.flip(1) * 0 + TIED.flip(1)), M23,
        of="tied")  # fmt: skip
add_each(
    "clamp",
    (M23,),
    numbers=lambda x: x.clamp(-0.5, 0.7),
    lower=lambda x: torch.clamp(x, min=0.1),
    upper=lambda x: torch.clamp(x, max=0.1),
    in_place=lambda x: (x * 1).clamp_(-1, 1),
    crossed=lambda x: x.clamp(0.5, -0.5),
)
add("clamp", torch.clamp, (2, 3), (3,), (2, 1), of="tensors")
add("clamp", lambda x, y: torch.clamp(x, min=y), (2, 3), (3,), of="lower tensor")
add("clamp", lambda x, y: torch.clamp(x, max=y), (2, 3), (3,), of="upper tensor")
BOUNDS: dict[str, Callable[..., Any]] = {"clamp_min": torch.clamp_min, "clamp_max": torch.clamp_max}
for row, bound in BOUNDS.items():
    add(row, bound, (2, 3), (3,))
    add(row, lambda x, f=bound: f(x, 0.2), (2, 3), of="number")

# reductions
for row in ("var", "std"):
    f = getattr(torch, row)
    add_each(
        row,
        ((2, 3, 4),),
        all=f,
        one=lambda x, f=f: f(x, 1),
        two=lambda x, f=f: f(x, (0, -1), keepdim=True),
        biased=lambda x, f=f: f(x, -1, correction=0),
        unbiased=lambda x, f=f: f(x, 0, unbiased=True),
        half=lambda x, f=f: f(x, 2, correction=1.5),
    )
add("std", lambda x: (x * 0).std(1) + x.sum(1), (2, 3), of="of equal ones")
add_each(
    "prod",
    ((2, 3),),
    all=torch.prod,
    rows=lambda x: x.prod(0),
    kept=lambda x: x.prod(-1, keepdim=True),
    one_zero=lambda x: (x * torch.tensor([1.0, 0.0, 1.0])).prod(1),
    two_zeros=lambda x: (x * torch.tensor([0.0, 0.0, 1.0])).prod(),
    mixed=lambda x: (x * torch.tensor([[1.0, 0.0, 1.0], [1.0, 1.0, 1.0]])).prod(1),
    number=lambda x: x[0, 0].prod(),
)
add_each("cumsum", (M23,), rows=lambda x: x.cumsum(0), columns=lambda x: x.cumsum(-1),
         in_place=lambda x: (x * 1).cumsum_(1), number=lambda x: x[0, 0].cumsum(0))  # fmt: skip
add("trace", torch.trace, (3, 4))
add_each("logsumexp", ((2, 3, 4),), one=lambda x: x.logsumexp(1),
         two=lambda x: x.logsumexp((0, -1), keepdim=True),
         number=lambda x: x[0, 0, 0].logsumexp(0))  # fmt: skip
for p in (2, 1, 3, 0.5, 1.5, 0, float("inf"), -float("inf"), -1):
    add_each(
        "linalg_vector_norm",
        ((2, 3),),
        **{
            f"{p}": lambda x, p=p: torch.linalg.vector_norm(x, p) + x.sum(),
            f"{p} rows": lambda x, p=p: torch.linalg.vector_norm(x, p, 0) + x[0],
            f"{p} kept": lambda x, p=p: torch.linalg.vector_norm(x, p, (0, 1), keepdim=True) * x,
        },
    )
    add("norm", lambda x, p=p: torch.ops.aten.norm.ScalarOpt_dim(x, p, [1], True) + x, (2, 3),
        of=f"{p}")  # fmt: skip
add("linalg_vector_norm", lambda x: (x * 0).norm() + x.sum(), (2, 3), of="of zeros")
add("_safe_softmax", lambda x: torch.ops.aten._safe_softmax(x, -1), (2, 3))
add("_safe_softmax", lambda x: torch.ops.aten._safe_softmax(
    x.masked_fill(torch.tensor([[True], [False]]), -float("inf")), -1), (2, 3),
    of="a row without any")  # fmt: skip

# products
add("addbmm", lambda x, y, z: torch.addbmm(x, y, z, beta=2, alpha=-0.5), (2, 4), (5, 2, 3),
    (5, 3, 4))  # fmt: skip
add("addbmm", torch.addbmm, (4,), (5, 2, 3), (5, 3, 4), of="row")
add("addmv", torch.addmv, (2,), (2, 3), (3,))
add("addmv", lambda x, y, z: torch.addmv(x, y, z, beta=2, alpha=3), (), (2, 3), (3,), of="factors")
add("addr", lambda x, y, z: torch.addr(x, y, z, beta=2, alpha=3), (2, 3), (2,), (3,))
add("vdot", torch.vdot, (3,), (3,))

# the same elements elsewhere
add_each("repeat", (M23,), same=lambda x: x.repeat(1, 2), deeper=lambda x: x.repeat(3, 1, 2),
         none=lambda x: x.repeat(0, 1), tile=lambda x: x.tile(2),
         number=lambda x: x[0, 0].repeat(3))  # fmt: skip
add_each("flip", (M23,), one=lambda x: x.flip(0), two=lambda x: x.flip(0, -1))
add_each("roll", (M23,), one=lambda x: x.roll(1, 1), two=lambda x: x.roll((1, -2), (0, 1)),
         all=lambda x: x.roll(2))  # fmt: skip
add_each("rot90", (M23,), once=lambda x: x.rot90(), back=lambda x: x.rot90(-1, (1, 0)))
add("pixel_shuffle", lambda x: F.pixel_shuffle(x, 2), (1, 8, 2, 3))
add_each("constant_pad_nd", (M23,), one=lambda x: F.pad(x, (1, 2)),
         both=lambda x: F.pad(x, (1, 0, -1, 2), value=3.0),
         less=lambda x: F.pad(x, (-1, -1)))  # fmt: skip
for row, triangle in {"tril": torch.tril, "triu": torch.triu}.items():
    for k in (0, 1, -1):
        add(row, lambda x, f=triangle, k=k: f(x, k), (2, 3, 4), of=f"{k}")
add_each("diagonal", ((2, 3, 4),), first=lambda x: x.diagonal(), last=lambda x: x.diagonal(
    1, -1, -2))  # fmt: skip
add_each("unfold", ((2, 5),), apart=lambda x: x.unfold(1, 2, 2), over=lambda x: x.unfold(1, 3, 1))
add_each("masked_select", (M23,), some=lambda x: x.masked_select(TIED > 1),
         wider=lambda x: x[0].masked_select(TIED > 1))  # fmt: skip
add_each("index_select", (M23,), rows=lambda x: x.index_select(0, torch.tensor([1, 1, 0])),
         columns=lambda x: x.index_select(-1, torch.tensor([2, 2])))  # fmt: skip
add_each("gather", (M23,), rows=lambda x: x.gather(0, INDEX), columns=lambda x: x.gather(
    -1, INDEX), fewer=lambda x: x.gather(1, INDEX[:1, :2]))  # fmt: skip
add_each("take", (M23,), some=lambda x: x.take(torch.tensor([[0, 5], [-1, 2]])))
ROWS = torch.tensor([[0, 2], [2, 1]])
add_each(
    "embedding",
    ((3, 4),),
    rows=lambda x: F.embedding(ROWS, x),
    padding=lambda x: F.embedding(ROWS, x, padding_idx=2),
    frequency=lambda x: F.embedding(ROWS, x, scale_grad_by_freq=True),
    one=lambda x: F.embedding(torch.tensor(1), x),
)
PLACES = torch.tensor([[2, 0, 1], [1, 2, 0]])
add("scatter", lambda x, y: x.scatter(1, PLACES, y), M23, M23)
add("scatter", lambda x: x.scatter(1, PLACES[:, :1], 7.0), M23, of="number")
add("scatter", lambda x: (x * 1).scatter_(1, PLACES[:, :1], 7.0), M23, of="in place")
add("scatter_add", lambda x, y: x.scatter_add(0, INDEX, y), M23, M23)
add("select_scatter", lambda x, y: x.select_scatter(y, 1, -1), M23, (2,))
add("slice_scatter", lambda x, y: x.slice_scatter(y, 1, 0, 3, 2), M23, (2, 2))


def written(place: tuple[int | slice, ...]) -> Call:
    """Return a call that writes to a place in a fresh copy of the first leaf."""

    def call(x: Tensor, y: Tensor) -> Tensor:
        made = x * 1
        made[place] = y
        return made

    return call


# Torch differentiates a write to complex numbers, though not the scatters by their names.
add("select_scatter", written((slice(None), 1)), M23, (2,), of="a write")
add("slice_scatter", written((slice(None), slice(1, 3))), M23, (2, 2), of="a write")
