"""Samples of arithmetic and of elementwise functions, broadcast and in place."""

from __future__ import annotations

import torch
from torch.nn import functional as F

from tests.rules.samples import M23, MASK, Call, add, add_each, changed

BROADCAST = (
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((), (2, 3)),
    ((), ()),
    ((0, 3), (3,)),
)
BINARY: dict[str, Call] = {
    "add": lambda x, y: x + y,
    "sub": lambda x, y: x - y,
    "mul": lambda x, y: x * y,
    "div": lambda x, y: x / y,
    "pow": lambda x, y: x**y,
}
for row, call in BINARY.items():
    for one, other in BROADCAST:
        add(row, call, one, other, low=0.5)
    add(row, lambda x, call=call: call(x, x), (3,), of="with itself", low=0.5)
    add(row, changed(f"{row}_"), (2, 3), (3,), of="in place", low=0.5)
    add(row, changed(f"{row}_", 3), (2, 3), of="in place by a number", low=0.5)
add_each(
    "add",
    (M23,),
    number=lambda x: x + 3,
    fraction=lambda x: 0.5 + x,
    alpha_number=lambda x: torch.add(x, 2.0, alpha=3),
    constant=lambda x: x + torch.ones(3),
    float32_constant=lambda x: x + torch.ones(2, 3, dtype=torch.float32),
    into_larger=lambda x: torch.zeros(4, 2, 3, dtype=torch.float64).add_(x),
)
add("add", lambda x, y: torch.add(x, y, alpha=-0.5), (2, 3), (3,), of="alpha")
add("sub", lambda x, y: torch.sub(x, y, alpha=2), (2, 3), (2, 1), of="alpha")
add_each(
    "sub",
    (M23,),
    number=lambda x: x - 3,
    alpha_number=lambda x: torch.sub(x, 2.0, alpha=3),
    constant_first=lambda x: torch.ones(3, dtype=torch.float64) - x,
)
add_each(
    "rsub",
    (M23,),
    number=lambda x: 3 - x,
    fraction=lambda x: 0.25 - x,
    alpha=lambda x: torch.rsub(x, 2.0, alpha=3),
    tensor=lambda x: torch.rsub(x, torch.ones(3, dtype=torch.float64), alpha=3),
)
add("rsub", lambda x, y: torch.rsub(x, y, alpha=2), (2, 3), (3,), of="two tensors")
add_each(
    "mul",
    (M23,),
    number=lambda x: x * 3,
    number_first=lambda x: 0.5 * x,
    zero=lambda x: x * 0,
    constant=lambda x: x * torch.arange(3.0),
    mask=lambda x: x * MASK,
    integers=lambda x: x * torch.arange(3),
)
add_each(
    "div",
    (M23,),
    number=lambda x: x / 7,
    constant=lambda x: x / torch.arange(1.0, 4.0),
    constant_first=lambda x: torch.ones(3, dtype=torch.float64) / x,
)
add_each("neg", (M23,), minus=lambda x: -x, method=torch.neg, in_place=changed("neg_"))
add("neg", torch.neg, ())
add_each(
    "reciprocal",
    (M23,),
    function=torch.reciprocal,
    number_over=lambda x: 3 / x,
    in_place=changed("reciprocal_"),
)
for exponent in (0, 1, 2, 3, -1, -2, 0.5, 2.5, -0.5):
    add("pow", lambda x, p=exponent: x**p, (2, 3), of=f"to the {exponent}", low=0.5)
add("pow", lambda x: x**2, (2, 3), of="negative base squared")
add("pow", lambda x: x**3, (2, 3), of="negative base cubed")
add("pow", lambda x: 2**x, (2, 3), of="of a number")
add("pow", lambda x: torch.pow(2.5, x), (), of="of a fraction")
add("pow", lambda x: x ** torch.tensor([1.0, 2.0, 3.0]), (2, 3), of="to a constant")
add("pow", lambda x: torch.tensor([1.0, 2.0, 3.0]) ** x, (2, 3), of="of a constant")
add("pow", changed("pow_", 2), (2, 3), of="squared in place")
for row in ("sqrt", "rsqrt", "log", "log2", "log10", "log1p"):
    for shape in ((2, 3), (), (0,)):
        add(row, getattr(torch, row), shape, low=0.1)
    add(row, changed(f"{row}_"), (3,), of="in place", low=0.1)
for row in ("asin", "acos"):
    add(row, getattr(torch, row), (2, 3), low=-0.9, high=0.9)
    add(row, changed(f"{row}_"), (3,), of="in place", low=-0.9, high=0.9)
for row in (
    "exp", "exp2", "expm1", "sin", "cos", "tan", "atan", "sinh", "cosh", "tanh", "sigmoid", "relu",
    "abs",
):  # fmt: skip
    for shape in ((2, 3), (), (0, 2)):
        add(row, getattr(torch, row), shape)
    add(row, changed(f"{row}_"), (3,), of="in place")
add_each("silu", (M23,), function=F.silu, in_place=lambda x: F.silu(x * 1, inplace=True))
add_each(
    "leaky_relu",
    (M23,),
    default=F.leaky_relu,
    slope=lambda x: F.leaky_relu(x, 0.3),
    in_place=lambda x: F.leaky_relu(x * 1, 0.1, inplace=True),
)
add("where", lambda x, y: torch.where(MASK, x, y), (2, 3), (2, 3), of="both")
add("where", lambda x, y: torch.where(MASK, x, y), (3,), (), of="broadcast")
add("where", lambda x: torch.where(x > 0, x, 0.5), (2, 3), of="number")
add("where", lambda x: torch.where(MASK, 0.5, x), (2, 3), of="number first")
add("where", lambda x: torch.where(x > 0, x, x * x), (2, 3), of="itself")
add_each(
    "masked_fill",
    (M23,),
    number=lambda x: x.masked_fill(MASK, 7.0),
    in_place=lambda x: (x * 1).masked_fill_(MASK, 0.0),
    broadcast=lambda x: x.masked_fill(MASK[:, :1], -1.0),
)
