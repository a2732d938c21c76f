"""Sample calls for the rows of special functions."""

from __future__ import annotations

import torch
from torch import special
from torch.nn import functional as F

from tests.rules.samples import M23, add

D = torch.float64

for row, call in {
    "special_erfcx": special.erfcx, "special_log_ndtr": special.log_ndtr, "i0": torch.i0,
    "special_i0e": special.i0e, "special_i1": special.i1, "special_i1e": special.i1e,
    "sgn": torch.sgn, "hardsigmoid": F.hardsigmoid, "celu": F.celu,
}.items():  # fmt: skip
    for shape in (M23, (), (0, 2)):
        add(row, call, shape)
add("special_ndtri", special.ndtri, M23, low=0.1, high=0.9)
add("special_entr", special.entr, M23, low=0.1)
for n in (1, 2):
    add("polygamma", lambda x, n=n: torch.polygamma(n, x), M23, of=f"{n}", low=0.5)
add("mvlgamma", lambda x: torch.mvlgamma(x, 3), M23, low=2, high=4)
add("special_zeta", lambda x: special.zeta(torch.tensor([2.0, 3.0, 1.5], dtype=D), x), M23, low=0.5)
add("special_zeta", lambda x: special.zeta(2.5, x), M23, of="of a number", low=0.5)
add("logit", torch.logit, M23, low=0.1, high=0.9)
add("logit", lambda x: torch.logit(x, 0.2), M23, of="within", low=0.0, high=1)
add("special_xlog1py", special.xlog1py, (2, 3), (3,), low=0.1)
add("special_xlog1py", lambda x: special.xlog1py(2.5, x), M23, of="number first", low=0.1)
add("special_xlog1py", lambda x: special.xlog1py(
    x - x.detach(), torch.tensor([-1.5, -2.0, 1.0], dtype=D)), M23, of="of zero")  # fmt: skip
add("special_xlog1py", lambda x: special.xlog1py(
    x - x.detach(), torch.tensor([-0.5, 0.5, 1.0], dtype=D)), M23, of="no times")  # fmt: skip
add("copysign", torch.copysign, (2, 3), (3,))
add("copysign", lambda x: torch.copysign(x * 0 + x.sign() * (x > 0), -1.5), M23, of="of zero")
add("hardsigmoid", lambda x: F.hardsigmoid(x * 0.1 + torch.tensor([-3.5, 3.5, 2.5], dtype=D)), M23,
    of="beyond its bends")  # fmt: skip
add("celu", lambda x: F.celu(x, 0.5), M23, of="alpha")
add("ldexp", torch.ldexp, (2, 3), (3,))
add("special_i1", lambda x: special.i1(x * 0), M23, of="at zero")
add("special_i1e", lambda x: special.i1e(x * 0), M23, of="at zero")
for row, call in (("igamma", torch.igamma), ("igammac", torch.igammac)):
    add(row, lambda x, f=call: f(torch.tensor([0.5, 2.0, 3.0], dtype=D), x), M23, low=0.5)
