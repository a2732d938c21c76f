"""Sample calls for every row of the rule table: what each is called with, in float64."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional as F

Call = Callable[..., Any]


@dataclass(frozen=True)
class Sample:
    """Call `function` with leaves of these shapes, drawn from `low` to `high`, on a device."""

    row: str
    name: str
    function: Call
    shapes: tuple[tuple[int, ...], ...]
    low: float = -2.0
    high: float = 2.0
    dtype: torch.dtype = torch.float64
    device: str = "cpu"

    @property
    def tolerance(self) -> float:
        return 1e-10 if self.dtype == torch.float64 else 1e-4

    def leaves(self) -> tuple[Tensor, ...]:
        generator = torch.Generator().manual_seed(len(self.name))
        return tuple(
            (torch.rand(shape, generator=generator, dtype=torch.float64) * (self.high - self.low))
            .add(self.low)
            .to(self.device, self.dtype)
            .requires_grad_()
            for shape in self.shapes
        )

    def __str__(self) -> str:
        return f"{self.row}: {self.name}"


SAMPLES: list[Sample] = []


def add(row: str, function: Call, *shapes: tuple[int, ...], of: str = "", **limits: Any) -> None:
    """List one call; `of` names it apart from the row's other ones."""
    SAMPLES.append(Sample(row, of or str(list(shapes)), function, shapes, **limits))


def add_each(row: str, shapes: tuple[tuple[int, ...], ...], **calls: Call) -> None:
    """List several calls with leaves of the same shapes."""
    for name, function in calls.items():
        add(row, function, *shapes, of=name)


def changed(method: str, *arguments: Any, **keywords: Any) -> Call:
    """Return a call of an in-place method on a fresh copy of the first leaf."""

    def call(x: Tensor, *more: Tensor) -> Tensor:
        found: Tensor = getattr(x * 1, method)(*more, *arguments, **keywords)
        return found

    return call


MASK = torch.tensor([[True, False, True], [False, False, True]])
M23 = (2, 3)
BROADCAST = (
    ((2, 3), (3,)),
    ((3,), (2, 3)),
    ((2, 1), (1, 3)),
    ((), (2, 3)),
    ((), ()),
    ((0, 3), (3,)),
)

# arithmetic
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

# reductions
for row in ("sum", "mean"):
    function = getattr(torch, row)
    add_each(
        row,
        ((2, 3, 4),),
        all=function,
        first=lambda x, f=function: f(x, 0),
        negative=lambda x, f=function: f(x, -1),
        keepdim=lambda x, f=function: f(x, 1, keepdim=True),
        two=lambda x, f=function: f(x, (0, -1)),
        two_kept=lambda x, f=function: f(x, (-1, 0), keepdim=True),
        dtype=lambda x, f=function: f(x, dtype=torch.float64),
        none=lambda x, f=function: f(x, dim=()),
    )
    add(row, function, (), of="0-d")
    add(row, lambda x, f=function: f(x, 0), (), of="0-d over 0")
    add(row, lambda x, f=function: f(x, 1), (3, 1), of="over one element")
add("sum", torch.sum, (0, 3), of="empty")
add("sum", lambda x: x.sum(0), (0, 3), of="over nothing")
for row, function in (("_softmax", torch.softmax), ("_log_softmax", torch.log_softmax)):
    for dim in (0, 1, -1):
        add(row, lambda x, f=function, d=dim: f(x, d), (2, 3, 4), of=f"dim {dim}")
    add(row, lambda x, f=function: f(x, 0), (3,), of="vector")
    add(row, lambda x, f=function: f(x, 0), (), of="0-d")

# linear algebra
add("mm", torch.mm, (2, 3), (3, 4))
add("mm", lambda x, y: x @ y, (2, 3), (3, 4), of="operator")
add("mm", lambda x: x @ x, (3, 3), of="with itself")
add("mm", lambda x: x @ torch.ones(3, 2, dtype=torch.float64), (2, 3), of="by a constant")
add("mm", torch.mm, (2, 0), (0, 4), of="inner size 0")
add("bmm", torch.bmm, (5, 2, 3), (5, 3, 4))
add("bmm", torch.matmul, (5, 2, 3), (5, 3, 4), of="matmul")
add("mv", torch.mv, (2, 3), (3,))
add("mv", lambda x, y: x @ y, (2, 3), (3,), of="operator")
add("dot", torch.dot, (3,), (3,))
add("dot", lambda x: x @ x, (3,), of="with itself")
add("addmm", torch.addmm, (4,), (2, 3), (3, 4), of="bias")
add("addmm", torch.addmm, (2, 4), (2, 3), (3, 4), of="matrix")
add("addmm", torch.addmm, (), (2, 3), (3, 4), of="0-d")
add("addmm", lambda x, y, z: torch.addmm(x, y, z, beta=2, alpha=-0.5), (2, 1), (2, 3), (3, 4),
    of="factors")  # fmt: skip
add("addmm", lambda x, y, z: (x * 1).addmm_(y, z), (2, 4), (2, 3), (3, 4), of="in place")
add("addmm", F.linear, (5, 3), (4, 3), (4,), of="linear")
add("baddbmm", torch.baddbmm, (5, 2, 4), (5, 2, 3), (5, 3, 4))
add("baddbmm", lambda x, y, z: torch.baddbmm(x, y, z, beta=0.5, alpha=2), (4,), (5, 2, 3),
    (5, 3, 4), of="factors")  # fmt: skip

# losses
TARGET = torch.tensor([2, 0, -100, 1])
WEIGHT = torch.tensor([0.5, 1.0, 2.0], dtype=torch.float64)
for reduction in ("mean", "sum", "none"):
    add("nll_loss_forward", lambda x, r=reduction: F.nll_loss(x, TARGET, reduction=r), (4, 3),
        of=reduction)  # fmt: skip
    add("nll_loss_forward",
        lambda x, r=reduction: F.nll_loss(x, TARGET.clamp(0), weight=WEIGHT, reduction=r), (4, 3),
        of=f"{reduction}, weights")  # fmt: skip
    add("mse_loss", lambda x, y, r=reduction: F.mse_loss(x, y, reduction=r), (2, 3), (2, 3),
        of=reduction)  # fmt: skip
    add("mse_loss", lambda x, r=reduction: F.mse_loss(x, torch.ones_like(x), reduction=r), (2, 3),
        of=f"{reduction}, constant target")  # fmt: skip
add("nll_loss_forward", lambda x: F.nll_loss(x, torch.tensor(1)), (3,), of="one sample")
add("nll_loss_forward", lambda x: F.nll_loss(x, TARGET.clamp(0), ignore_index=2), (4, 3),
    of="ignore_index")  # fmt: skip
add("nll_loss_forward", lambda x: F.cross_entropy(x, TARGET), (4, 3), of="cross_entropy")

# shapes
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
