"""Sample calls for the rows of rounded quotients, angles and draws."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from tests.rules.samples import M23, Call, add, add_each

D = torch.float64

for one, other in ((M23, (3,)), ((), M23), ((2, 1), (1, 3))):
    add("atan2", torch.atan2, one, other)
add_each(
    "atan2",
    (M23,),
    itself=lambda x: torch.atan2(x, x * x),
    origin=lambda x: torch.atan2(x * 0, x * 0) + x,
    above_origin=lambda x: torch.atan2(x * 0, x),
    beside_origin=lambda x: torch.atan2(x, x * 0),
    in_place=lambda x: (x * 1).atan2_(x + 3),
)
for mode in ("floor", "trunc", None):
    add("div.Tensor_mode", lambda x, y, m=mode: torch.div(x, y, rounding_mode=m), M23, (3,),
        of=f"{mode}", low=0.5)  # fmt: skip
add("frexp", lambda x: torch.frexp(5 * x)[0], M23)
add("nextafter", torch.nextafter, M23, M23)
add("nextafter", lambda x: torch.nextafter(x, x.detach()), M23, of="equal ones")


def drawn(function: Call) -> Call:
    """Let a call draw the same numbers every time."""

    def call(*given: Tensor) -> Tensor:
        with torch.random.fork_rng():
            torch.manual_seed(0)
            found: Tensor = function(*given)
        return found

    return call


for row in ("uniform", "exponential", "geometric", "cauchy", "log_normal", "random"):
    given = (0.5,) if row == "geometric" else ()
    add(row, drawn(lambda x, r=row, n=given: getattr(x * 1, f"{r}_")(*n)), M23, of="in place")
add("bernoulli", drawn(torch.bernoulli), M23, low=0, high=1)
add("poisson", drawn(torch.poisson), M23, low=0.5)
add("normal", drawn(torch.normal), M23, M23, low=0.5)
add("normal", drawn(lambda x: torch.normal(x, 2.0)), M23, of="one deviation")
add("normal", drawn(lambda x: torch.normal(0.5, x)), M23, of="one mean", low=0.5)
for p in (0.3, 1.0):
    add("native_dropout", drawn(lambda x, p=p: torch.native_dropout(x, p, True)[0]), (4, 5),
        of=f"{p}")  # fmt: skip
add("native_dropout", lambda x: torch.native_dropout(x, 0.3, False)[0], M23, of="eval")
for training in (True, False):
    add("rrelu_with_noise", drawn(lambda x, t=training: F.rrelu(x, 0.1, 0.6, t)), (4, 5),
        of=f"{training}")  # fmt: skip
    add("rrelu_with_noise", drawn(lambda x, t=training: F.rrelu(x * 1, 0.1, 0.6, t, inplace=True)),
        (4, 5), of=f"{training}, in place")  # fmt: skip
KEPT = torch.tensor([[True, False, True], [True, True, False]])
add("native_dropout_backward", lambda x: torch.ops.aten.native_dropout_backward(x, KEPT, 2.5), M23)

add("aminmax", lambda x: tuple(torch.aminmax(x)), M23)
add_each(
    "aminmax",
    (M23,),
    rows=lambda x: tuple(torch.aminmax(x, dim=1)),
    kept=lambda x: tuple(torch.aminmax(x, dim=0, keepdim=True)),
    largest=lambda x: torch.aminmax(x, dim=0)[1],
    ties=lambda x: tuple(torch.aminmax(x * 0 + torch.ones(3, dtype=D), dim=1)),
)
