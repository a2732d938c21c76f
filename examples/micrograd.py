"""micrograd's expression
======================

That of micrograd's README, every adjoint checked against torch. Run it, or step through it::

    graphstep step examples/micrograd.py:expression a=-4 b=2
"""

import torch
from torch import Tensor

import graphstep as gs


def expression(a: Tensor, b: Tensor) -> Tensor:
    """Return g = 24.7041; dg/da is 138.8338 and dg/db is 645.5773."""
    c = a + b
    d = a * b + b**3
    c += c + 1
    c += 1 + c + (-a)
    d += d * 2 + (b + a).relu()
    d += 3 * d + (b - a).relu()
    e = c - d
    f = e**2
    g = f / 2.0
    g += 10.0 / f
    return g


if __name__ == "__main__":
    a, b = torch.tensor([-4.0, 2.0], dtype=torch.float64)
    trace = gs.trace(expression, a, b)
    print(trace.check().text())
